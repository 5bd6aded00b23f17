"""What speaks for a paper beside its text."""

from datetime import UTC, datetime

import pytest

from bot.domain.papers import Paper, PaperId
from bot.engine.boosts import COMMUNITY, FOLLOWED, Hint, added, by_authors, by_community, by_topics
from bot.engine.profile import FADE, Opinion
from bot.library.library import Library
from bot.ports import CoSave

NOW = datetime(2026, 1, 23, 15, tzinfo=UTC)


def opinion(row: int, at: datetime | None = None) -> Opinion:
    return Opinion(row, Paper(id=PaperId(f"test:{row}"), title=f"Paper {row}"), 1.0, at)


ONE = opinion(1)


def worth(*together: CoSave, of: Opinion = ONE) -> float:
    return by_community(together, [of], NOW)[9].worth


def test_papers_saved_together_gain_by_cosine_shrunk() -> None:
    [(row, hint)] = by_community([CoSave(1, 9, 5, 10, 40)], [ONE], NOW).items()
    assert (row, hint.reason) == (9, "saved by 5 people who also saved “Paper 1”")
    assert hint.worth == pytest.approx(COMMUNITY * 5 / 20 * 5 / 10)


def test_more_people_prove_more_and_a_paper_everybody_saves_proves_less() -> None:
    assert worth(CoSave(1, 9, 2, 2, 2)) < worth(CoSave(1, 9, 50, 50, 50))
    assert worth(CoSave(1, 9, 5, 10, 1000)) < worth(CoSave(1, 9, 5, 10, 10))


def test_several_saves_add_up_but_never_beyond_the_most() -> None:
    one, other = CoSave(1, 9, 5, 10, 10), CoSave(2, 9, 6, 10, 10)
    both = by_community([one, other], [ONE, opinion(2)], NOW)[9]
    assert both.worth > worth(one)
    assert "6 people" in both.reason
    assert worth(*(CoSave(1, 9, 100, 100, 100) for _ in range(9))) == COMMUNITY


def test_an_old_save_speaks_less() -> None:
    pair = CoSave(1, 9, 5, 10, 10)
    assert worth(pair, of=opinion(1, NOW - FADE)) == pytest.approx(worth(pair) / 2)


async def test_other_papers_of_the_authors_are_found(library: Library) -> None:
    [result] = await library.search("diffusion images", 1)
    hints = by_authors(library.index, [result.stored.paper])
    assert hints[result.stored.row].reason.removeprefix("also by ") in result.stored.paper.authors
    assert len(hints) < 20
    assert by_authors(library.index, [ONE.paper]) == {}


async def test_topics_and_authors_that_are_followed_are_told(library: Library) -> None:
    hints = by_topics(library.index, ["robot manipulation", 'author:"', "cat:cs.RO"])
    assert any(hint.reason == "about “robot manipulation”, which you follow" for hint in hints.values())
    assert all(0 <= hint.worth <= FOLLOWED for hint in hints.values())


def test_hints_add_up_and_the_weightiest_says_why() -> None:
    total = added({1: Hint(0.5, "a"), 2: Hint(1.0, "b")}, {1: Hint(0.7, "c")})
    assert total[1] == (pytest.approx(1.2), "c")
    assert total[2] == Hint(1.0, "b")
