"""Which trending papers one channel gets: trends, combined with the channel's topics and profile.

A pool of candidates is prepared once for all channels, and compared with the profiles of many at once; for each channel
a few arrays are combined.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.domain.destinations import Scope
from bot.domain.papers import Paper
from bot.domain.people import Topic
from bot.engine.diversity import distinct, relevant_and_new
from bot.engine.query import Query, parse_query
from bot.engine.topics import MATCH, Papers, TopicModel, said
from bot.engine.trending import Reading
from bot.errors import QueryError
from bot.ports import PaperIndex, Rows, Scores, Vectors

TOPIC_WEIGHT = 1.0
"""How much a matched topic counts against the strongest trend."""

PROFILE_WEIGHT = 1.0
"""How much a profile of very many ratings counts against the strongest trend."""

CONFIDENT = 6.0
"""Ratings after which a profile counts half of `PROFILE_WEIGHT`."""

_SHORT_LIST = 8
"""For each paper wanted, so many candidates are considered for diversity."""


@dataclass(frozen=True, eq=False)
class Pool:
    """Papers that may be picked, [n], by expected interest, best first.

    `expected` are upvotes, [n]; `vectors`, [n, dim], have unit length.
    """

    index: PaperIndex
    rows: Rows
    papers: Sequence[Paper]
    readings: Sequence[Reading]
    expected: NDArray[np.float64]
    vectors: Vectors
    forecast_reasons: Sequence[str]
    """Why something is expected of papers without a known vote; empty for the others."""
    model: TopicModel
    _topics: dict[str, Scores] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def interest(self) -> Scores:
        """Expected interest from 0 to 1, [n], on a logarithmic scale: 10 upvotes are to 100 as 100 to 1,000."""
        if not len(self):
            return np.empty(0, np.float32)
        grown = np.log1p(self.expected).astype(np.float32)
        share: Scores = grown / max(grown.max(), np.float32(1e-6))
        return share

    @cached_property
    def position(self) -> Mapping[int, int]:
        """Row -> its place in the pool."""
        return {row: place for place, row in enumerate(self.rows.tolist())}

    @cached_property
    def first_seen(self) -> NDArray[np.float64]:
        """When each paper was first seen, in seconds of Unix time; not a number where that is not known, [n]."""
        return np.array([p.first_seen.timestamp() if p.first_seen else np.nan for p in self.papers], np.float64)

    def fits(self, profiles: Vectors) -> Scores:
        """How well each paper fits each of some profiles [k, dim], [k, n]: from -1 to 1, and 0 for a zero profile."""
        fits: Scores = profiles @ self.vectors.T
        fits /= np.abs(fits).max(axis=1, initial=1e-6)[:, None]
        return fits

    def topic(self, text: str) -> Scores:
        """How probable it is that each paper is about a topic, [n]; computed once. What cannot be parsed is nowhere."""
        if text not in self._topics:
            self._topics[text] = self._match(text)
        return self._topics[text]

    def _match(self, typed: str) -> Scores:
        try:
            query = parse_query(typed)
        except QueryError:
            return np.zeros(len(self), np.float32)
        if query.paper_ids:
            return self._named(query)
        words = query.words
        about = self.model.probabilities(words, self._compared) if words else np.ones(len(self), np.float32)
        if not query.filters:
            return about
        hits = self.index.match_words({}, len(self), filters=query.filters, among=np.sort(self.rows))
        return np.where(np.isin(self.rows, hits.rows), about, np.float32(0))

    def _named(self, query: Query) -> Scores:
        return np.array([paper.id in query.paper_ids for paper in self.papers], np.float32)

    @cached_property
    def _compared(self) -> Papers:
        return Papers(self.papers, [said(paper) for paper in self.papers], self.vectors)


class Preferences(NamedTuple):
    """What one channel wants of a pool: its topics, how well each paper fits its profile [n] (see `Pool.fits`), on how
    many ratings the profile rests, the rows it has seen, and the least interest expected of a paper, in upvotes."""

    topics: Sequence[Topic]
    fit: Scores
    judgements: int
    hidden: frozenset[int]
    minimum: float = 0.0
    scope: Scope = Scope.TOPICS_ONLY

    @property
    def wanted(self) -> list[Topic]:
        """The topics to see more of."""
        return [topic for topic in self.topics if topic.wanted]


class Pick(NamedTuple):
    """A chosen paper: its position in the pool, its score, what the topic is called that it is about (empty for none),
    and how probably it is."""

    position: int
    score: float
    topic: str
    match: float


class Matched(NamedTuple):
    """How many papers of a pool, new to a channel and not blocked there, are about its topics, and how many are not."""

    about: int
    others: int


class Choice:
    """What one channel may get of a pool, and what of it it gets."""

    def __init__(self, pool: Pool, preferences: Preferences) -> None:
        self._pool = pool
        self._preferences = preferences
        self._wanted = preferences.wanted
        self._matches = [pool.topic(topic.text) for topic in self._wanted]
        self._match = reduce(np.maximum, self._matches, np.zeros(len(pool), np.float32))
        self._about = self._match >= MATCH
        self._allowed = _allowed(pool, preferences)

    def matched(self, since: datetime | None) -> Matched:
        """Count the papers first seen after a moment, or all where it is None, by whether they are about a topic."""
        new = self._allowed if since is None else self._allowed & ~(self._pool.first_seen <= since.timestamp())
        about = int(np.count_nonzero(new & self._about))
        return Matched(about, int(np.count_nonzero(new)) - about)

    def picks(self, count: int) -> list[Pick]:
        """The papers for the channel, at most `count`: unseen, unblocked, relevant and unlike each other.

        The best come first; with the scope `topics-first` those about a topic come before all others.
        """
        scope = self._preferences.scope
        if not self._wanted or scope is Scope.EVERYTHING:
            chosen = self._best(self._allowed, count)
        else:
            chosen = self._best(self._allowed & self._about, count)
            if scope is Scope.TOPICS_FIRST:
                chosen += self._best(self._allowed & ~self._about, count - len(chosen))
        return [self._pick(position) for position in chosen]

    def _best(self, among: NDArray[np.bool_], count: int) -> list[int]:
        """Positions of the best of some papers, [n], best first, without near duplicates, each unlike those before (see
        `relevant_and_new`)."""
        places = np.flatnonzero(among)
        if not len(places) or not count:
            return []
        scores = self._scores[places]
        size = min(_SHORT_LIST * count, len(places))
        short = np.argpartition(-scores, size - 1)[:size]
        short = short[np.lexsort((places[short], -scores[short]))]
        vectors = self._pool.vectors[places[short]]
        kept = distinct(vectors, len(short))
        chosen = relevant_and_new(scores[short[kept]], vectors[kept], count)
        return [int(places[short[kept[position]]]) for position in sorted(chosen)]

    @cached_property
    def _scores(self) -> Scores:
        """Expected interest, how well each paper fits the profile, and how probably it is about a topic, [n]."""
        judgements = self._preferences.judgements
        trust = np.float32(PROFILE_WEIGHT * judgements / (judgements + CONFIDENT))
        scores: Scores = self._pool.interest + trust * self._preferences.fit + np.float32(TOPIC_WEIGHT) * self._match
        return scores

    def _pick(self, position: int) -> Pick:
        score, match = float(self._scores[position]), float(self._match[position])
        about = (topic for topic, of in zip(self._wanted, self._matches, strict=True) if of[position] == match)
        return Pick(position, score, next(about).called if match >= MATCH else "", match)


def _allowed(pool: Pool, preferences: Preferences) -> NDArray[np.bool_]:
    """Which papers a channel may get, [n]: of enough interest, unseen and not about a topic it blocks."""
    allowed = pool.expected >= preferences.minimum
    allowed[[pool.position[row] for row in preferences.hidden & pool.position.keys()]] = False
    for topic in preferences.topics:
        if not topic.wanted:
            allowed &= pool.topic(topic.text) < MATCH
    return allowed
