"""What people would use instead."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.engine.trending import Reading
from bot.evaluation.baselines import TfIdf, best, bm25, by_rule, encoder, hacker_news, reddit_hot, upvotes
from bot.library.app import App

NOW = datetime(2026, 1, 19, tzinfo=UTC)


async def test_words_alone_find_papers_that_have_them(app: App) -> None:
    found = bm25(app.index, "memory agents", 5)
    having = set(app.index.match_words({"memori": 1.0, "agent": 1.0}, 10_000).rows.tolist())
    assert set(found.rows.tolist()) <= having
    assert (np.diff(found.scores) <= 0).all()


async def test_a_paper_is_nearest_to_its_own_vector(app: App) -> None:
    assert encoder(app.index, 3 * app.index.vectors(np.array([7]))[0], 1).rows.tolist() == [7]


async def test_by_tf_idf_a_paper_is_nearest_to_its_own_text(app: App) -> None:
    known = TfIdf(app.index)
    [stored] = await app.store.papers_by_row([7])
    assert known.for_text(stored.paper.text, 1).rows.tolist() == [7]
    assert 7 not in known.for_papers(np.array([7]), 10).rows
    some = np.array([3, 4, 5])
    assert set(known.for_papers(np.array([7]), 10, among=some).rows.tolist()) == {3, 4, 5}


def test_the_best_are_allowed_and_not_hidden() -> None:
    rows, scores = np.array([1, 2, 3, 4]), np.array([4, 3, 3, 1], np.float32)
    assert best(rows, scores, 2, None, np.array([1])).rows.tolist() == [2, 3]
    assert best(rows, scores, 2, np.array([3, 4]), np.array([], np.int64)).rows.tolist() == [3, 4]


def test_votes_fade_as_hacker_news_and_reddit_let_them() -> None:
    reading = Reading(upvotes=10)
    assert upvotes(reading, 5) == 10
    assert upvotes(Reading(), 5) == 0
    assert hacker_news(reading, 0) == pytest.approx(9 / 2**1.8)
    assert reddit_hot(reading, 12.5) == pytest.approx(reddit_hot(Reading(upvotes=1), 0))


def test_of_papers_with_equal_votes_the_younger_comes_first() -> None:
    papers = [
        Paper(id=PaperId(f"test:{hours}"), title="T", first_seen=NOW - timedelta(hours=hours)) for hours in (5, 1, 3)
    ]
    readings = [Reading(upvotes=2), Reading(upvotes=2), Reading(upvotes=9)]
    assert [paper.id for paper in by_rule(upvotes, papers, readings, NOW)] == ["test:3", "test:1", "test:5"]
