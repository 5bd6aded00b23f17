"""The library: asks the store, the index and the engine, and answers with papers.

Commands, the digest and the command line all go through it, so that everyone gets the same answers.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import numpy as np

from bot.engine import reasons
from bot.engine.query import Query, parse_query
from bot.engine.recommend import Background, Opinion, background, distinct, diversify, recommend, similar
from bot.engine.search import Ranking, search
from bot.engine.trending import Prior, Trend, explain, rank, read
from bot.errors import PaperNotFoundError
from bot.papers import PaperId, SignalKind, close_ids, parse_paper_id
from bot.ports import Clock, PaperIndex, Store, StoredPaper

Window = Literal["day", "week", "month"]
WINDOWS: dict[Window, timedelta] = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}

FRESH = timedelta(days=3)
"""How long a paper may be picked for a daily post after it was first seen."""

_PRIOR_MEMORY = timedelta(days=180)
_SETTLED = timedelta(days=3)
_BACKGROUND_SAMPLE = 8192


@dataclass(frozen=True, slots=True)
class Result:
    """A paper in an answer, with its score and the reasons it is there, in words."""

    stored: StoredPaper
    score: float
    reasons: tuple[str, ...]


class Library:
    """One collection of papers and everything one can ask of it."""

    def __init__(self, store: Store, index: PaperIndex, clock: Clock) -> None:
        self.store = store
        self.index = index
        self.clock = clock
        self._background: tuple[int, Background] | None = None
        self._prior: tuple[datetime, Prior] | None = None

    async def find(self, reference: str) -> StoredPaper:
        """The paper that an id, a link or a whole title names.

        Raises PaperNotFoundError, suggesting papers with a title like it.
        """
        if paper_id := parse_paper_id(reference):
            if stored := await self.store.paper(paper_id):
                return stored
        elif rows := [int(row) for row in await asyncio.to_thread(self.index.find_title, reference)]:
            return (await self.store.papers_by_row(rows[:1]))[0]
        raise PaperNotFoundError(await self._not_found(reference, paper_id))

    async def _not_found(self, reference: str, paper_id: PaperId | None) -> str:
        if paper_id:
            close = await self.store.papers(close_ids(paper_id))
            meant = f"Did you mean {_named(close[:3])}?" if close else "Check the id, or search for words of its title."
            return f"No paper {paper_id} here. {meant}"
        ranking = await asyncio.to_thread(search, self.index, Query(text=reference), 3)
        close = await self.store.papers_by_row(ranking.rows.tolist())
        return f"No paper is called “{reference}”." + (f" Did you mean {_named(close)}?" if close else "")

    async def search(self, typed: str, limit: int = 10, offset: int = 0) -> list[Result]:
        """Papers for a search as typed, from the `offset`-th best on.

        Raises QueryError when it cannot be understood and PaperNotFoundError when it names a paper that is not here.
        """
        query = parse_query(typed)
        if query.paper_id:
            return [Result(await self.find(typed), 1.0, ("the paper you named",))] if not offset else []
        ranking = await asyncio.to_thread(search, self.index, query, offset + limit)
        return await self._results(ranking, offset, reasons.for_search(self.index, query))

    async def similar(self, references: Sequence[str], limit: int = 10, offset: int = 0) -> list[Result]:
        """Papers like the ones named. Raises PaperNotFoundError."""
        seeds = [await self.find(reference) for reference in references]
        papers = {seed.row: seed.paper for seed in seeds}
        ranking = await asyncio.to_thread(similar, self.index, papers, offset + limit)
        return await self._results(ranking, offset, reasons.for_similar(self.index, list(papers.values())))

    async def recommend(
        self, opinions: Sequence[Opinion], limit: int = 10, offset: int = 0, *, exclude: Iterable[int] = ()
    ) -> list[Result]:
        """Papers for somebody with these opinions: none they judged, none in `exclude` (rows), no two alike."""
        ranking = await asyncio.to_thread(self._recommend, opinions, offset + limit, frozenset(exclude))
        return await self._results(ranking, offset, reasons.for_profile(self.index, opinions))

    def _recommend(self, opinions: Sequence[Opinion], limit: int, exclude: frozenset[int]) -> Ranking:
        now = self.clock.now()
        ranking = recommend(self.index, opinions, self._known(), 4 * limit, now=now, exclude=exclude)
        return diversify(ranking, self.index.vectors(ranking.rows), limit)

    def _known(self) -> Background:
        """Mean and covariance of the papers here, from a sample; computed anew when the collection has changed."""
        watermark = self.index.watermark
        if self._background is None or self._background[0] != watermark:
            self._background = (watermark, background(self.index.sample(_BACKGROUND_SAMPLE)))
        return self._background[1]

    async def trending(
        self, window: Window = "day", limit: int = 10, offset: int = 0, *, topic: str = ""
    ) -> list[Result]:
        """Papers first seen in the window before now, by expected final interest, best first.

        With a topic, only those a search for it finds among them. Raises QueryError for a topic not understood.
        """
        now = self.clock.now()
        trends = await self.trends(now - WINDOWS[window], now)
        if topic:
            query = parse_query(topic)
            rows = np.array([stored.row for stored, _ in trends], np.int64)
            about = await asyncio.to_thread(search, self.index, query, len(rows), among=rows)
            found = set(about.rows.tolist())
            trends = [(stored, trend) for stored, trend in trends if stored.row in found]
        return [_trending_result(stored, trend) for stored, trend in trends[offset : offset + limit]]

    async def front_page(self, count: int) -> list[Result]:
        """What a daily post would bring now: trending papers of the last days, no two of them the same news."""
        now = self.clock.now()
        trends = (await self.trends(now - FRESH, now))[: 10 * count]
        rows = np.array([stored.row for stored, _ in trends], np.int64)
        chosen = distinct(await asyncio.to_thread(self.index.vectors, rows), count)
        return [_trending_result(*trends[position]) for position in chosen]

    async def trends(self, start: datetime, as_of: datetime) -> list[tuple[StoredPaper, Trend]]:
        """Every paper first seen in [start, as_of) of which signals are known, by expected final interest."""
        candidates = await self.store.papers_with_signals(start, as_of)
        by_id = {stored.paper.id: stored for stored in candidates}
        series = await self.store.signals(list(by_id), until=as_of)
        prior = await self._learned_prior(as_of)
        papers = [stored.paper for stored in candidates]
        readings = [read(series[paper.id], as_of) for paper in papers]
        trends = rank(papers, readings, as_of, {paper.id: prior.expect(paper) for paper in papers})
        return [(by_id[trend.paper.id], trend) for trend in trends]

    async def _learned_prior(self, as_of: datetime) -> Prior:
        """What papers of known origin came to in the half year before; learned once an hour."""
        moment = as_of.replace(minute=0, second=0, microsecond=0)
        if self._prior is None or self._prior[0] != moment:
            stored = await self.store.papers_with_signals(moment - _PRIOR_MEMORY, moment - _SETTLED)
            series = await self.store.signals([s.paper.id for s in stored], until=moment)
            prior = Prior()
            for paper in (s.paper for s in stored):
                votes = [signal.value for signal in series[paper.id] if signal.kind is SignalKind.UPVOTES]
                if votes:
                    prior.learn(paper, max(votes))
            self._prior = (moment, prior)
        return self._prior[1]

    async def _results(self, ranking: Ranking, offset: int, explainer: reasons.Explainer) -> list[Result]:
        """The papers of a ranking from `offset` on, with reasons."""
        page = ranking.take(np.arange(min(offset, len(ranking)), len(ranking)))
        place = {int(row): i for i, row in enumerate(page.rows)}
        stored = await self.store.papers_by_row(page.rows.tolist())
        return [
            Result(paper, float(page.scores[place[paper.row]]), explainer(page, place[paper.row], paper.paper))
            for paper in stored
        ]


def _trending_result(stored: StoredPaper, trend: Trend) -> Result:
    signs = explain(trend.reading)
    return Result(stored, trend.expected, (signs,) if signs else ("new",))


def _named(papers: Sequence[StoredPaper]) -> str:
    return "; ".join(f"{stored.paper.id} ({stored.paper.title})" for stored in papers)
