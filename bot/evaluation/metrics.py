"""How good a ranking is: nDCG, recall and precision, as the field counts them, and how sure that is."""

from collections.abc import Mapping, Sequence
from math import log2
from typing import NamedTuple

import numpy as np

_RESAMPLES = 2_000


def ndcg(ranked: Sequence[str], gains: Mapping[str, float], depth: int) -> float:
    """Normalised discounted cumulative gain at `depth` with linear gains (Järvelin and Kekäläinen, 2002), 0 to 1."""
    best = dcg(sorted(gains.values(), reverse=True)[:depth])
    return dcg([gains.get(item, 0.0) for item in ranked[:depth]]) / best if best else 0.0


def dcg(gains: Sequence[float]) -> float:
    """Discounted cumulative gain of gains in ranked order."""
    return sum(gain / log2(place + 2) for place, gain in enumerate(gains))


def recall(ranked: Sequence[str], gains: Mapping[str, float], depth: int) -> float:
    """Share of the relevant items (gain above 0) among the first `depth`."""
    relevant = {item for item, gain in gains.items() if gain > 0}
    return len(relevant.intersection(ranked[:depth])) / len(relevant) if relevant else 0.0


def precision_of_best(ranked: Sequence[str], gains: Mapping[str, float], depth: int) -> float:
    """Share of the first `depth` that belong there: whose gain is at least the `depth`-th largest (ties count)."""
    threshold = sorted(gains.values(), reverse=True)[:depth][-1]
    return sum(item in gains and gains[item] >= threshold for item in ranked[:depth]) / depth


class Estimate(NamedTuple):
    """A mean over queries and its 95 % interval."""

    mean: float
    low: float
    high: float


def estimate(values: Sequence[float]) -> Estimate:
    """The mean of values, 0 of nothing, with a percentile bootstrap interval over them (Efron, 1979).

    For a paired comparison give the differences. The same values give the same interval.
    """
    if not values:
        return Estimate(0.0, 0.0, 0.0)
    known = np.asarray(values, np.float64)
    drawn = np.random.default_rng(0).integers(len(known), size=(_RESAMPLES, len(known)))
    low, high = np.quantile(known[drawn].mean(axis=1), [0.025, 0.975])
    return Estimate(float(known.mean()), float(low), float(high))
