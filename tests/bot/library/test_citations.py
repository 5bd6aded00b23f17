"""Names in parts, and citation keys."""

from dataclasses import replace
from datetime import date

import pytest
from pydantic import ValidationError

from bot.config import Settings
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.library.citations import Name, References, spoken_name


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Jonathan Ho", Name("Jonathan", "Ho")),
        ("Laurens van der Maaten", Name("Laurens", "van der Maaten")),
        ("Martin Luther King, Jr.", Name("Martin Luther", "King", "Jr.")),
        ("Plato", Name("", "Plato")),
        ("ATLAS Collaboration", None),
        ("Smith, Jones", None),
        ("", None),
    ],
)
def test_a_name_has_parts(name: str, parts: Name | None) -> None:
    assert spoken_name(name) == parts


ONE = Paper(id=PaperId("2310.00001"), title="The Title", authors=("Ana One",))


def test_no_two_keys_are_alike_and_a_list_that_grows_keeps_them() -> None:
    assert References().keys([ONE]) == ["onetitle"]
    newest_first = [replace(ONE, id=PaperId("2401.00001")), ONE]
    assert References().keys(newest_first) == ["onetitle-2", "onetitle"]
    assert References(among=newest_first).keys(newest_first[:1]) == ["onetitle-2"], "a part of the list as well"


def test_a_paper_has_the_key_that_is_kept_for_it_and_no_other_has_one_of_those() -> None:
    again = [ONE, replace(ONE, id=PaperId("2401.00001"))]
    assert References().keys(again) == ["onetitle-2", "onetitle"]
    assert References().keys(again, {ONE.id: "onetitle"}) == ["onetitle", "onetitle-2"]
    assert References().keys(again[:1], {again[1].id: "onetitle"}) == ["onetitle-2"]


@pytest.mark.parametrize(
    ("pattern", "key"),
    [("{author}{year}{word}", "one2023title"), ("{author}_{year}", "one_2023"), ("arxiv:{id}", "arxiv:231000001")],
)
def test_a_setting_says_what_keys_are_made_of(pattern: str, key: str) -> None:
    assert Settings(_env_file=None, citation_key=pattern)
    assert References(pattern).keys([replace(ONE, published=date(2023, 10, 1))]) == [key]


@pytest.mark.parametrize("pattern", ["", "{year}", "{title}", "{author}{", "{author} {year}", "{author!r}", "paper"])
def test_a_pattern_that_makes_no_keys_is_refused(pattern: str) -> None:
    with pytest.raises(ValidationError, match=r"makes no keys; write \{author\}"):
        Settings(_env_file=None, citation_key=pattern)
