"""The library: asks the store, the index and the engine, and answers with papers.

Commands, the digest and the command line all go through it, so that everyone gets the same answers.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from bot.domain.paper_ids import PaperId
from bot.domain.references import is_text_too, parse_paper_id
from bot.engine import explanations
from bot.engine.boosts import added, by_authors, by_community, by_topics
from bot.engine.diversity import repetitions_last
from bot.engine.names import introducing, raised
from bot.engine.profile import Background, Rating
from bot.engine.query import SYNTAX, Query, Sort, parse_query, published_since
from bot.engine.recommend import recommend, similar
from bot.engine.search import Ranking, near_ties, search, understood
from bot.engine.spelling import respelled
from bot.engine.trending import Reading, Trend, explain
from bot.errors import UserError
from bot.library.finding import Finder, being_fetched, require_readable
from bot.library.forecast import Forecast
from bot.library.lookup import Lookup
from bot.library.pools import Pools, not_withdrawn
from bot.library.second_reading import SecondReader
from bot.ports import Clock, PaperIndex, StoredPaper
from bot.runtime.cores import cores

if TYPE_CHECKING:
    from bot.domain.people import Topic
    from bot.engine.personalize import Pool
    from bot.library.readers import Reader
    from bot.ports import LibraryStore

Window = Literal["day", "week", "month"]
WINDOWS: dict[Window, timedelta] = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}

FRESH = timedelta(days=3)
"""How long a paper may be picked for a daily post after it was first seen."""

_READ = 10_000
"""Papers of a window, the newest, that are ranked; those with votes are ranked beside them."""

_SPARE = 4
"""Papers asked for beyond what is wanted, and as many more for each blocked topic: some may be about it."""

_AT_ONCE = cores()
"""Answers that are worked out at a time: more threads than cores take Python's lock from each other."""

REACH = 150
"""How many papers an answer ranks at once: its pages are slices of one ranking, and it ends there."""


@dataclass(frozen=True, slots=True)
class Result:
    """A paper in an answer, with its score and the reasons it is there, in words."""

    stored: StoredPaper
    score: float
    reasons: tuple[str, ...]


class Basis(StrEnum):
    """What recommendations for somebody rest on."""

    RATINGS = "ratings"
    TOPICS = "topics"
    TRENDING = "trending"


class Recommended(NamedTuple):
    """Papers for a reader, the best first, and what they rest on."""

    results: list[Result]
    basis: Basis


