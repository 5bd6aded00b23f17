"""The metrics, against values worked out by hand."""

from math import log2

import pytest

from bot.engine.evaluate import mean, ndcg, precision_of_best, recall

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


def test_mean_of_nothing_is_zero() -> None:
    assert mean([]) == 0.0
