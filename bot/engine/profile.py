"""What somebody wants to read, as a model: a direction of meaning and a weight for every term."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from bot.domain.papers import Paper
from bot.engine import terms
from bot.engine.terms import TermBackground, term_background
from bot.ports import PaperIndex, Rows, Scores, Vectors

FADE = timedelta(days=180)
"""After this long a save counts half."""

RIDGE = 3.0
"""How much the covariance of papers is shrunk towards that of papers spread evenly."""

WORDS = 0.5
"""Weight of words against meaning: the words of many saves say more than the mean of their vectors."""

_SAMPLE = 8192
"""Papers taken as a sample of all."""


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

    `precision` [dim, dim] is the inverse of the covariance, shrunk towards that of papers spread evenly.
    """

    mean: Vectors
    covariance: Vectors
    precision: Vectors
    terms: TermBackground


def background(index: PaperIndex) -> Background:
    """The background of an index, from a sample of it."""
    rows = index.sample(_SAMPLE)
    vectors = index.vectors(rows)
    mean = vectors.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1], np.float32)
    centred = vectors - mean
    covariance = (centred.T @ centred / max(len(vectors), 1)).astype(np.float32)
    return Background(mean, covariance, precision(covariance), term_background(index.terms(rows)))


def precision(covariance: Vectors) -> Vectors:
    """(C + r * tr(C)/dim * I)^-1, with r = RIDGE."""
    dim = len(covariance)
    strength = RIDGE * max(float(np.trace(covariance)), 1e-9) / dim
    inverse: Vectors = np.linalg.inv(covariance.astype(np.float64) + strength * np.eye(dim)).astype(np.float32)
    return inverse


@dataclass(frozen=True, slots=True)
class Profile:
    """A linear model of what somebody wants: `direction` of meaning [dim] and weights of `words` [TERM_SPACE].

    Each gives scores with mean 0 and standard deviation 1 among papers at large.
    """

    direction: Vectors
    words: Scores
    known: Background

    def score(self, index: PaperIndex, rows: Rows) -> tuple[Scores, Scores, Scores]:
        """How much somebody wants papers, [len(rows)]: in all, by words alone, and by meaning alone."""
        by_words = terms.scores(index.terms(rows), self.words, self.known.terms)
        by_meaning = ((index.vectors(rows) - self.known.mean) @ self.direction).astype(np.float32)
        return np.float32(WORDS) * by_words + np.float32(1 - WORDS) * by_meaning, by_words, by_meaning


def learn(index: PaperIndex, ratings: Sequence[Rating], known: Background, now: datetime) -> Profile:
    """The profile of somebody with these ratings."""
    weights = np.array([faded(rating, now) for rating in ratings], np.float32)
    rows = np.array([rating.row for rating in ratings], np.int64)
    direction = discriminant(index.vectors(rows), weights, known)
    spread = float(np.sqrt(direction @ known.covariance @ direction))
    return Profile(
        direction / np.float32(spread) if spread else direction,
        terms.profile(index.terms(rows), weights, known.terms),
        known,
    )


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
    numbers = np.unique(held.numbers)
    wanted = numbers[np.argsort(-profile.words[numbers])[:limit]]
    wanted = wanted[profile.words[wanted] > 0]
    paper_of = np.repeat(np.arange(len(held)), np.diff(held.bounds))
    left = np.isin(held.numbers, wanted)
    missing, found = set(wanted.tolist()), dict[int, str]()
    # A number does not say which word it stands for: papers are read until all are found, next that with most of them.
    while left.any():
        position = int(np.bincount(paper_of[left]).argmax())
        read = dict.fromkeys(index.analyze(ratings[position].paper.text))
        here = {number: term for term in read if (number := index.term_number(term)) in missing}
        missing.difference_update(here)
        found |= here
        left &= ~np.isin(held.numbers, list(here)) & (paper_of != position)
    return {term: float(profile.words[number]) for number, term in found.items()}


def unit(vector: Vectors) -> Vectors:
    """A vector of length 1, or the zero vector."""
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length else vector
