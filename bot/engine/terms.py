"""Whole texts compared word by word: exact tf-idf cosines over the terms that the index keeps of every paper."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.ports import TERM_SPACE, TermCounts

Floats = NDArray[np.float32]

WHOLE = 20
"""A paper with fewer different terms is not known whole: mostly it is a bare title."""


@dataclass(frozen=True, slots=True)
class TermBackground:
    """What the words of papers at large look like, each array [TERM_SPACE].

    `rarity` is each term's inverse document frequency; `mean` and `variance` are those of its tf-idf value, `variance`
    as if every paper had a vector of unit length. By the mean alone, scores have the variance `mean_spread`, and the
    average paper's is `mean_square`.
    """

    rarity: Floats
    mean: Floats
    variance: Floats
    mean_spread: float
    mean_square: float


class Wanted(NamedTuple):
    """How much somebody wants each term, [TERM_SPACE], and by these weights the score of the average paper."""

    weights: Floats
    average: float


def term_background(sample: TermCounts) -> TermBackground:
    """The background, from the terms of a sample of papers."""
    size = max(len(sample), 1)
    frequency = np.bincount(sample.numbers, minlength=TERM_SPACE)
    # Of a million numbers a small collection uses few: all else is the same for each of the others.
    used = np.flatnonzero(frequency)
    rarity = np.full(TERM_SPACE, np.log((size + 1) / 0.5), np.float32)
    rarity[used] = np.log((size + 1) / frequency[used])
    values = tf_idf_values(sample, rarity)
    mean = np.bincount(sample.numbers, values, minlength=TERM_SPACE)[used] / size
    square = np.bincount(sample.numbers, values**2, minlength=TERM_SPACE)[used] / size
    # Bare titles have short vectors: without this, words would weigh more the more bare titles there are.
    variance = (square - mean**2) / max(float(square.sum()), 1e-9)
    spread = float((mean * variance) @ mean)
    return TermBackground(rarity, _at(used, mean), _at(used, variance), spread, float(mean @ mean))


def _at(terms: NDArray[np.int64], values: NDArray[np.float64]) -> Floats:
    """An array [TERM_SPACE] of the values of some terms; 0 for all others."""
    placed = np.zeros(TERM_SPACE, np.float32)
    placed[terms] = values
    return placed


def tf_idf_values(papers: TermCounts, rarity: Floats) -> Floats:
    """The tf-idf value of every entry: (1 + log tf) * idf, each paper's vector of unit length if it is known whole.

    A paper of n < `WHOLE` terms is taken as if it went on to `WHOLE` with terms of the same weight that nobody shares:
    its vector has the length sqrt(n / WHOLE). At unit length a word of a bare title would weigh three times as much as
    one of a title with its abstract, and a single rare word in common would put that title first.
    """
    values = _weights(papers, rarity)
    values /= np.repeat(_lengths(papers, values), np.diff(papers.bounds))
    return values


def _weights(papers: TermCounts, rarity: Floats) -> Floats:
    """(1 + log tf) * idf of every entry."""
    # Few counts are large: to look a logarithm up takes a fraction of the time.
    largest = int(papers.counts.max(initial=0))
    logs = 1 + np.log(np.maximum(np.arange(largest + 1), 1), dtype=np.float32)
    return logs.take(papers.counts) * rarity.take(papers.numbers)


def _lengths(papers: TermCounts, weights: Floats) -> Floats:
    """The length of each paper's vector, by which its weights are divided, [papers]."""
    whole = np.maximum(1, WHOLE / np.maximum(np.diff(papers.bounds), 1))
    return np.maximum(np.sqrt(_sums(weights**2, papers.bounds) * whole), 1e-9).astype(np.float32)


def dot(papers: TermCounts, values: Floats, wanted: Floats) -> Floats:
    """The dot product of each paper's vector, given by its `values`, with weights of terms [TERM_SPACE], [papers]."""
    return _sums(values * wanted.take(papers.numbers), papers.bounds)


def _sums(values: Floats, bounds: NDArray[np.int64]) -> Floats:
    """The sum of each paper's values, [papers], 0 for a paper without any."""
    totals = np.zeros(len(bounds) - 1, np.float32)
    filled = np.flatnonzero(np.diff(bounds))
    if len(filled):
        totals[filled] = np.add.reduceat(values, bounds[filled])
    return totals


def profile(papers: TermCounts, weights: Floats, known: TermBackground) -> Wanted:
    """How much more each term occurs in somebody's papers than in papers at large: sum(a_i (x_i - mean)).

    Rocchio's (1971) centred profile on cosine-normalised tf-idf x; `weights` a, [papers], are negative for papers that
    are not wanted. It is scaled so that scores of papers at large would have standard deviation 1 if terms were
    independent.
    """
    values = tf_idf_values(papers, known.rarity) * np.repeat(weights, np.diff(papers.bounds))
    terms, place = np.unique(papers.numbers, return_inverse=True)
    own, others, mean = np.bincount(place, values), -float(weights.sum()), known.mean[terms]
    # Most terms are in none of the papers: only to make `wanted` all of them are gone through.
    variance = others**2 * known.mean_spread + known.variance[terms] @ (own * (own + 2 * others * mean))
    scale = 1 / np.sqrt(variance) if variance > 0 else 1.0
    wanted: Floats = known.mean * np.float32(others * scale)
    wanted[terms] += (own * scale).astype(np.float32)
    return Wanted(wanted, float(scale * (others * known.mean_square + own @ mean)))


def scores(papers: TermCounts, wanted: Wanted, known: TermBackground) -> Floats:
    """The dot product of each paper's tf-idf vector with a profile, less that of the average paper, [papers]."""
    weights = _weights(papers, known.rarity)
    above: Floats = dot(papers, weights, wanted.weights) / _lengths(papers, weights) - np.float32(wanted.average)
    return above
