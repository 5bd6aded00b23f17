"""What somebody wants to read, as a model: the papers they rated, and a weight for every term."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.domain.papers import Paper
from bot.engine import terms
from bot.engine.terms import TermBackground, Wanted, term_background
from bot.ports import PaperIndex, Rows, Scores, Vectors

_Number = TypeVar("_Number", bound=np.generic)

FADE = timedelta(days=180)
"""After this long a save counts half."""

RIDGE = 3.0
"""How much the covariance of papers is shrunk towards that of papers spread evenly."""

WORDS = 0.5
"""Weight of words against meaning: the words of many saves say more than the mean of their vectors."""

SHARPNESS = 0.1
"""How much the nearest of somebody's papers count: a paper nearer by this cosine counts e times as much."""

_SAMPLE = 8192
"""Papers taken as a sample of all."""

_AT_LARGE = 512
"""How many of them show what scores papers at large have."""

_TINY = np.float32(1e-9)
"""A length by which zeros can be divided."""


class Rating(NamedTuple):
    """Feedback on a paper, for the engine: `weight` is positive for a save or a like, negative for a dislike.

    `by` and `verb` say who did what with it, as in `because you saved …`.
    """

    row: int
    paper: Paper
    weight: float
    at: datetime | None = None
    verb: str = "saved"
    by: str = "you"


@dataclass(frozen=True, slots=True)
class Background:
    """What papers at large look like: mean [dim] and covariance [dim, dim] of their vectors, and their terms.

    `precision` [dim, dim] is the inverse of the covariance, shrunk towards that of papers spread evenly. `at_large`
    [n, dim] are vectors of some of the papers, seen from the mean (`from_mean`).
    """

    mean: Vectors
    covariance: Vectors
    precision: Vectors
    terms: TermBackground
    at_large: Vectors


