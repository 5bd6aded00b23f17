"""The commonest words of a query: they score the papers that its rarer words find, and find none themselves.

Of three million papers two million have `model`. tantivy would score all of these, although hardly one of the best can
do without the other words of the query. So the commonest words are left to score what is found, as the lists that are
not essential in MaxScore (Turtle and Flood, 1995), only that here a paper may be missed whose common words are many.
"""

from collections.abc import Callable, Mapping
from math import log1p

import numpy as np

from bot.ports import Scores, TermCounts
from storage.index.terms import term_number

COMMON = 0.2
"""A word is common that more than this share of papers has."""

TELLING = 0.6
"""Words that find have at least this share of the query's weight: of the inverse document frequencies together."""

WORTHWHILE = 300_000
"""Papers of common words, each word's counted, from which tantivy takes longer than scoring what is found."""

FOUND = 800
"""So many papers are found at least: with fewer, one that has the common words many times would be missed."""

_WITH_WORDS = 5
"""For each that is to be found, so many papers have the words that find, each word's counted."""

_K1, _B = 1.2, 0.75
"""As tantivy has them."""


def common_words(
    terms: Mapping[str, float], frequency: Callable[[str], int], papers: int, limit: int
) -> dict[str, float]:
    """The words of a weighted query that need not find anything, and their weighted inverse document frequencies.

    `frequency` tells how many of so many papers have a word.
    """
    counts = {term: frequency(term) for term in terms}
    weights = {
        term: weight * log1p((papers - counts[term] + 0.5) / (counts[term] + 0.5)) for term, weight in terms.items()
    }
    common: dict[str, float] = {}
    telling, found = sum(weights.values()), sum(counts.values())
    enough = TELLING * telling
    for term in sorted(terms, key=lambda term: -counts[term]):
        telling, found = telling - weights[term], found - counts[term]
        if counts[term] <= COMMON * papers or telling < enough or found < _WITH_WORDS * limit:
            break
        common[term] = weights[term]
    return common if sum(counts[term] for term in common) >= WORTHWHILE else {}


def bm25(papers: TermCounts, weights: Mapping[str, float], average_length: float) -> Scores:
    """BM25 of some papers, [len(papers)], for words with these inverse document frequencies (Robertson et al., 2009).

    `average_length` is that of a paper, in terms.
    """
    owners = np.repeat(np.arange(len(papers)), np.diff(papers.bounds))
    lengths = np.bincount(owners, papers.counts, len(papers))
    damping = _K1 * (1 - _B + _B * lengths / average_length)
    scores = np.zeros(len(papers), np.float32)
    for term, weight in weights.items():
        places = np.flatnonzero(papers.numbers == term_number(term))
        counts, rows = papers.counts[places], owners[places]
        scores[rows] += weight * (1 + _K1) * counts / (counts + damping[rows])
    return scores
