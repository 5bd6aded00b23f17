"""Lists whose papers are unlike each other."""

import numpy as np

from bot.engine.search import Ranking
from bot.ports import Scores, Vectors

RELEVANCE = 0.75
"""Weight of relevance against novelty when a post is made diverse."""

LISTED = 0.85
"""The same for a list of recommendations, in which there is room for more papers of each interest."""

NEAR_DUPLICATE = 0.70
"""Papers with a cosine of this or more are near duplicates."""


def diversify(ranking: Ranking, vectors: Vectors, limit: int) -> Ranking:
    """At most `limit` papers of a ranking, relevant but unlike each other; `vectors`, [n, dim], are theirs."""
    return ranking.take(np.array(relevant_and_new(ranking.scores, vectors, limit, LISTED), np.int64))


def relevant_and_new(scores: Scores, vectors: Vectors, count: int, relevance: float = RELEVANCE) -> list[int]:
    """Positions of at most `count` papers, relevant but unlike each other, in the order in which they were chosen.

    Maximal marginal relevance (Carbonell and Goldstein, 1998): each next paper maximises its relevance, `scores` [n],
    less its largest cosine to those already chosen. `vectors`, [n, dim], have unit length.
    """
    closeness = vectors @ vectors.T
    chosen: list[int] = []
    nearest = np.full(len(scores), -1, np.float32)
    while len(chosen) < min(count, len(scores)):
        gain = relevance * scores - (1 - relevance) * nearest
        gain[chosen] = -np.inf
        chosen.append(int(gain.argmax()))
        nearest = np.maximum(nearest, closeness[chosen[-1]])
    return chosen


def repetitions_last(vectors: Vectors) -> list[int]:
    """Positions of all papers: those that are near duplicates of an earlier one come after all others, in order."""
    first = distinct(vectors, len(vectors))
    return first + sorted(set(range(len(vectors))) - set(first))


def distinct(vectors: Vectors, count: int) -> list[int]:
    """Positions of the first `count` papers, best first, that are no near duplicate of an earlier one.

    `vectors`, [n, dim], have unit length and are in the papers' order.
    """
    near = vectors @ vectors.T >= NEAR_DUPLICATE
    repeated = np.zeros(len(vectors), bool)
    chosen: list[int] = []
    for position in range(len(vectors)):
        if len(chosen) == count:
            break
        if not repeated[position]:
            chosen.append(position)
            repeated |= near[position]
    return chosen
