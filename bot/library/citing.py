"""Who cites the papers of which somebody follows that: asked every now and then, and each citing paper told once.

Who is on the list when it is first read cited the paper before it was followed, but for what was published since.
Afterwards whoever is new on it is news, whenever it was published: services tell of citations weeks late.
"""

from collections import defaultdict
from datetime import date, timedelta

from bot.domain.follows import CitedPaper
from bot.domain.paper_ids import PaperId
from bot.errors import SourceError
from bot.library.lookup import plain_reason
from bot.ports import Batch, CitationService, Clock, Store
from bot.runtime.cancellation import to_its_end
from bot.runtime.lazy_log import log

_AGAIN = timedelta(hours=12)
"""The time between two readings of one list."""

_AT_ONCE = 200
"""Lists read in one sync: at one a second that is some minutes."""

_FAILURES = 3
"""After so many the service is left alone until the next sync."""

_KEPT = timedelta(days=3)
"""How long it is known who cites a paper that nobody follows any more: who unfollowed by a slip misses nothing."""


async def read_citing(store: Store, service: CitationService | None, clock: Clock) -> int:
    """Ask who cites what is followed so, and note what is new; returns how many papers that are."""
    if service is None:
        return 0
    now, found, failures = clock.now(), 0, 0
    await to_its_end(store.drop_cited(asked_before=now - _KEPT))
    for cited in (await store.due_cited(read_before=now - _AGAIN))[:_AT_ONCE]:
        error = ""
        try:
            found += await _read(store, service, clock, cited)
        except SourceError as failure:
            error, failures = plain_reason(failure), failures + 1
            log().warning("who cites a paper could not be asked", paper=cited.ids[0], reason=error)
        await to_its_end(store.record_request(service.name, now=clock.now(), error=error))
        if failures == _FAILURES:
            break
    return found


async def _read(store: Store, service: CitationService, clock: Clock, cited: CitedPaper) -> int:
    """Read one list. What was read of it stands when the rest cannot be, or when Paperboy is stopped."""
    await to_its_end(store.begin_citing(cited.row, now=clock.now()))
    known = set(await store.citing(cited.row))
    # From a whole year on, since of some papers only the year is known.
    since, count = date(clock.now().year - 1, 1, 1), 0
    async for batch in service.citing(cited.ids, since=since):
        ids = _ids(batch)
        fresh = {paper_id for paper_id, names in ids.items() if known.isdisjoint(names)}
        news = [paper for paper in batch.papers if paper.id in fresh and not paper.withdrawn]
        if cited.is_new:
            news = [paper for paper in news if paper.published and paper.published >= cited.since]
        if news:
            told = {paper.id for paper in news}
            named = [pair for pair in batch.aliases if pair[0] in told]
            await to_its_end(store.save_batch(service.name, Batch(papers=news, aliases=named), now=clock.now()))
        more = {name for names in ids.values() for name in names} - known
        await to_its_end(store.note_citing(cited.row, more, [paper.id for paper in news]))
        known |= more
        count += len(news)
    await to_its_end(store.end_citing(cited.row, now=clock.now()))
    return count


def _ids(batch: Batch) -> dict[PaperId, set[PaperId]]:
    """All ids of the papers of a batch, by the main one."""
    ids: defaultdict[PaperId, set[PaperId]] = defaultdict(set)
    for paper in batch.papers:
        ids[paper.id].add(paper.id)
    for paper_id, alias in batch.aliases:
        ids[paper_id].add(alias)
    return ids
