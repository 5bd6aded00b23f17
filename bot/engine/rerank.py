"""Reranking the best of a search.

Every word of the query is compared with every word of each paper, and the meaning of the first hits counts beside
the meaning of the query.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from heapq import nlargest
from math import log1p, sqrt
from operator import itemgetter

import numpy as np

from bot.engine.encoder import words as words_of
from bot.ports import Lexicon, PaperIndex, Rows, Scores, TermCounts, Vectors

NEARNESS = 0.3
"""Up to this cosine two words are not near at all."""

SOFT_WORDS = 1.5
"""Weight of soft matches beside BM25."""

FEEDBACK = 0.5
"""Weight of being near the first hits."""

_FIRST_HITS = 3
_OTHERS = 50
_K1, _B = 0.8, 0.75
_MOST_TOKENS = 48
"""Tokens of a query that are compared: those with the largest weights."""


def closer_scores(
    index: PaperIndex, asked: Mapping[int, float], rows: Rows, words: Scores, meaning: Scores, words_share: float
) -> Scores:
    """New scores of a query's best hits, [len(rows)], from its `token_weights` and their BM25 and cosines.

    Words, meaning and nearness to the first hits are standardised among the hits and added: `words_share` of BM25 and
    soft matches, the rest of the cosine, then `FEEDBACK` times the cosine with the first hits so far (pseudo-relevance
    feedback as in Rocchio, 1971).
    """
    by_words = standardised(words) + SOFT_WORDS * standardised(soft_matches(index, asked, rows))
    share = np.float32(words_share)
    score = standardised(share * standardised(by_words) + (1 - share) * standardised(meaning))
    return score + np.float32(FEEDBACK) * standardised(nearness_to_first(index.vectors(rows), score))


def standardised(scores: Scores) -> Scores:
    """Scores with mean 0 and variance 1; zeros where all are equal."""
    if not len(scores):
        return scores
    centred: Scores = scores - scores.mean()
    spread = np.sqrt(centred @ centred / np.float32(len(scores)))
    return centred / spread if spread else centred


def nearness_to_first(vectors: Vectors, scores: Scores) -> Scores:
    """Cosines [n] of papers [n, dim] with the mean of the first hits, each weighted by how far it stands out."""
    order = np.argsort(-scores)
    first, others = order[:_FIRST_HITS], order[:_OTHERS]
    centre = (scores[first] - scores[others[-1]]) @ vectors[first]
    length = float(np.linalg.norm(centre))
    cosines: Scores = vectors @ centre / np.float32(length or 1.0)
    return cosines


def soft_matches(index: PaperIndex, asked: Mapping[int, float], rows: Rows) -> Scores:
    """BM25 [len(rows)] in which also words near in meaning match; zeros without `token_weights`.

    A query's token t occurs in a paper as often as the sum, over the paper's tokens u, of
    count(u) * max(0, cos(t, u) - a) / (1 - a) with a = `NEARNESS`: soft counts in the manner of ColBERT's token
    similarities (Khattab and Zaharia, 2020), which BM25 (Robertson and Zaragoza, 2009) then saturates and
    normalises by length as it does exact ones.
    """
    lexicon = index.encoder.lexicon
    papers = index.tokens(rows)
    if lexicon is None or not asked or not len(papers.numbers):
        return np.zeros(len(rows), np.float32)
    counts = soft_counts(lexicon, np.array(list(asked), np.int64), papers)
    lengths = sums_of(papers.counts.astype(np.float32)[None, :], papers)
    damping = _K1 * (1 - _B + _B * lengths / lengths.mean())
    matches: Scores = np.array(list(asked.values()), np.float32) @ (counts / (counts + damping))
    return matches * np.float32(1 + _K1)


def token_weights(index: PaperIndex, text: str) -> dict[int, float]:
    """The tokens of a query and what each is worth: its word's inverse document frequency, shared among its pieces.

    Empty where the encoder compares no single words.
    """
    lexicon = index.encoder.lexicon
    if lexicon is None:
        return {}
    found = {word: (count, index.analyze(word)) for word, count in Counter(words_of(text)).items()}
    rarity = inverse_frequency(index, {term for _, terms in found.values() for term in terms})
    weights: defaultdict[int, float] = defaultdict(float)
    for word, (count, terms) in found.items():
        pieces = lexicon.token_ids(word) if terms else []
        for piece in pieces:
            weights[piece] += count * sum(rarity[term] for term in terms) / len(terms) / sqrt(len(pieces))
    return dict(nlargest(_MOST_TOKENS, weights.items(), key=itemgetter(1)))


def inverse_frequency(index: PaperIndex, terms: Iterable[str]) -> dict[str, float]:
    """How rare terms are, as BM25 counts it."""
    size = len(index)
    return {term: log1p((size - df + 0.5) / (df + 0.5)) for term, df in index.document_frequency(terms).items()}


def soft_counts(lexicon: Lexicon, asked: Rows, papers: TermCounts) -> Scores:
    """How often each of some tokens, or something near it, occurs in each paper, [len(asked), papers]."""
    held = np.zeros(len(lexicon), np.bool_)
    held[papers.numbers] = True
    distinct = np.flatnonzero(held)
    place = np.empty(len(lexicon), np.intp)
    place[distinct] = np.arange(len(distinct))
    closeness = np.maximum(lexicon.closeness(asked, distinct) - np.float32(NEARNESS), 0) / np.float32(1 - NEARNESS)
    # The entries of a token are next to each other in memory: sums along them are several times faster than across.
    entries = closeness.take(place.take(papers.numbers), axis=1)
    entries *= papers.counts.astype(np.float32)
    return sums_of(entries, papers)


def sums_of(entries: Scores, papers: TermCounts) -> Scores:
    """The sums over each paper's entries, [n, papers], of `entries`, [n, entries of all]."""
    sums = np.zeros((len(entries), len(papers)), np.float32)
    filled = np.flatnonzero(np.diff(papers.bounds))
    sums[:, filled] = np.add.reduceat(entries, papers.bounds[filled], axis=1)
    return sums