class Library:
    """One collection of papers and everything one can ask of it."""

    reader: SecondReader | None = None
    """What reads papers beside the index, where there is something."""

    def __init__(self, store: "LibraryStore", index: PaperIndex, clock: Clock, lookup: Lookup | None = None) -> None:
        self._store = store
        self._index = index
        self._clock = clock
        self.lookup = lookup or Lookup(store, index, clock)
        """What asks services for papers that are not here; without one given, nobody is asked."""
        self._finder = Finder(store, index, self.lookup)
        self._forecast = Forecast(store, index)
        self._pools = Pools(store, index, clock, self._forecast)
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def find(self, reference: str) -> StoredPaper:
        """The paper that an id, a link or a whole title names, from here or from the services that know it.

        Raises PaperNotFoundError, BeingFetchedError and LookupFailedError.
        """
        return await self._finder.find(reference)

    async def find_all(self, ids: Sequence[PaperId]) -> tuple[list[StoredPaper], list[UserError]]:
        """The papers with these ids, and what is to say of those that are not here."""
        return await self._finder.find_all(ids)

    async def labs(self) -> list[str]:
        """The organisations that papers of the last half year are known to come from, those of most papers first."""
        return await self._forecast.labs(self._clock.now())

    async def search(
        self, typed: str, limit: int = 10, offset: int = 0, *, since: date | None = None, fetch: bool = False
    ) -> list[Result]:
        """Papers for a search as typed, from the `offset`-th best on, perhaps none published before `since`.

        Unknown words are taken for known ones like them. Where papers are about equally relevant, the more upvoted,
        then the more cited and then the newer comes first. With `fetch`, a paper that it names is asked for where it
        is not here. Raises QueryError when the search cannot be understood and PaperNotFoundError when it names a
        paper that is not here.
        """
        require_readable(typed)
        # Only what may be more than words is looked up first, beside the event loop.
        is_plain = SYNTAX.isdisjoint(typed)
        query = parse_query(typed) if is_plain else await asyncio.to_thread(understood, self._index, typed)
        if since:
            query = published_since(query, since)
        if named := await self._named(query, fetch=fetch):
            return [Result(stored, 1.0, ("the paper you named",)) for stored in named[offset : offset + limit]]
        return await self._in_turn(lambda: self._found(query, limit, offset))

    async def _in_turn(self, answer: Callable[[], list[Result]]) -> list[Result]:
        """What a function answers in a thread, when it is its turn."""
        async with self._turns:
            return await asyncio.to_thread(answer)

    async def _named(self, query: Query, *, fetch: bool) -> list[StoredPaper]:
        """The papers that a query names. Raises PaperNotFoundError when it is nothing but an id that is not here.

        What has the form of an id may be a text (`LoRA:lowrank`). With `fetch`, papers named among words are asked
        for, too, and those errors come for them that `find` raises.
        """
        named = await self._store.papers(query.paper_ids) if query.paper_ids else []
        sought = [paper_id for paper_id in query.paper_ids if not is_text_too(paper_id)]
        if named or not sought:
            return named
        if fetch:
            found, problems = await self._finder.find_all(sought)
            if waiting := being_fetched(problems):
                raise waiting
            if not found:
                raise problems[0]
            return found
        alone = parse_paper_id(query.text)
        return await self._finder.missing(alone) if alone in sought else []

    def _found(self, typed: Query, limit: int, offset: int) -> list[Result]:
        """One page of the papers a query asks for; for a thread, because it reads from the database."""
        index = self._index.unchanging()
        meant = respelled(index, typed)
        nearer = self.reader.nearer(meant.text) if self.reader else None
        ranking = search(index, meant, max(REACH, limit), nearer=nearer)
        why = explanations.for_search(index, meant, respelled=meant.text != typed.text)
        if typed.sort != "relevance":
            return self._results(_page(self._sorted(ranking, typed.sort), limit, offset), why)
        named = introducing(index, meant, ranking, self._store.read_papers)
        if named is not None:
            ranking = raised(ranking, named)
        groups = near_ties(ranking.scores)
        page = groups[offset : offset + limit]
        if not len(page):
            return []
        # A group may reach over the page's ends: all of it is put in order, so that pages fit together.
        start, end = np.searchsorted(groups, page[0]), np.searchsorted(groups, page[-1], side="right")
        ranking = ranking.take(np.arange(start, end))
        group = dict(zip(ranking.rows.tolist(), groups[start:end].tolist(), strict=True))
        return self._popular_first(self._results(ranking, why), group)[offset - start :][:limit]

    def _popular_first(self, results: list[Result], group: Mapping[int, int]) -> list[Result]:
        """Results by group (row -> group), and within one the more upvoted, more cited and newer first."""
        sizes = Counter(group.values())
        tied = [row for row, its in group.items() if sizes[its] > 1]
        if not tied:
            return results
        now = self._clock.now()
        upvotes, citations = self._store.read_upvotes(tied, until=now), self._store.read_citations(tied, until=now)

        def place(result: Result) -> tuple[int, int, int, int]:
            row, published = result.stored.row, result.stored.paper.published
            return group[row], -upvotes.get(row, 0), -citations.get(row, 0), -(published or date.min).toordinal()

        return sorted(results, key=place)

    def _sorted(self, ranking: Ranking, order: Sort) -> Ranking:
        """The papers of a ranking, the newest, the most upvoted or the most cited first."""
        rows = ranking.rows.tolist()
        if order == "new":
            published = {stored.row: stored.paper.published for stored in self._store.read_papers(rows)}
            keys = [(published.get(row) or date.min).toordinal() for row in rows]
        else:
            read = self._store.read_upvotes if order == "top" else self._store.read_citations
            counts = read(rows, until=self._clock.now())
            keys = [counts.get(row, 0) for row in rows]
        return ranking.take(np.argsort(-np.array(keys), kind="stable"))

    async def similar(self, references: Sequence[str], limit: int = 10, offset: int = 0) -> list[Result]:
        """Papers like the ones named. Raises PaperNotFoundError."""
        seeds = [await self.find(reference) for reference in references]
        papers = {seed.row: seed.paper for seed in seeds}
        together = await self._store.saved_together(list(papers))
        ratings = [Rating(row, paper, 1.0) for row, paper in papers.items()]

        def found() -> list[Result]:
            community = by_community(together, ratings, self._clock.now())
            index = self._index.unchanging()
            boosts = added(community, by_authors(index, papers.values()))
            ranking = _page(similar(index, papers, max(REACH, limit), boosts=boosts), limit, offset)
            return self._results(ranking, explanations.for_similar(index, list(papers.values()), community))

        return await self._in_turn(found)

    async def recommend(
        self,
        ratings: Sequence[Rating],
        limit: int = 10,
        *,
        exclude: Iterable[int] = (),
        follows: Sequence["Topic"] = (),
        explore: bool = False,
    ) -> list[Result]:
        """Papers for somebody with these ratings: none they rated, none in `exclude` (rows), no two alike.

        `follows` are topics and authors they follow; `explore` puts a few papers in that are less certain to please,
        the same ones all day.
        """
        known, now = await self.known(), self._clock.now()
        together = await self._store.saved_together([rating.row for rating in ratings if rating.weight > 0])
        seed = now.toordinal() if explore else None

        def found() -> list[Result]:
            index = self._index.unchanging()
            boosts = added(by_community(together, ratings, now), by_topics(index, follows))
            ranking = recommend(index, ratings, known, limit, now=now, exclude=exclude, boosts=boosts, explore=seed)
            return self._results(ranking, explanations.for_profile(index, ratings, boosts))

        return await self._in_turn(found)

    async def for_reader(
        self, reader: "Reader", limit: int, *, exclude: frozenset[int] = frozenset(), explore: bool = False
    ) -> Recommended:
        """Papers for somebody, from the best that is known of them: ratings, else topics, else what is trending.

        None they rated, none in `exclude` (rows) and none about a topic they block. `explore` as for `recommend`.
        """
        wanted = limit + _SPARE * (1 + len(reader.blocked))
        if any(rating.weight > 0 for rating in reader.ratings):
            basis = Basis.RATINGS
            found = await self.recommend(
                reader.ratings, wanted, exclude=exclude, follows=reader.wanted, explore=explore
            )
        else:
            hidden = exclude | {rating.row for rating in reader.ratings}
            basis = Basis.TOPICS if reader.wanted else Basis.TRENDING
            most = wanted + len(hidden)
            results = await (self._about(reader.wanted, most) if reader.wanted else self.trending("week", most))
            found = [result for result in results if result.stored.row not in hidden]
        return Recommended((await self.without(found, reader.blocked))[:limit], basis)

    async def _about(self, topics: Sequence["Topic"], limit: int) -> list[Result]:
        """Papers of the last year about any of some topics, the best first."""
        since = (self._clock.now() - timedelta(days=365)).date()
        best: dict[int, Result] = {}
        for topic in topics:
            for result in await self.search(topic.text, limit, since=since):
                known = best.get(result.stored.row)
                if known is None or known.score < result.score:
                    best[result.stored.row] = result
        return sorted(best.values(), key=lambda result: -result.score)

    async def trending(
        self, window: Window = "day", limit: int = 10, offset: int = 0, *, topic: str = ""
    ) -> list[Result]:
        """Papers first seen in the window before now, by expected final interest, best first; repeated news comes last.

        A day reaches back to the whole newest list, as long as its papers are fresh: sources list papers by the day.
        With a topic, only those that are about it. Raises QueryError for a topic not understood.
        """
        trends = await self._window(window, self._clock.now(), topic)
        rows = np.array([stored.row for stored, _ in trends[:REACH]], np.int64)
        order = await asyncio.to_thread(lambda: repetitions_last(self._index.vectors(rows)))
        listed = [trends[position] for position in order] + trends[REACH:]
        return [_trending_result(stored, trend) for stored, trend in listed[offset : offset + limit]]

    async def _window(self, window: Window, now: datetime, topic: str) -> list[tuple[StoredPaper, Trend]]:
        """The papers of a window about a topic, by expected final interest; about anything without one."""
        start = now - WINDOWS[window]
        if window == "day":
            fresh = await self._store.papers_with_signals(now - FRESH, now)
            newest = max(filter(None, (stored.paper.first_seen for stored in fresh)), default=now)
            start = min(start, newest.replace(hour=0, minute=0, second=0, microsecond=0))
        if topic:
            parse_query(topic)
        seen = (await self._store.papers_seen(start, now))[:_READ]
        # A month may have more papers than are read; those with votes are never left out.
        voted = await self._store.papers_with_signals(start, now)
        new = not_withdrawn(list({stored.row: stored for stored in (*seen, *voted)}.values()))
        if topic:
            new = await self._those_about(new, topic)
        return await self._forecast.ranked(new, now)

    async def about(self, papers: Sequence[StoredPaper], topics: Iterable[str]) -> dict[str, frozenset[int]]:
        """Topic -> the rows of the papers that are about it; none for a topic that cannot be parsed."""
        return await self._pools.about(papers, topics)

    async def pool(self, reach: timedelta) -> "Pool":
        """Everything first seen within `reach` before now, ready to be picked from; kept for some minutes."""
        return await self._pools.within(reach)

    async def _those_about(self, papers: Sequence[StoredPaper], topic: str) -> list[StoredPaper]:
        rows = (await self.about(papers, [topic]))[topic]
        return [stored for stored in papers if stored.row in rows]

    async def known(self) -> Background:
        """Mean and covariance of the vectors of the papers here."""
        return await asyncio.to_thread(self._pools.background)

    async def without(self, results: Sequence[Result], topics: Iterable[str]) -> list[Result]:
        """The results that are about none of some topics."""
        kept = [result.stored for result in results]
        for topic in topics:
            about = (await self.about(kept, [topic]))[topic]
            kept = [stored for stored in kept if stored.row not in about]
        rows = {stored.row for stored in kept}
        return [result for result in results if result.stored.row in rows]

    async def readings(self, ids: Sequence[PaperId], as_of: datetime) -> dict[PaperId, Reading]:
        """What the world's signals and the saves here say of papers at a moment; every id asked has a reading."""
        return await self._forecast.readings(ids, as_of)

    def _results(self, ranking: Ranking, explainer: explanations.Explainer) -> list[Result]:
        """The papers of a ranking, with reasons; for a thread, because it reads from the database."""
        place = {row: i for i, row in enumerate(ranking.rows.tolist())}
        stored = self._store.read_papers(list(place))
        ranking = ranking.take(np.array([place[paper.row] for paper in stored], np.int64))
        reasons = explainer(ranking, [paper.paper for paper in stored])
        return [Result(p, s, why) for p, s, why in zip(stored, ranking.scores.tolist(), reasons, strict=True)]


def _page(ranking: Ranking, limit: int, offset: int) -> Ranking:
    return ranking.take(np.arange(min(offset, len(ranking)), min(offset + limit, len(ranking))))


def _trending_result(stored: StoredPaper, trend: Trend) -> Result:
    reasons = tuple(filter(None, (explain(trend.reading), trend.forecast_reason)))
    return Result(stored, trend.expected, reasons)