def background(index: PaperIndex) -> Background:
    """The background of an index, from a sample of it."""
    rows = index.sample(_SAMPLE)
    vectors = index.vectors(rows)
    mean = vectors.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1], np.float32)
    centred = vectors - mean
    covariance = (centred.T @ centred / max(len(vectors), 1)).astype(np.float32)
    at_large = from_mean(vectors[:: max(1, len(vectors) // _AT_LARGE)], mean)
    return Background(mean, covariance, precision(covariance), term_background(index.terms(rows)), at_large)


def precision(covariance: Vectors) -> Vectors:
    """(C + r * tr(C)/dim * I)^-1, with r = RIDGE."""
    dim = len(covariance)
    strength = RIDGE * max(float(np.trace(covariance)), 1e-9) / dim
    inverse: Vectors = np.linalg.inv(covariance.astype(np.float64) + strength * np.eye(dim)).astype(np.float32)
    return inverse


@dataclass(frozen=True, slots=True)
class Profile:
    """What somebody wants: papers near those they saved, `meaning`, and weights of `words`.

    Each gives scores with mean 0 and standard deviation 1 among papers at large. `direction` [dim] is where the papers
    lie that are wanted, all taken together; without ratings it is zero.
    """

    direction: Vectors
    meaning: "Nearness"
    words: Wanted
    known: Background

    def score(self, index: PaperIndex, rows: Rows) -> tuple[Scores, Scores, Scores]:
        """How much somebody wants papers, [len(rows)]: in all, by words alone, and by meaning alone."""
        by_words = terms.scores(index.terms(rows), self.words, self.known.terms)
        by_meaning = self.meaning.scores(from_mean(index.vectors(rows), self.known.mean))
        return np.float32(WORDS) * by_words + np.float32(1 - WORDS) * by_meaning, by_words, by_meaning


def learn(index: PaperIndex, ratings: Sequence[Rating], known: Background, now: datetime) -> Profile:
    """The profile of somebody with these ratings."""
    weights = np.array([faded(rating, now) for rating in ratings], np.float32)
    rows = np.array([rating.row for rating in ratings], np.int64)
    vectors = index.vectors(rows)
    return Profile(
        discriminant(vectors, weights, known),
        Nearness(from_mean(vectors, known.mean), weights, known.at_large),
        terms.profile(index.terms(rows), weights, known.terms),
        known,
    )


class Nearness:
    """How near papers are to those somebody rated: the nearest count most, so that several interests stay apart.

    The softmax over rated papers of the cosine, T log(sum(a_i exp(cos_i / T)) / sum(a_i)) with T = `SHARPNESS`: for
    small T the cosine of the nearest one, for large T the mean of all. What is disliked is subtracted in the same form,
    each side with its share of all weights. All vectors are seen from the mean.
    """

    def __init__(self, vectors: Vectors, weights: Vectors, at_large: Vectors) -> None:
        """Take the vectors [n, dim] of rated papers, their weights [n], and vectors of papers at large."""
        self._sides = [(vectors[side], weights[side]) for side in (weights > 0, weights < 0) if side.any()]
        self._total = float(np.abs(weights).sum())
        common = self._raw(at_large)
        self._mean, self._spread = (float(common.mean()), float(common.std())) if len(common) else (0.0, 0.0)

    def scores(self, vectors: Vectors) -> Scores:
        """How near papers are, [n], in standard deviations of papers at large."""
        return (self._raw(vectors) - np.float32(self._mean)) / np.float32(self._spread or 1.0)

    def _raw(self, vectors: Vectors) -> Scores:
        raw = np.zeros(len(vectors), np.float32)
        for rated, weights in self._sides:
            closeness = np.exp(vectors @ rated.T / np.float32(SHARPNESS)) @ np.abs(weights)
            total = float(weights.sum())
            raw += np.float32(SHARPNESS * total / self._total) * np.log(closeness / np.float32(abs(total)))
        return raw


def from_mean(vectors: Vectors, mean: Vectors) -> Vectors:
    """Vectors as seen from the mean of all papers, each of unit length."""
    away = vectors - mean
    away /= np.sqrt(np.einsum("ij,ij->i", away, away)).clip(_TINY)[:, None]
    return away


def faded(rating: Rating, now: datetime) -> float:
    """The weight of a rating today: it halves every `FADE`."""
    age = (now - rating.at) / FADE if rating.at else 0.0
    return float(rating.weight * 0.5 ** max(0.0, age))


def discriminant(vectors: Vectors, weights: Vectors, known: Background) -> Vectors:
    """The direction [dim] that separates wanted papers from papers at large, of unit length.

    Closed-form ridge against the background, w = (C + r * tr(C)/dim * I)^-1 * sum(a_i (v_i - m)): linear discriminant
    analysis with a shared, shrunk covariance (Hastie et al., 2009, ch. 4.3).
    """
    return unit(known.precision @ (weights @ (vectors - known.mean)))


def strongest_terms(index: PaperIndex, profile: Profile, ratings: Sequence[Rating], limit: int) -> dict[str, float]:
    """The terms of somebody's papers that their profile wants most, and how much."""
    held = index.terms(np.array([rating.row for rating in ratings], np.int64))
    numbers = each_once(held.numbers)
    wanted = numbers[np.argsort(-profile.words.weights[numbers])[:limit]]
    wanted = wanted[profile.words.weights[wanted] > 0]
    places = np.flatnonzero(np.isin(held.numbers, wanted))
    holding = defaultdict[int, set[int]](set)
    for paper, number in zip(held.owners(places).tolist(), held.numbers[places].tolist(), strict=True):
        holding[paper].add(number)
    missing, found = set(wanted.tolist()), dict[int, str]()
    # A number does not say which word it stands for: papers are read until all are found, next that with most of them.
    while any(map(missing.intersection, holding.values())):
        position = max(holding, key=lambda paper: len(missing & holding[paper]))
        read = dict.fromkeys(index.analyze(ratings[position].paper.text))
        here = {number: term for term, number in zip(read, index.term_numbers(read), strict=True) if number in missing}
        missing.difference_update(here)
        found |= here
        del holding[position]
    return {term: float(profile.words.weights[number]) for number, term in found.items()}


def each_once(numbers: NDArray[_Number]) -> NDArray[_Number]:
    """Numbers [n] in order, each once. `numpy.unique` puts them into a hash table, which takes four times as long."""
    ordered = np.sort(numbers)
    once: NDArray[_Number] = ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]
    return once


def unit(vector: Vectors) -> Vectors:
    """A vector of length 1, or the zero vector."""
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length else vector
