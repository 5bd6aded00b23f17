"""Fields in plain words."""

import pytest

from adapters.sources import SOURCES
from bot.config import Settings
from bot.domain.categories import subclasses
from bot.domain.preprint_categories import BIORXIV, MEDRXIV
from bot.domain.reading_fields import BY_FIELD, FIELDS, ReadingField, named_fields, read_field, settings_of
from bot.errors import UserError


def test_the_first_field_is_what_is_read_where_nothing_is_set() -> None:
    default = Settings(_env_file=None)
    assert settings_of([FIELDS[0]], []) == {
        "PAPERBOY_SOURCES": ",".join(default.sources),
        "PAPERBOY_ARXIV_CATEGORIES": ",".join(default.arxiv_categories),
    }
    assert named_fields(default.arxiv_categories) == ["Machine learning and AI"]


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_every_field_is_of_categories_there_are_and_found_by_its_name(field: ReadingField) -> None:
    assert all(subclasses(code) for code in field.arxiv)
    assert set(field.biorxiv or ()) <= BIORXIV
    assert set(field.medrxiv or ()) <= MEDRXIV
    assert read_field(f" {field.name.upper()} ") is read_field(str(FIELDS.index(field) + 1)) is field


def test_a_field_is_read_from_its_name_or_its_category() -> None:
    assert read_field("q-bio").arxiv == ("q-bio",)
    assert read_field("epidemiology") == ReadingField(
        name="epidemiology", biorxiv=("epidemiology",), medrxiv=("epidemiology",)
    )
    assert read_field("all").arxiv == ("all",)


@pytest.mark.parametrize("typed", ["", "0", "15", "knitting", "cs.XX"])
def test_what_is_no_field_is_refused_with_what_would_be(typed: str) -> None:
    with pytest.raises(UserError, match="There is no field"):
        read_field(typed)


def test_fields_are_read_together_and_other_sources_beside_them() -> None:
    chosen = [read_field("neuroscience"), read_field("robotics"), read_field("oncology")]
    assert settings_of(chosen, ["arxiv", "journals"]) == {
        "PAPERBOY_SOURCES": "huggingface,arxiv,biorxiv,medrxiv,journals",
        "PAPERBOY_ARXIV_CATEGORIES": "q-bio.NC,cs.RO",
        "PAPERBOY_BIORXIV_CATEGORIES": "neuroscience",
        "PAPERBOY_MEDRXIV_CATEGORIES": "oncology",
    }
    assert settings_of([read_field("neuroscience"), read_field("biology")], [])["PAPERBOY_BIORXIV_CATEGORIES"] == ""
    assert settings_of([read_field("medicine")], []) == {
        "PAPERBOY_SOURCES": "medrxiv",
        "PAPERBOY_MEDRXIV_CATEGORIES": "",
    }


def test_a_part_is_not_named_beside_its_whole() -> None:
    assert named_fields(["cs", "econ"]) == ["All of computer science", "econ"]
    assert named_fields(["cs.PL"]) == ["cs.PL"]
    assert named_fields(["cs.RO", "q-bio.GN"]) == ["Robotics", "q-bio.GN"]
    assert named_fields([]) == []


def test_fields_choose_sources_there_are() -> None:
    assert set(BY_FIELD) <= SOURCES.keys()
