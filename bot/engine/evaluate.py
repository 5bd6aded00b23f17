"""How good a ranking is: nDCG, recall and precision, as the field counts them."""

from collections.abc import Mapping, Sequence
from math import log2


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


def mean(values: Sequence[float]) -> float:
    """The mean, 0 of nothing."""
    return sum(values) / len(values) if values else 0.0
