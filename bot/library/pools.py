"""Papers ready to be picked from, and which are about a topic."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from bot.engine.profile import Background, background
from bot.engine.records import AuthorRecords
from bot.engine.topics import MATCH, TopicModel
from bot.engine.trending import Reading, Trend
from bot.library.forecast import Forecast
from bot.ports import Clock, PaperIndex, StoredPaper

if TYPE_CHECKING:
    from bot.engine.personalize import Pool
    from bot.ports import LibraryStore

_POOL = 10_000
"""Papers of most interest among which a post is picked."""


class Pools:
    """What is learned of the papers here as a whole, and kept: their background, topics, and pools of new papers."""

    def __init__(self, store: "LibraryStore", index: PaperIndex, clock: Clock, forecast: Forecast) -> None:
        self._store = store
        self._index = index
        self._clock = clock
        self._forecast = forecast
        self._background: tuple[int, Background] | None = None
        self._topics: TopicModel | None = None
        self._pools: dict[tuple[timedelta, int, datetime], Pool] = {}

    def background(self) -> Background:
        """What papers at large look like here; reasons anew when the collection has grown by a fiftieth."""
        size = len(self._index)
        if self._background is None or abs(size - self._background[0]) > self._background[0] // 50:
            self._background = (size, background(self._index))
        return self._background[1]

    async def about(self, papers: Sequence[StoredPaper], topics: Iterable[str]) -> dict[str, frozenset[int]]:
        """Topic -> the rows of the papers that are about it; none for a topic that cannot be parsed."""
        wanted = list(topics)
        if not wanted or not papers:
            return dict.fromkeys(wanted, frozenset())
        records = await self._forecast.author_records(self._clock.now())

        def found() -> dict[str, frozenset[int]]:
            pool = self._made([(stored, Trend(stored.paper, 0.0, Reading())) for stored in papers], records)
            return {topic: frozenset(pool.rows[pool.topic(topic) >= MATCH].tolist()) for topic in wanted}

        return await asyncio.to_thread(found)

    async def within(self, reach: timedelta) -> "Pool":
        """Everything first seen within `reach` before now, ready to be picked from; kept for some minutes."""
        now = self._clock.now()
        key = (
            reach,
            await self._store.last_revision(),
            now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0),
        )
        if key not in self._pools:
            seen = not_withdrawn(await self._store.papers_seen(now - reach, now))
            trends = (await self._forecast.ranked(seen, now))[:_POOL]
            self._pools = {known: pool for known, pool in self._pools.items() if known[1:] == key[1:]}
            records = await self._forecast.author_records(now)
            self._pools[key] = await asyncio.to_thread(self._made, trends, records)
        return self._pools[key]

    def _made(self, trends: Sequence[tuple[StoredPaper, Trend]], records: AuthorRecords) -> "Pool":
        from bot.engine.personalize import Pool

        rows = np.array([stored.row for stored, _ in trends], np.int64)
        return Pool(
            index=self._index,
            rows=rows,
            papers=[stored.paper for stored, _ in trends],
            readings=[trend.reading for _, trend in trends],
            expected=np.array([trend.expected for _, trend in trends]),
            vectors=self._index.vectors(rows),
            forecast_reasons=[trend.forecast_reason for _, trend in trends],
            model=self._topic_model(records),
        )

    def _topic_model(self, records: AuthorRecords) -> TopicModel:
        """What tells which papers are about a topic; made anew with the background and with the authors' records."""
        known = self.background()
        if self._topics is None or self._topics.known is not known or self._topics.records is not records:
            self._topics = TopicModel(self._index, known, records)
        return self._topics


def not_withdrawn(papers: Sequence[StoredPaper]) -> list[StoredPaper]:
    """Papers that nobody has taken back: others can be found, and are marked, but are never proposed."""
    return [stored for stored in papers if not stored.paper.withdrawn]
