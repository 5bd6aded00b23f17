"""The best of a search, looked at again."""

from math import log1p

import numpy as np
import pytest

from bot.engine.rerank import (
    closer_scores,
    inverse_frequency,
    nearness_to_first,
    soft_matches,
    standardised,
    sums_of,
    token_weights,
)
from bot.library.app import App
from bot.ports import Scores, TermCounts


def scores(*values: float) -> Scores:
    return np.array(values, np.float32)


def test_standardised_scores_have_mean_zero_and_variance_one() -> None:
    found = standardised(scores(1, 2, 3, 6))
    assert (found.mean(), found.std()) == (pytest.approx(0, abs=1e-6), pytest.approx(1, rel=1e-5))
    assert standardised(scores(2, 2)).tolist() == [0, 0]
    assert standardised(scores()).tolist() == []


def test_sums_are_those_of_each_paper_and_zero_for_one_without_entries() -> None:
    papers = TermCounts(np.array([0, 2, 2, 3]), np.array([1, 2, 3], np.uint32), np.array([1, 1, 1], np.uint32))
    assert sums_of(np.array([[1, 2, 4], [10, 20, 40]], np.float32), papers).tolist() == [[3, 0, 4], [30, 0, 40]]


def test_what_resembles_the_first_hits_is_near_them() -> None:
    vectors = np.eye(4, dtype=np.float32)[[0, 0, 1, 2]]
    found = nearness_to_first(vectors, scores(9, 1, 0.5, 0))
    assert found[0] == found[1] > found[2] > found[3]


async def test_rare_terms_weigh_more(app: App) -> None:
    size, common = len(app.index), app.index.document_frequency(["model"])["model"]
    found = inverse_frequency(app.index, ["model", "zzzunknown"])
    assert found["zzzunknown"] == pytest.approx(log1p((size + 0.5) / 0.5))
    assert found["model"] == pytest.approx(log1p((size - common + 0.5) / (common + 0.5)))
    assert found["zzzunknown"] > found["model"]


async def test_stop_words_are_worth_nothing_and_words_asked_twice_twice_as_much(app: App) -> None:
    assert token_weights(app.index, "the of") == {}
    once, twice = token_weights(app.index, "memory"), token_weights(app.index, "memory memory")
    assert twice == pytest.approx({token: 2 * weight for token, weight in once.items()})


async def test_papers_with_a_word_match_it_better_than_papers_with_nothing_like_it(app: App) -> None:
    with_it = app.index.match_words({"memori": 1.0}, 5).rows
    without = np.setdiff1d(app.index.sample(10_000), app.index.match_words({"memori": 1.0}, 10_000).rows)
    asked = token_weights(app.index, "memory")
    assert soft_matches(app.index, asked, with_it).min() > np.median(soft_matches(app.index, asked, without))
    assert soft_matches(app.index, {}, with_it).tolist() == [0] * len(with_it)


async def test_words_decide_where_meaning_says_nothing_and_meaning_where_words_do(app: App) -> None:
    rows = np.arange(1, 21)
    asked: dict[int, float] = {}
    falling, flat = np.linspace(1, 0, 20, dtype=np.float32), np.zeros(20, np.float32)
    by_words = closer_scores(app.index, asked, rows, falling, flat, 0.5)
    by_meaning = closer_scores(app.index, asked, rows, flat, falling, 0.5)
    assert by_words.argmax() < 3
    assert np.allclose(by_words, by_meaning, atol=1e-4)
