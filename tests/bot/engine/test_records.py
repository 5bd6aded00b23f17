"""What authors have done, and what is said of it."""

import numpy as np

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.engine.records import AuthorRecords


def paper(*authors: str) -> Paper:
    return Paper(id=PaperId("2601.00001"), title="Anything", authors=authors)


def recorded(*papers: tuple[tuple[str, ...], int]) -> AuthorRecords:
    """The records of authors of papers in the rows from 1 on, by how often each is cited."""
    return AuthorRecords((row, authors, citations) for row, (authors, citations) in enumerate(papers, start=1))


def test_the_record_of_a_paper_is_the_mean_of_its_authors() -> None:
    records = recorded((("Ana", "Ben"), 10), (("Ana",), 4), (("Cy",), 0))
    found = records.of([paper("Ana"), paper("ana", "New"), paper("Cy", "Ben"), paper("New"), paper()])
    assert np.allclose(np.expm1(found.papers * [1, 2, 2, 1, 1]), [2, 2, 3, 0, 0])
    assert np.allclose(found.citations[:3], [np.log(15), np.log(15) / 2, np.log(11) / 2])


def test_who_is_named_twice_on_a_paper_has_one_paper() -> None:
    assert np.isclose(recorded((("Ana", "Ana"), 3)).of([paper("Ana")]).papers[0], np.log(2))


def test_where_nothing_is_known_there_is_no_record() -> None:
    records = recorded()
    assert records.of([paper("Ana"), paper()]).papers.tolist() == [0, 0]
    assert records.of([]).papers.tolist() == []
    assert records.because(paper("Ana")) == ""


def test_only_what_is_so_is_said() -> None:
    others = [((f"Author {number}",), number % 5) for number in range(500)]
    records = recorded(*others, (("Ana", "Ben"), 80), (("Cy",), 9), *[(("Dee",), 0)] * 7)
    assert records.because(paper("New", "Ben")) == "an earlier paper by Ben is among the most cited here"
    assert records.because(paper("New", "Dee")) == "7 earlier papers by Dee here"
    assert records.because(paper("Author 4")) == ""
    assert records.because(paper()) == ""


def test_few_citations_are_never_many() -> None:
    assert recorded((("Ana",), 9), (("Ben",), 0)).because(paper("Ana")) == ""
