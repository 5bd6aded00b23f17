"""Recommendations: papers like these, and papers for somebody with this profile, each with its reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from bot.engine.search import Ranking, fuse, tf_idf
from bot.papers import Paper
from bot.ports import PaperIndex, Rows, Vectors

TERMS = 40
"""How many terms stand for a paper or a profile."""

FADE = timedelta(days=180)
"""After this long a save counts half."""

RELEVANCE = 0.75
"""Weight of relevance against novelty when a list is made diverse."""


NEAR_DUPLICATE = 0.70
"""Papers with a cosine of this or more tell the same news."""


class Opinion(NamedTuple):
    """What somebody thinks of a paper: `weight` is positive for a save or a like, negative for a dislike.

    `verb` tells what they did with it, as in `because you saved …`.
    """

    row: int
    paper: Paper
    weight: float
    at: datetime | None = None
    verb: str = "saved"


@dataclass(frozen=True, slots=True)
class Background:
    """What papers at large look like: mean [dim] and covariance [dim, dim] of their vectors."""

    mean: Vectors
    covariance: Vectors


def background(vectors: Vectors) -> Background:
    """Mean and covariance of a sample of vectors, [n, dim]."""
    mean = vectors.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1], np.float32)
    centred = vectors - mean
    return Background(mean, (centred.T @ centred / max(len(vectors), 1)).astype(np.float32))


def similar(index: PaperIndex, papers: Mapping[int, Paper], limit: int, *, among: Rows | None = None) -> Ranking:
    """Papers like the given ones (row -> paper), best first, without them."""
    rows = np.array(list(papers), np.int64)
    vector = unit(index.vectors(rows).mean(axis=0))
    terms = tf_idf(index, {paper_text(paper): 1.0 for paper in papers.values()}, TERMS)
    return _rank(index, vector, terms, limit, rows, among)


def recommend(
    index: PaperIndex,
    opinions: Sequence[Opinion],
    known: Background,
    limit: int,
    *,
    now: datetime,
    exclude: Iterable[int] = (),
    among: Rows | None = None,
) -> Ranking:
    """Papers for somebody with these opinions, best first, without those already judged and those in `exclude`."""
    weights = np.array([faded(opinion, now) for opinion in opinions], np.float32)
    rows = np.array([opinion.row for opinion in opinions], np.int64)
    model = linear_model(index.vectors(rows), weights, known)
    texts = {paper_text(opinion.paper): float(w) for opinion, w in zip(opinions, weights, strict=True)}
    hidden = np.union1d(rows, np.fromiter(exclude, np.int64))
    return _rank(index, model, tf_idf(index, texts, 2 * TERMS), limit, hidden, among)


def _rank(
    index: PaperIndex, vector: Vectors, terms: Mapping[str, float], limit: int, hidden: Rows, among: Rows | None
) -> Ranking:
    depth = max(200, 4 * limit) + len(hidden)
    words = index.match_words(terms, depth, among=among)
    ranking = fuse(index, vector, words, index.nearest(vector, depth, among=among))
    return ranking.take(np.flatnonzero(~np.isin(ranking.rows, hidden))[:limit])


def faded(opinion: Opinion, now: datetime) -> float:
    """The weight of an opinion today: it halves every `FADE`."""
    age = (now - opinion.at) / FADE if opinion.at else 0.0
    return float(opinion.weight * 0.5 ** max(0.0, age))


def linear_model(vectors: Vectors, weights: Vectors, known: Background, ridge: float = 0.3) -> Vectors:
    """The direction [dim] that tells wanted papers from papers at large.

    Closed-form ridge against the background, w = (C + r * tr(C)/dim * I)^-1 * sum(a_i (v_i - m)): linear discriminant
    analysis with a shared, shrunk covariance (Hastie et al., 2009, ch. 4.3). It has unit length.
    """
    shift = weights @ (vectors - known.mean)
    dim = len(known.mean)
    strength = ridge * float(np.trace(known.covariance)) / dim
    solved = np.linalg.solve(known.covariance + strength * np.eye(dim, dtype=np.float32), shift)
    return unit(solved.astype(np.float32))


def unit(vector: Vectors) -> Vectors:
    """A vector of length 1, or the zero vector."""
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length else vector


def paper_text(paper: Paper) -> str:
    """The text that stands for a paper."""
    return f"{paper.title}. {paper.abstract}"


def diversify(ranking: Ranking, vectors: Vectors, limit: int) -> Ranking:
    """At most `limit` papers of a ranking, relevant but unlike each other.

    Maximal marginal relevance (Carbonell and Goldstein, 1998): each next paper maximises its relevance less its
    largest cosine to those already chosen. `vectors`, [n, dim], belong to the ranking's rows.
    """
    if not len(ranking):
        return ranking
    closeness = vectors @ vectors.T
    chosen = [0]
    nearest = closeness[0].copy()
    while len(chosen) < min(limit, len(ranking)):
        gain = RELEVANCE * ranking.scores - (1 - RELEVANCE) * nearest
        gain[chosen] = -np.inf
        chosen.append(int(gain.argmax()))
        nearest = np.maximum(nearest, closeness[chosen[-1]])
    return ranking.take(np.array(chosen, np.int64))


def closest_opinion(vector: Vectors, vectors: Vectors, opinions: Sequence[Opinion]) -> Opinion | None:
    """The wanted paper that a recommendation resembles most; `vectors`, [n, dim], belong to `opinions`."""
    wanted = [i for i, opinion in enumerate(opinions) if opinion.weight > 0]
    if not wanted:
        return None
    return opinions[wanted[int((vectors[wanted] @ vector).argmax())]]


def distinct(vectors: Vectors, count: int) -> list[int]:
    """Positions of the first `count` papers, best first, that are no near duplicate of one before.

    `vectors`, [n, dim], have unit length and stand in the papers' order.
    """
    chosen: list[int] = []
    for position in range(len(vectors)):
        if len(chosen) == count:
            break
        if not chosen or float((vectors[chosen] @ vectors[position]).max()) < NEAR_DUPLICATE:
            chosen.append(position)
    return chosen
