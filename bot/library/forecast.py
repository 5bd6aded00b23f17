"""What papers are expected to come to: asks the store what is known of them, and learns from what earlier ones did."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from bot.domain.categories import called
from bot.domain.paper_ids import PaperId
from bot.engine.fields import field_of, standardised, standings
from bot.engine.prior import SETTLED, Prior
from bot.engine.trending import Reading, Trend, rank, read
from bot.ports import PaperIndex, PaperUpvotes, Store, StoredPaper

_MEMORY = timedelta(days=180)
"""How far back it learns from."""


class Forecast:
    """Ranks the papers of a store by the interest they are expected to end with."""

    def __init__(self, store: Store, index: PaperIndex) -> None:
        self._store = store
        self._index = index
        self._prior: tuple[datetime, Prior] | None = None

    async def ranked(self, candidates: Sequence[StoredPaper], as_of: datetime) -> list[tuple[StoredPaper, Trend]]:
        """Papers by expected final interest, best first, from what was known at a moment."""
        by_id = {stored.paper.id: stored for stored in candidates}
        readings = await self.readings(list(by_id), as_of)
        prior = await self._learned_prior(as_of)
        papers = [stored.paper for stored in candidates]
        rows = np.array([stored.row for stored in candidates], np.int64)

        def ranked() -> list[Trend]:
            expected = prior.expect(papers, self._index.vectors(rows))
            fields = [field_of(paper) for paper in papers]
            unvoted = np.array([readings[paper.id].upvotes is None for paper in papers], bool)
            expected = np.where(unvoted, standardised(expected, fields), expected)
            trends = rank(papers, [readings[paper.id] for paper in papers], as_of, expected)
            return _with_reasons(trends, prior)

        return [(by_id[trend.paper.id], trend) for trend in await asyncio.to_thread(ranked)]

    async def readings(self, ids: Sequence[PaperId], as_of: datetime) -> dict[PaperId, Reading]:
        """What the world's signals and the saves here say of papers at a moment; every id asked has a reading."""
        series = await self._store.signals(ids, until=as_of)
        saves = await self._store.count_saves(ids, until=as_of)
        return {paper_id: read(series[paper_id], as_of, saves=saves[paper_id]) for paper_id in ids}

    async def _learned_prior(self, as_of: datetime) -> Prior:
        """What papers came to in the half year before; learned once an hour."""
        moment = as_of.replace(minute=0, second=0, microsecond=0)
        if self._prior is None or self._prior[0] != moment:
            final_upvotes = await self._store.final_upvotes(moment - _MEMORY, moment - SETTLED, until=moment)
            self._prior = (moment, await asyncio.to_thread(self._learn, final_upvotes))
        return self._prior[1]

    def _learn(self, final_upvotes: Sequence[PaperUpvotes]) -> Prior:
        prior = Prior()
        vectors = self._index.vectors(np.array([outcome.row for outcome in final_upvotes], np.int64))
        prior.learn(
            [outcome.paper for outcome in final_upvotes], vectors, [outcome.upvotes for outcome in final_upvotes]
        )
        return prior


def _with_reasons(trends: Sequence[Trend], prior: Prior) -> list[Trend]:
    """The trends, those without votes with why much is expected of them."""
    fields = [field_of(trend.paper) for trend in trends]
    names = {field: called(field) for field in fields}
    places = standings(np.array([trend.expected for trend in trends]), fields, names)
    return [
        trend
        if trend.reading.upvotes is not None
        else replace(trend, forecast_reason=", ".join(filter(None, [prior.because(trend.paper), place])))
        for trend, place in zip(trends, places, strict=True)
    ]
