"""Names in parts, and citation keys."""

import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.library.citations import Name, citation_keys, spoken_name


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


def test_no_two_keys_are_alike() -> None:
    paper = Paper(id=PaperId("2310.00001"), title="The Title", authors=("Ana One",))
    assert citation_keys([paper, paper]) == ["onetitle", "onetitle-2"]
