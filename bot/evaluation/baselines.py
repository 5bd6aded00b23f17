"""What people would use instead: each ranks rows of an index, or papers by their votes."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from math import log10

import numpy as np

from bot.domain.papers import Paper
from bot.engine.profile import unit
from bot.engine.search import Ranking, term_weights
from bot.engine.terms import dot, term_background, tf_idf_values
from bot.engine.trending import Reading
from bot.ports import Hits, PaperIndex, Rows, Scores, TermCounts, Vectors

_FIELDS = {"text": 1.0}


def bm25(index: PaperIndex, text: str, limit: int, *, among: Rows | None = None) -> Ranking:
    """BM25 alone, over title and abstract as one text."""
    return _ranking(index.match_words(term_weights(index, text), limit, fields=_FIELDS, among=among))


def encoder(index: PaperIndex, vector: Vectors, limit: int, *, among: Rows | None = None) -> Ranking:
    """The cosine of the encoder's vectors alone."""
    return _ranking(index.nearest(unit(vector), limit, among=among))


def _ranking(hits: Hits) -> Ranking:
    return Ranking(hits.rows, hits.scores, hits.scores, hits.scores)


class TfIdf:
    """The cosine of tf-idf vectors, over all papers of an index."""

    def __init__(self, index: PaperIndex) -> None:
        self._index = index
        self._rows = index.sample(len(index))
        self._terms = index.terms(self._rows)
        self._known = term_background(self._terms)
        self._values = tf_idf_values(self._terms, self._known.rarity)

    def for_text(self, text: str, limit: int) -> Ranking:
        """Papers by their cosine with a text."""
        counts = Counter(self._index.term_numbers(self._index.analyze(text)))
        numbers = np.array(list(counts), np.uint32)
        asked = TermCounts(np.array([0, len(counts)]), numbers, np.array(list(counts.values()), np.uint32))
        return self._nearest(asked, limit, None, self._rows[:0])

    def for_papers(self, rows: Rows, limit: int, *, among: Rows | None = None) -> Ranking:
        """Papers by their cosine with the mean of some, without these."""
        return self._nearest(self._index.terms(rows), limit, among, rows)

    def _nearest(self, asked: TermCounts, limit: int, among: Rows | None, hidden: Rows) -> Ranking:
        wanted = np.zeros_like(self._known.rarity)
        np.add.at(wanted, asked.numbers, tf_idf_values(asked, self._known.rarity))
        return best(self._rows, dot(self._terms, self._values, wanted), limit, among, hidden)


class SupportVectors:
    """A linear support vector machine on tf-idf vectors for each profile, as arxiv-sanity-lite trains them.

    Saved papers are the positive class, all others the negative one; C = 0.01, classes balanced. Raises ImportError
    without scikit-learn.
    """

    def __init__(self, index: PaperIndex) -> None:
        from scipy.sparse import csr_matrix
        from sklearn.svm import LinearSVC

        self._make = LinearSVC
        self._rows = index.sample(len(index))
        papers = index.terms(self._rows)
        known = term_background(papers)
        values = tf_idf_values(papers, known.rarity)
        self._matrix = csr_matrix((values, papers.numbers.astype(np.int32), papers.bounds))

    def for_papers(self, rows: Rows, limit: int, *, among: Rows | None = None) -> Ranking:
        """Papers by their distance from the plane between some papers and all others."""
        wanted = np.isin(self._rows, rows)
        machine = self._make(class_weight="balanced", C=0.01, max_iter=10_000, tol=1e-6)
        machine.fit(self._matrix, wanted)
        return best(self._rows, machine.decision_function(self._matrix), limit, among, rows)


def best(rows: Rows, scores: Scores, limit: int, among: Rows | None, hidden: Rows) -> Ranking:
    """The rows of `among` with the largest scores, without the hidden ones."""
    allowed = ~np.isin(rows, hidden)
    if among is not None:
        allowed &= np.isin(rows, among)
    rows, scores = rows[allowed], scores[allowed]
    order = np.lexsort((rows, -scores))[:limit]
    return Ranking(rows[order], scores[order], scores[order], scores[order])


VoteRule = Callable[[Reading, float], float]
"""What is known of a paper and its age in hours -> its place in the order, the larger the better."""


def upvotes(reading: Reading, _age: float) -> float:
    """Upvotes so far."""
    return float(reading.upvotes or 0)


def hacker_news(reading: Reading, age: float) -> float:
    """Hacker News' gravity: (votes - 1) / (hours + 2)^1.8."""
    return float((upvotes(reading, age) - 1) / (age + 2) ** 1.8)


def reddit_hot(reading: Reading, age: float) -> float:
    """Reddit's hot: log10 of the votes, and 12.5 hours of youth for each ten times as many."""
    return log10(max(upvotes(reading, age), 1)) - age / 12.5


VOTE_RULES: dict[str, VoteRule] = {"upvotes": upvotes, "hacker_news": hacker_news, "reddit_hot": reddit_hot}


def by_rule(rule: VoteRule, papers: Sequence[Paper], readings: Sequence[Reading], now: datetime) -> list[Paper]:
    """Papers in the order of a rule; of equals the younger first, then by id."""
    ages = [(now - paper.first_seen) / timedelta(hours=1) if paper.first_seen else 0.0 for paper in papers]
    keys = [(-rule(r, age), age, p.id) for p, r, age in zip(papers, readings, ages, strict=True)]
    return [papers[i] for i in sorted(range(len(papers)), key=keys.__getitem__)]
