"""Search: BM25 and vectors, fused, and the best reranked."""

from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.domain.papers import title_key
from bot.engine.query import SYNTAX, Query, parse_query
from bot.engine.rerank import closer_scores, token_weights
from bot.ports import Filters, Hits, PaperIndex, Rows, Scores, Vectors

DEPTH = 150
"""How many candidates each side finds at least."""

FIELDS = {"text": 1.0, "authors": 0.3}
"""What a word in each field is worth; the text is title and abstract."""

MEANING_TRUST, RERANK_TRUST = 2.0, 0.8
"""How much more a peak of cosines counts than an equal peak of BM25 (see `words_share`), at first and in reranking.

Meaning finds more of what is wanted; words and soft matches put it in a better order."""

NEAR_TIE = 0.0002
"""Scores that differ by less are equally relevant; the best score is 1."""

RERANKED = 70
"""How many of the best are reranked."""

DEEPER = 650
"""So many more hits are asked for, to have BM25 scores of papers found by meaning; one by one takes longer."""

_PEAK = 50
"""The best hit is compared with this many hits to see how far it stands out."""

FAINT = 0.30
"""A cosine below this, with no word in common, is no match."""

BESIDE = ThreadPoolExecutor(thread_name_prefix="words")
"""The thread in which tantivy looks for words while vectors are compared: both release Python's lock."""


Rereading = Callable[[Rows, Scores], Scores]
"""From papers, [n], and their cosines with a query to the scores, [n], that take the cosines' place."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Rows best first, [n], their fused scores, [n], and the scores of each side: BM25 (0 for no match) and cosine."""

    rows: Rows
    scores: Scores
    words: Scores
    meaning: Scores

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, order: NDArray[np.int64]) -> "Ranking":
        """The same ranking, restricted and reordered by positions."""
        return Ranking(self.rows[order], self.scores[order], self.words[order], self.meaning[order])


def understood(index: PaperIndex, typed: str) -> Query:
    """The query that was typed. Raises QueryError.

    A paper's whole title is text, although a part of it may look like an exclusion, a phrase or a field.
    """
    is_title = len(typed.split()) >= 3 and SYNTAX.intersection(typed) and len(index.find_title(typed))
    return Query(text=typed) if is_title else parse_query(typed)


def search(
    index: PaperIndex, query: Query, limit: int, *, among: Rows | None = None, nearer: Rereading | None = None
) -> Ranking:
    """The papers a query asks for, best first, at most `limit`; `among` restricts the answer to some rows.

    `nearer` may know better than the cosines how near the best are to the query's text; they are reranked by it.
    """
    terms = term_weights(index, query.text)
    vector = index.encoder.encode([query.text])[0]
    if not terms and not vector.any():
        return _filtered(index, query.filters, limit, among)
    depth = max(DEPTH, limit)
    looked_up = BESIDE.submit(_look_up, index, query, terms, depth + DEEPER, among)
    meaning = index.nearest(vector, depth, filters=query.filters, among=among)
    words, named, asked = looked_up.result()
    share = words_share(words, meaning, MEANING_TRUST)
    ranking = fuse(index, vector, best_and_among(words, depth, meaning.rows), meaning, share)
    ranking = reranked(index, asked, without_faint(ranking), words_share(words, meaning, RERANK_TRUST), nearer)
    return first(ranking, named).take(np.arange(min(limit, len(ranking))))


def _look_up(
    index: PaperIndex, query: Query, terms: Mapping[str, float], limit: int, among: Rows | None
) -> tuple[Hits, Rows, dict[int, float]]:
    """What a query's words find, the papers it is the whole title of, perhaps with a slip, and its `token_weights`."""
    words = nothing()
    if terms:
        words = index.match_words(terms, limit, fields=FIELDS, filters=query.filters, among=among)
    return words, titled(index, query.text), token_weights(index, query.text)


def term_weights(index: PaperIndex, text: str) -> dict[str, float]:
    """The terms of a typed query and how often each was typed."""
    return {term: float(count) for term, count in Counter(index.analyze(text)).items()}


def nothing() -> Hits:
    """No hits."""
    return Hits(np.empty(0, np.int64), np.empty(0, np.float32))


def best_and_among(hits: Hits, count: int, rows: Rows) -> Hits:
    """The best `count` hits, and some rows with their scores; a row that is no hit gets the score of the last hit."""
    rows = np.sort(rows)
    place = np.minimum(np.searchsorted(rows, hits.rows), len(rows) - 1)
    kept = rows[place] == hits.rows if len(rows) else np.zeros(len(hits.rows), np.bool_)
    below = np.delete(rows, place[kept]) if len(hits.rows) >= count + DEEPER else nothing().rows
    kept[:count] = True
    scores = np.full(len(below), hits.scores[-1], np.float32) if len(below) else nothing().scores
    return Hits(np.concatenate([hits.rows[kept], below]), np.concatenate([hits.scores[kept], scores]))


def with_words_of(index: PaperIndex, terms: Mapping[str, float], words: Hits, rows: Rows) -> Hits:
    """Hits with the scores of some more rows after them: a paper's BM25 counts also below the limit."""
    missing = np.setdiff1d(rows, words.rows)
    if not terms or not len(missing):
        return words
    more = index.match_words(terms, len(missing), fields=FIELDS, among=missing)
    return Hits(np.concatenate([words.rows, more.rows]), np.concatenate([words.scores, more.scores]))


