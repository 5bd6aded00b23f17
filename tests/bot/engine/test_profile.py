"""What somebody thinks of papers, as a model."""

from datetime import UTC, datetime

import numpy as np
import pytest

from bot.domain.paper_ids import PaperId
from bot.engine.profile import (
    FADE,
    Nearness,
    Rating,
    background,
    discriminant,
    each_once,
    faded,
    from_mean,
    learn,
    precision,
    strongest_terms,
    unit,
)
from bot.library.app import App

NOW = datetime(2026, 1, 19, tzinfo=UTC)
MAGMA, OTHER = PaperId("2601.03236"), PaperId("2601.11087")


async def rating(app: App, paper_id: PaperId, weight: float) -> Rating:
    stored = (await app.store.papers([paper_id]))[0]
    return Rating(stored.row, stored.paper, weight, NOW)


def test_numbers_are_in_order_and_there_once() -> None:
    assert each_once(np.array([3, 1, 3, 0, 1])).tolist() == [0, 1, 3]
    assert each_once(np.array([], np.int64)).tolist() == []


async def test_a_saved_paper_is_wanted_more_than_papers_at_large_and_a_disliked_one_less(app: App) -> None:
    liked, disliked = await rating(app, MAGMA, 1.0), await rating(app, OTHER, -1.0)
    profile = learn(app.index, [liked, disliked], background(app.index), NOW)
    wanted, unwanted = profile.score(app.index, np.array([liked.row, disliked.row]))[0]
    assert wanted > 1 > -1 > unwanted


async def test_scores_of_papers_at_large_vary_by_about_one_around_zero(app: App) -> None:
    known = background(app.index)
    profile = learn(app.index, [await rating(app, MAGMA, 1.0)], known, NOW)
    _, words, meaning = profile.score(app.index, app.index.sample(10_000))
    assert (meaning.mean(), meaning.std()) == (pytest.approx(0, abs=0.05), pytest.approx(1, abs=0.1))
    assert abs(words.mean()) < 0.3


async def test_all_is_half_words_and_half_meaning(app: App) -> None:
    profile = learn(app.index, [await rating(app, MAGMA, 1.0)], background(app.index), NOW)
    scores, words, meaning = profile.score(app.index, app.index.sample(50))
    assert scores == pytest.approx((words + meaning) / 2, rel=1e-5)


async def test_the_strongest_terms_are_words_of_what_was_saved(app: App) -> None:
    saved = await rating(app, MAGMA, 1.0)
    found = strongest_terms(app.index, learn(app.index, [saved], background(app.index), NOW), [saved], 8)
    assert 0 < len(found) <= 8
    assert found.keys() <= set(app.index.analyze(saved.paper.text))
    assert min(found.values()) > 0


async def test_without_ratings_there_is_no_direction(app: App) -> None:
    profile = learn(app.index, [], background(app.index), NOW)
    assert not profile.direction.any()
    assert not profile.score(app.index, app.index.sample(5))[0].any()


async def test_a_save_counts_half_after_half_a_year_and_never_more_than_new(app: App) -> None:
    saved = await rating(app, MAGMA, 2.0)
    assert faded(saved, NOW) == 2
    assert faded(saved, NOW + FADE) == 1
    assert faded(saved, NOW - FADE) == 2
    assert faded(saved._replace(at=None), NOW + FADE) == 2


def test_precision_is_the_inverse_of_the_shrunk_covariance() -> None:
    spread = np.diag([4.0, 1.0, 1.0]).astype(np.float32)
    strength = 3.0 * 6 / 3
    assert precision(spread) == pytest.approx(np.linalg.inv(spread + strength * np.eye(3)), rel=1e-5)


async def test_a_direction_has_unit_length(app: App) -> None:
    known = background(app.index)
    direction = discriminant(app.index.vectors(np.array([1, 2])), np.array([1, -1], np.float32), known)
    assert np.linalg.norm(direction) == pytest.approx(1, rel=1e-5)
    assert unit(np.zeros(3, np.float32)).tolist() == [0, 0, 0]


AT_LARGE = np.linalg.qr(np.random.default_rng(0).normal(size=(8, 8)))[0].astype(np.float32)
EAST, NORTH, BETWEEN = np.array([[1, 0], [0, 1], [0.7071, 0.7071]], np.float32) @ np.eye(2, 8, dtype=np.float32)


def test_of_two_interests_each_counts_more_than_what_lies_between() -> None:
    nearness = Nearness(np.stack([EAST, NORTH]), np.ones(2, np.float32), AT_LARGE)
    east, north, between = nearness.scores(np.stack([EAST, NORTH, BETWEEN]))
    assert east == pytest.approx(north)
    assert east > between > 0


def test_a_paper_near_what_is_disliked_comes_after_one_that_is_as_near_to_what_is_saved() -> None:
    nearness = Nearness(np.stack([EAST, NORTH]), np.array([1, -1], np.float32), AT_LARGE)
    east, north, between = nearness.scores(np.stack([EAST, NORTH, BETWEEN]))
    assert east > between > north
    assert between == pytest.approx((east + north) / 2, rel=1e-4)


def test_what_is_saved_twice_as_much_counts_more() -> None:
    nearness = Nearness(np.stack([EAST, NORTH]), np.array([2, 1], np.float32), AT_LARGE)
    east, north = nearness.scores(np.stack([EAST, NORTH]))
    assert east > north


def test_vectors_seen_from_the_mean_have_unit_length() -> None:
    assert from_mean(np.array([[3, 4], [1, 0]], np.float32), np.array([1, 0], np.float32)) == pytest.approx(
        np.array([[2, 4], [0, 0]]) / np.array([[20**0.5], [1]])
    )
