"""Which field the other papers of authors are in."""

import numpy as np
import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.engine.leaning import Leaning
from bot.engine.records import AuthorRecords

AUTHORS = [("Ana", "Ben"), ("Ana",), ("Ben",), ("Cy",), ("Cy", "Dee"), ()]
"""Of the papers in the rows from 1 on."""


@pytest.fixture
def leaning() -> Leaning:
    """Of a field with the first two papers; nobody knows what the fifth is about."""
    records = AuthorRecords((row, authors, 0) for row, authors in enumerate(AUTHORS, start=1))
    return Leaning(records, np.array([1, 2]), np.array([1, 2, 3, 4, 6]))


def paper(*authors: str) -> Paper:
    return Paper(id=PaperId("2601.00001"), title="Anything", authors=authors)


def expected(within: int, counted: int) -> float:
    """The logarithm for so many papers in the field of so many, where two in five are; two at large are added."""
    return float(np.log((within + 0.8) / (counted + 2) / 0.4))


def test_a_paper_leans_to_where_the_papers_of_its_authors_are(leaning: Leaning) -> None:
    found = leaning.of([paper("ana"), paper("Cy"), paper("Ana", "Ben"), paper("New"), paper()])
    assert found == pytest.approx([expected(2, 2), expected(0, 1), expected(3, 4), 0, 0])


def test_a_paper_does_not_count_for_itself(leaning: Leaning) -> None:
    found = leaning.of_rows(np.array([2, 1, 4, 5, 6]))
    assert found == pytest.approx([expected(1, 1), expected(1, 2), expected(0, 0), expected(0, 1), 0])


def test_without_a_record_a_paper_leans_nowhere(leaning: Leaning) -> None:
    assert leaning.of_rows(np.array([99, 7])).tolist() == [0, 0]
    nothing = Leaning(AuthorRecords(()), np.array([1]), np.array([1, 2]))
    assert nothing.of_rows(np.array([1])).tolist() == [0]
    assert nothing.of([paper("Ana")]).tolist() == [0]
    assert nothing.of([]).tolist() == []
