"""What speaks for a paper beside its text."""

from datetime import UTC, datetime

import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.domain.people import Topic
from bot.engine.boosts import COMMUNITY, FOLLOWED, Boost, added, by_authors, by_community, by_topics
from bot.engine.profile import FADE, Rating
from bot.library.app import App
from bot.ports import CoSave

NOW = datetime(2026, 1, 23, 15, tzinfo=UTC)


def rating(row: int, at: datetime | None = None) -> Rating:
    return Rating(row, Paper(id=PaperId(f"test:{row}"), title=f"Paper {row}"), 1.0, at)


ONE = rating(1)


def worth(*together: CoSave, of: Rating = ONE) -> float:
    return by_community(together, [of], NOW)[9].worth


def test_papers_saved_together_gain_by_cosine_shrunk() -> None:
    [(row, boost)] = by_community([CoSave(1, 9, 5, 10, 40)], [ONE], NOW).items()
    assert (row, boost.reason) == (9, "saved by 5 people who also saved “Paper 1”")
    assert boost.worth == pytest.approx(COMMUNITY * 5 / 20 * 5 / 10)


def test_more_people_prove_more_and_a_paper_everybody_saves_proves_less() -> None:
    assert worth(CoSave(1, 9, 2, 2, 2)) < worth(CoSave(1, 9, 50, 50, 50))
    assert worth(CoSave(1, 9, 5, 10, 1000)) < worth(CoSave(1, 9, 5, 10, 10))


def test_several_saves_add_up_but_never_beyond_the_most() -> None:
    one, other = CoSave(1, 9, 5, 10, 10), CoSave(2, 9, 6, 10, 10)
    both = by_community([one, other], [ONE, rating(2)], NOW)[9]
    assert both.worth > worth(one)
    assert "6 people" in both.reason
    assert worth(*(CoSave(1, 9, 100, 100, 100) for _ in range(9))) == COMMUNITY


def test_an_old_save_speaks_less() -> None:
    pair = CoSave(1, 9, 5, 10, 10)
    assert worth(pair, of=rating(1, NOW - FADE)) == pytest.approx(worth(pair) / 2)


async def test_other_papers_of_the_authors_are_found(app: App) -> None:
    [result] = await app.library.search("diffusion images", 1)
    boosts = by_authors(app.index, [result.stored.paper])
    assert boosts[result.stored.row].reason.removeprefix("also by ") in result.stored.paper.authors
    assert len(boosts) < 20
    assert by_authors(app.index, [ONE.paper]) == {}


async def test_topics_and_authors_that_are_followed_are_told(app: App) -> None:
    boosts = by_topics(app.index, [Topic("robot manipulation"), Topic('author:"'), Topic("cat:cs.RO")])
    assert any(boost.reason == "found for “robot manipulation”, which you follow" for boost in boosts.values())
    assert all(0 <= boost.worth <= FOLLOWED for boost in boosts.values())


def test_hints_add_up_and_the_weightiest_says_why() -> None:
    total = added({1: Boost(0.5, "a"), 2: Boost(1.0, "b")}, {1: Boost(0.7, "c")})
    assert total[1].worth == pytest.approx(1.2)
    assert total[1].reason == "c"
    assert total[2] == Boost(1.0, "b")