def fuse(index: PaperIndex, vector: Vectors, words: Hits, meaning: Hits, share: float) -> Ranking:
    """Both sides' candidates in one order.

    Each side's scores are divided by its best and added, words with weight `share`, meaning with the rest: the convex
    combination of Bruch, Gai and Ingber (2023).
    """
    rows = np.sort(np.concatenate([words.rows, meaning.rows]))
    rows = rows[np.diff(rows, prepend=-1) > 0]
    if not len(rows):
        empty = np.empty(0, np.float32)
        return Ranking(rows, empty, empty, empty)
    bm25 = np.zeros(len(rows), np.float32)
    bm25[np.searchsorted(rows, words.rows)] = words.scores
    cosine = (index.vectors(rows) @ vector).astype(np.float32)
    fused = np.float32(share) * scaled(bm25) + np.float32(1 - share) * scaled(cosine)
    order = np.lexsort((rows, -fused))
    return Ranking(rows, fused, bm25, cosine).take(order)


def words_share(words: Hits, meaning: Hits, trust: float) -> float:
    """The weight of words against meaning for a typed query, 0 to 1: p^2 / (p^2 + trust * q^2) for peaks p and q.

    The side whose best hits stand out more from the rest is trusted more.
    """
    by_words, by_meaning = peak(words.scores) ** 2, trust * peak(meaning.scores) ** 2
    return by_words / (by_words + by_meaning) if by_words + by_meaning else 0.5


def peak(scores: Scores) -> float:
    """How far the best of some scores stands out from the best fifty, as a share of it."""
    best = float(scores[0]) if len(scores) else 0.0
    return max(0.0, 1.0 - float(scores[:_PEAK].mean()) / best) if best > 0 else 0.0


def scaled(scores: Scores) -> Scores:
    """Scores as shares of the best, nothing below 0."""
    best = scores.max()
    return np.maximum(scores, 0) / best if best > 0 else np.zeros_like(scores)


def without_faint(ranking: Ranking) -> Ranking:
    """A ranking without the papers that share no word and hardly any meaning."""
    return ranking.take(np.flatnonzero((ranking.words > 0) | (ranking.meaning >= FAINT)))


def reranked(
    index: PaperIndex, asked: Mapping[int, float], ranking: Ranking, share: float, nearer: Rereading | None = None
) -> Ranking:
    """A ranking whose best `RERANKED` are in a new order, with scores between 1 and the score of the next one."""
    best, rest = ranking.rows[:RERANKED], ranking.scores[RERANKED:]
    if len(best) < 2:
        return ranking
    meaning = ranking.meaning[: len(best)]
    if nearer is not None:
        meaning = nearer(best, meaning)
    closer = closer_scores(index, asked, best, ranking.words[: len(best)], meaning, share)
    floor = float(rest[0]) if len(rest) else 0.0
    spread = floor + (1 - floor) * (closer - closer.min()) / (np.ptp(closer) or 1)
    order = np.append(np.lexsort((best, -closer)), np.arange(len(best), len(ranking)))
    scores = np.append(spread, rest).astype(np.float32)
    return Ranking(ranking.rows, scores, ranking.words, ranking.meaning).take(order)


def near_ties(scores: Scores) -> Rows:
    """The group of each score, [n], from 0 upwards: neighbours within `NEAR_TIE` of their first are one."""
    groups, start = np.zeros(len(scores), np.int64), 0
    values = scores.tolist()
    for place in range(1, len(values)):
        tied = abs(values[place] - values[start]) < NEAR_TIE
        groups[place] = groups[place - 1] + (not tied)
        start = start if tied else place
    return groups


def titled(index: PaperIndex, text: str) -> Rows:
    """The papers whose whole title was typed, if it is long enough to be one; else those it is but for one slip."""
    exact = index.find_title(text) if len(title_key(text)) >= 3 else np.empty(0, np.int64)
    return exact if len(exact) else index.find_close_title(text)


def first(ranking: Ranking, rows: Rows) -> Ranking:
    """A ranking with those of some rows that are in it moved to the front."""
    wanted = np.isin(ranking.rows, rows)
    return ranking.take(np.concatenate([np.flatnonzero(wanted), np.flatnonzero(~wanted)]))


def _filtered(index: PaperIndex, filters: Filters, limit: int, among: Rows | None) -> Ranking:
    """What meets the filters, newest first, when there is nothing to rank by."""
    hits = index.match_words({}, limit, filters=filters, among=among) if filters else nothing()
    zeros = np.zeros(len(hits.rows), np.float32)
    return Ranking(hits.rows, hits.scores, zeros, zeros)


def tf_idf(index: PaperIndex, texts: Mapping[str, float], limit: int) -> dict[str, float]:
    """The most distinctive terms of weighted texts and their weights, the largest 1; see Manning et al. (2008), ch. 6.

    A term counts (1 + log tf) * log(N / df) in each text; terms of a single paper are left out: they match no other.
    """
    counts = {text: Counter(index.analyze(text)) for text in texts}
    frequency = index.document_frequency({term for counter in counts.values() for term in counter})
    weights: Counter[str] = Counter()
    for text, counter in counts.items():
        for term, count in counter.items():
            if (df := frequency.get(term, 0)) > 1 or len(index) < 50:
                weights[term] += texts[text] * (1 + np.log(count)) * np.log((len(index) + 1) / (df + 0.5))
    strongest = [(term, weight) for term, weight in weights.most_common(limit) if weight > 0]
    return {term: float(weight / strongest[0][1]) for term, weight in strongest}
