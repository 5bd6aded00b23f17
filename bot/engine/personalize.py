"""Which trending papers one channel gets: trends, combined with the channel's topics and profile.

A pool of candidates is prepared once for all channels; for each channel a few arrays are combined.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
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
    """What one channel wants: its topics, the direction of its profile [dim] (zero for none), on how many ratings
    the profile rests, the rows it has seen, and the least interest expected of a paper, in upvotes."""

    topics: Sequence[Topic]
    profile: Vectors
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


def tailor(pool: Pool, preferences: Preferences, count: int) -> list[Pick]:
    """The papers for one channel, at most `count`: unseen, unblocked, relevant and unlike each other.

    The best come first; with the scope `topics-first` those about a topic come before all others.
    """
    if not len(pool):
        return []
    allowed, wanted = _allowed(pool, preferences), preferences.wanted
    matches = np.stack([pool.topic(topic.text) for topic in wanted]) if wanted else np.zeros((1, len(pool)), np.float32)
    score = _scores(pool, preferences) + np.float32(TOPIC_WEIGHT) * matches.max(axis=0)
    if not wanted or preferences.scope is Scope.EVERYTHING:
        chosen = _diverse(pool, np.where(allowed, score, -np.inf), count)
    else:
        about = matches.max(axis=0) >= MATCH
        chosen = _diverse(pool, np.where(allowed & about, score, -np.inf), count)
        if preferences.scope is Scope.TOPICS_FIRST and len(chosen) < count:
            chosen += _diverse(pool, np.where(allowed & ~about, score, -np.inf), count - len(chosen))
    return [_pick(position, score, wanted, matches) for position in chosen]


class Matched(NamedTuple):
    """How many papers of a pool, new to a channel and not blocked there, are about its topics, and how many are not."""

    about: int
    others: int


def matched(pool: Pool, preferences: Preferences, since: datetime | None) -> Matched:
    """Count the papers first seen after a moment, or all where it is None, by whether they are about a topic."""
    new = np.ones(len(pool), bool) if since is None else ~(pool.first_seen <= since.timestamp())
    allowed = _allowed(pool, preferences) & new
    about = np.zeros(len(pool), bool)
    for topic in preferences.wanted:
        about |= pool.topic(topic.text) >= MATCH
    return Matched(int((allowed & about).sum()), int((allowed & ~about).sum()))


def _allowed(pool: Pool, preferences: Preferences) -> NDArray[np.bool_]:
    """Which papers a channel may get, [n]: of enough interest, unseen and not about a topic it blocks."""
    allowed = pool.expected >= preferences.minimum
    allowed[[pool.position[row] for row in preferences.hidden if row in pool.position]] = False
    for topic in preferences.topics:
        if not topic.wanted:
            allowed &= pool.topic(topic.text) < MATCH
    return allowed


def _scores(pool: Pool, preferences: Preferences) -> Scores:
    """Expected interest, and how well each paper fits the profile, [n]."""
    score = pool.interest.copy()
    if preferences.judgements and preferences.profile.any():
        audience = (pool.vectors @ preferences.profile).astype(np.float32)
        audience /= max(float(np.abs(audience).max()), 1e-6)
        score += np.float32(PROFILE_WEIGHT * preferences.judgements / (preferences.judgements + CONFIDENT)) * audience
    return score


def _pick(position: int, score: Scores, wanted: Sequence[Topic], matches: Scores) -> Pick:
    best = int(matches[:, position].argmax())
    match = float(matches[best, position])
    topic = wanted[best].called if wanted and match >= MATCH else ""
    return Pick(position, float(score[position]), topic, match)


def _diverse(pool: Pool, score: Scores, count: int) -> list[int]:
    """Positions of the best papers, best first, without near duplicates, each unlike those before (see `diversify`)."""
    size = min(_SHORT_LIST * count, len(score))
    best = np.argpartition(-score, size - 1)[:size]
    best = best[np.lexsort((best, -score[best]))]
    best = best[np.isfinite(score[best])]
    best = best[distinct(pool.vectors[best], len(best))]
    chosen = relevant_and_new(score[best], pool.vectors[best], count)
    return [int(best[position]) for position in sorted(chosen)]
