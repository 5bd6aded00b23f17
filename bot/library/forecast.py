"""What papers are expected to come to: asks the store what is known of them, and learns from what earlier ones did."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from bot.domain.categories import called
from bot.domain.paper_ids import PaperId
from bot.engine.fields import field_of, standardised, standings, unvoted_fields, with_records
from bot.engine.prior import SETTLED, Prior
from bot.engine.records import REACH, AuthorRecords
from bot.engine.trending import Reading, Trend, rank, read
from bot.ports import PaperIndex, PaperUpvotes, StoredPaper

if TYPE_CHECKING:
    from bot.ports import LibraryStore

_MEMORY = timedelta(days=180)
"""How far back it learns from votes."""

_EARLIER = timedelta(days=30)
"""Papers of a record are at least so old: what is ranked is not in it."""


class Forecast:
    """Ranks the papers of a store by the interest they are expected to end with."""

    def __init__(self, store: "LibraryStore", index: PaperIndex) -> None:
        self._store = store
        self._index = index
        self._prior: tuple[datetime, Prior] | None = None
        self._records: tuple[date, AuthorRecords] | None = None

    async def ranked(self, candidates: Sequence[StoredPaper], as_of: datetime) -> list[tuple[StoredPaper, Trend]]:
        """Papers by expected final interest, best first, from what was known at a moment."""
        by_id = {stored.paper.id: stored for stored in candidates}
        readings = await self.readings(list(by_id), as_of)
        prior = await self._learned_prior(as_of)
        records = await self.author_records(as_of)
        papers = [stored.paper for stored in candidates]
        rows = np.array([stored.row for stored in candidates], np.int64)

        def ranked() -> list[Trend]:
            expected = prior.expect(papers, self._index.vectors(rows))
            fields = [field_of(paper) for paper in papers]
            voted = np.array([readings[paper.id].upvotes is not None for paper in papers], bool)
            unread = unvoted_fields(fields, voted)
            weighed = with_records(expected, records.of(papers), fields, unread)
            expected = np.where(voted, expected, standardised(weighed, fields))
            trends = rank(papers, [readings[paper.id] for paper in papers], as_of, expected)
            return _with_reasons(trends, prior, records, unread)

        return [(by_id[trend.paper.id], trend) for trend in await asyncio.to_thread(ranked)]

    async def readings(self, ids: Sequence[PaperId], as_of: datetime) -> dict[PaperId, Reading]:
        """What the world's signals and the saves here say of papers at a moment; every id asked has a reading."""
        series = await self._store.signals(ids, until=as_of)
        saves = await self._store.count_saves(ids, until=as_of)
        return {paper_id: read(series[paper_id], as_of, saves=saves[paper_id]) for paper_id in ids}

    async def author_records(self, as_of: datetime) -> AuthorRecords:
        """What the authors of the papers here did in the two years before; read once a day."""
        if self._records is None or self._records[0] != as_of.date():
            end = as_of - _EARLIER
            papers = await self._store.author_citations(end - REACH, end, until=as_of)
            self._records = (as_of.date(), await asyncio.to_thread(AuthorRecords, papers))
        return self._records[1]

    async def labs(self, as_of: datetime) -> list[str]:
        """The organisations that papers of the last half year are known to come from, those of most papers first."""
        return (await self._learned_prior(as_of)).organizations()

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


def _with_reasons(
    trends: Sequence[Trend], prior: Prior, records: AuthorRecords, unread: Collection[str]
) -> list[Trend]:
    """The trends, those without votes with why much is expected of them; `unread` are the fields not voted on."""
    fields = [field_of(trend.paper) for trend in trends]
    names = {field: called(field) for field in fields}
    places = standings(np.array([trend.expected for trend in trends]), fields, names)

    def reason(trend: Trend, field: str, place: str) -> str:
        record = records.because(trend.paper) if field in unread else ""
        return ", ".join(filter(None, [prior.because(trend.paper), record, place]))

    return [
        trend if trend.reading.upvotes is not None else replace(trend, forecast_reason=reason(trend, field, place))
        for trend, field, place in zip(trends, fields, places, strict=True)
    ]
