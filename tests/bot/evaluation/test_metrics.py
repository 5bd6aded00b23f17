"""The metrics, against values worked out by hand."""

from math import log2

import pytest

from bot.evaluation.metrics import estimate, ndcg, precision_of_best, recall

GAINS = {"a": 3.0, "b": 2.0, "c": 0.0, "d": 1.0}


def test_ndcg_is_one_for_the_ideal_order_and_discounts_the_rest() -> None:
    assert ndcg(["a", "b", "d"], GAINS, 3) == pytest.approx(1.0)
    ideal = 3 + 2 / log2(3) + 1 / 2
    assert ndcg(["x", "a", "b"], GAINS, 3) == pytest.approx((3 / log2(3) + 2 / 2) / ideal)
    assert ndcg(["x"], {}, 3) == 0.0


def test_recall_counts_the_relevant_found() -> None:
    assert recall(["a", "c", "x"], GAINS, 3) == pytest.approx(1 / 3)
    assert recall(["a"], {}, 3) == 0.0


def test_precision_of_best_takes_ties_as_belonging() -> None:
    gains = {"a": 5.0, "b": 3.0, "c": 3.0, "d": 1.0}
    assert precision_of_best(["a", "c"], gains, 2) == 1.0
    assert precision_of_best(["d", "x"], gains, 2) == 0.0


def test_an_interval_holds_the_mean_and_narrows_with_more_values() -> None:
    few, many = estimate([0.0, 1.0] * 5), estimate([0.0, 1.0] * 500)
    assert few.low < few.mean == many.mean == 0.5 < few.high
    assert many.high - many.low < 0.1 < few.high - few.low
    assert estimate([0.3] * 9) == pytest.approx((0.3, 0.3, 0.3))


def test_the_same_values_have_the_same_interval_and_none_have_zero() -> None:
    assert estimate([0.2, 0.9, 0.4]) == estimate([0.2, 0.9, 0.4])
    assert estimate([]) == (0.0, 0.0, 0.0)
