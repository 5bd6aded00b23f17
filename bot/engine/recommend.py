"""Recommendations: papers like these, and papers for somebody with this profile, each with its reason."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nlargest
from math import log, sqrt
from typing import NamedTuple

import numpy as np

from bot.engine.search import FAINT, FIELDS, Ranking, Scores, fuse, tf_idf, with_words_of, without_faint
from bot.papers import Paper
from bot.ports import Hits, PaperIndex, Rows, Vectors

TERMS = 40
"""How many terms stand for a paper."""

SIMILAR_WORDS = 0.15
"""Weight of words against meaning between papers: whole texts say more in meaning than a query does."""

PROFILE_TERMS = 200
"""How many terms stand for a profile."""

PROFILE_WORDS = 0.6
"""Weight of words against meaning in a profile: many saves say more in words than their mean does in meaning."""

FADE = timedelta(days=180)
"""After this long a save counts half."""

RELEVANCE = 0.75
"""Weight of relevance against novelty when a list is made diverse."""


NEAR_DUPLICATE = 0.70
"""Papers with a cosine of this or more tell the same news."""


RIDGE = 3.0
"""How much the covariance of papers is shrunk towards that of papers spread evenly."""


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
    """Papers for somebody with these opinions, best first and unlike each other.

    Those already judged and those in `exclude` (rows) are left out; `among` restricts the answer to some rows.
    """
    weights = np.array([faded(opinion, now) for opinion in opinions], np.float32)
    rows = np.array([opinion.row for opinion in opinions], np.int64)
    model = linear_model(index.vectors(rows), weights, known)
    texts = {paper_text(opinion.paper): float(w) for opinion, w in zip(opinions, weights, strict=True)}
    terms = profile_terms(index, texts, PROFILE_TERMS)
    hidden = np.union1d(rows, np.fromiter(exclude, np.int64))
    depth = max(200, 4 * limit) + len(hidden)
    meaning = index.nearest(model, depth, among=among)
    words = index.match_words(terms, depth, fields=FIELDS, among=among)
    words = with_words_of(index, terms, words, meaning.rows)
    ranking = weigh(index, model, words, meaning)
    ranking = ranking.take(np.flatnonzero(~np.isin(ranking.rows, hidden))[: 4 * limit])
    return diversify(ranking, index.vectors(ranking.rows), limit)


def profile_terms(index: PaperIndex, texts: Mapping[str, float], limit: int) -> dict[str, float]:
    """What somebody's papers say more than papers at large, as terms and weights, the largest 1.

    Rocchio's (1971) centred profile on cosine-normalised tf-idf: a term of mean weight v in a share s of the papers
    (weighted by opinion) and a share b of the corpus counts v * (s - b); terms below 0 are left out.
    """
    frequency = index.document_frequency({term for text in texts for term in index.analyze(text)})
    size = len(index) + 1
    weights: dict[str, float] = defaultdict(float)
    for text, opinion in texts.items():
        for term, value in _normalised(Counter(index.analyze(text)), frequency, size).items():
            weights[term] += opinion * value
    total = sum(map(abs, texts.values())) or 1.0
    centred = {term: weight / total * (1 - frequency[term] / size) for term, weight in weights.items() if weight > 0}
    strongest = nlargest(limit, centred.items(), key=lambda entry: entry[1])
    return {term: weight / strongest[0][1] for term, weight in strongest}


def _normalised(counts: Mapping[str, int], frequency: Mapping[str, int], size: int) -> dict[str, float]:
    """The tf-idf vector of a text with these counts, of unit length."""
    values = {t: (1 + log(n)) * log(size / (frequency[t] + 0.5)) for t, n in counts.items() if frequency.get(t)}
    length = sqrt(sum(value * value for value in values.values())) or 1.0
    return {term: value / length for term, value in values.items()}


def weigh(index: PaperIndex, model: Vectors, words: Hits, meaning: Hits) -> Ranking:
    """Both sides' candidates by the weighted sum of their standardised scores."""
    rows = np.union1d(words.rows, meaning.rows)
    bm25 = np.zeros(len(rows), np.float32)
    bm25[np.searchsorted(rows, words.rows)] = words.scores
    cosine = (index.vectors(rows) @ model).astype(np.float32)
    total = PROFILE_WORDS * standardised(bm25) + (1 - PROFILE_WORDS) * standardised(cosine)
    return Ranking(rows, total, bm25, cosine).take(np.lexsort((rows, -total)))


def standardised(scores: Scores) -> Scores:
    """Scores with mean 0 and variance 1; zeros where all are equal."""
    spread = scores.std() if len(scores) else 0
    return (scores - scores.mean()) / spread if spread else np.zeros_like(scores)


def _rank(
    index: PaperIndex, vector: Vectors, terms: Mapping[str, float], limit: int, hidden: Rows, among: Rows | None
) -> Ranking:
    depth = max(200, 2 * limit) + len(hidden)
    meaning = index.nearest(vector, depth, among=among)
    words = index.match_words(terms, depth, fields=FIELDS, among=among)
    ranking = fuse(index, vector, with_words_of(index, terms, words, meaning.rows), meaning, SIMILAR_WORDS)
    if among is None:
        ranking = without_faint(ranking)
    return ranking.take(np.flatnonzero(~np.isin(ranking.rows, hidden))[:limit])


def faded(opinion: Opinion, now: datetime) -> float:
    """The weight of an opinion today: it halves every `FADE`."""
    age = (now - opinion.at) / FADE if opinion.at else 0.0
    return float(opinion.weight * 0.5 ** max(0.0, age))


def linear_model(vectors: Vectors, weights: Vectors, known: Background, ridge: float = RIDGE) -> Vectors:
    """The direction [dim] that tells wanted papers from papers at large.

    Closed-form ridge against the background, w = (C + r * tr(C)/dim * I)^-1 * sum(a_i (v_i - m)): linear discriminant
    analysis with a shared, shrunk covariance (Hastie et al., 2009, ch. 4.3). It has unit length.
    """
    shift = weights @ (vectors - known.mean)
    solved = np.linalg.solve(_shrunk(known, ridge), shift)
    return unit(solved.astype(np.float32))


def _shrunk(known: Background, ridge: float) -> Vectors:
    dim = len(known.mean)
    strength = ridge * float(np.trace(known.covariance)) / dim
    shrunk: Vectors = known.covariance + strength * np.eye(dim, dtype=np.float32)
    return shrunk


def precision(known: Background, ridge: float = RIDGE) -> Vectors:
    """The inverse [dim, dim] of the shrunk covariance of `linear_model`, for many profiles at once.

    A direction is then `unit(precision @ shift)`.
    """
    inverse: Vectors = np.linalg.inv(_shrunk(known, ridge).astype(np.float64)).astype(np.float32)
    return inverse


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
    """The wanted paper that a recommendation resembles most, if it resembles any.

    `vectors`, [n, dim], belong to `opinions`.
    """
    wanted = [i for i, opinion in enumerate(opinions) if opinion.weight > 0]
    if not wanted:
        return None
    closeness = vectors[wanted] @ vector
    return opinions[wanted[int(closeness.argmax())]] if closeness.max() >= FAINT else None


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
