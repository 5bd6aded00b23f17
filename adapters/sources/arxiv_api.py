"""arXiv's API: a search by time of submission, window by window and page by page."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timedelta

from adapters.sources.arxiv_state import Progress, Step, Sweep
from adapters.sources.arxiv_xml import AtomFeed, XmlError, parse_atom
from adapters.sources.client import Answer, Session, Transient
from adapters.sources.records import gather
from bot.errors import SourceError
from bot.ports import Batch, Clock

_PAGE = 1_000
"""Papers asked for at a time; arXiv allows 2,000 and answers large pages with errors more often."""

_MOST_RESULTS = 30_000
"""The API lists no more of a search, so a window with more is split."""

_BAD_REQUEST = 400


async def sweep(
    session: Session, progress: Progress, url: str, categories: Iterable[str], clock: Clock
) -> AsyncIterator[Step]:
    """The rest of the search that `progress.sweep` stands in, a step per page. Raises SourceError.

    A page that comes twice ends it with a note.
    """
    subjects = " OR ".join(f"cat:{category}" for category in categories)
    current, before = progress.sweep, AtomFeed([], 0)
    while current:
        feed = await _page(session, url, subjects, current)
        if current.position and feed.entries and feed.entries == before.entries:
            yield Step(progress, Batch(notes=("the API gave the same page twice, the sync ended there",)))
            return
        before = feed
        if feed.total > _MOST_RESULTS:
            current = _halve(current, feed.total)
            continue
        located = ((f"arxiv API result {current.position + n}", entry) for n, entry in enumerate(feed.entries, 1))
        batch = await asyncio.to_thread(gather, located, source="arxiv", at=clock.now())
        following = _next(current, feed)
        update: dict[str, object] = {"sweep": following}
        if following is None:
            update |= {"read": current.until.date(), "due": False}
        progress = progress.model_copy(update=update)
        yield Step(progress, batch if feed.total else Batch(notes=(_note_nothing(current),)))
        current = following


async def _page(session: Session, url: str, subjects: str, at: Sweep) -> AtomFeed:
    params = {
        "search_query": f"({subjects}) AND submittedDate:[{at.start:%Y%m%d%H%M} TO {at.end:%Y%m%d%H%M}]",
        "start": str(at.position),
        "max_results": str(_PAGE),
        "sortBy": "submittedDate",
        "sortOrder": "ascending",
    }

    def parse(answer: Answer) -> AtomFeed:
        feed = _parse(answer)
        # A search that had results and now has none at all is as untrue as a page without those it should have.
        if not feed.entries and (at.position < feed.total or (at.position and not feed.total)):
            raise Transient(f"an empty page at {at.position:,} of {feed.total:,} results")
        return feed

    return await session.get(url, parse, params=params, accept=frozenset({_BAD_REQUEST}))


def _parse(answer: Answer) -> AtomFeed:
    try:
        feed = parse_atom(answer.body)
    except XmlError as error:
        raise Transient(str(error)) from None
    if feed.error or answer.status == _BAD_REQUEST:
        raise SourceError(f"arXiv says: {feed.error or 'bad request'}")
    return feed


def _halve(window: Sweep, total: int) -> Sweep:
    middle = (window.start + (window.end - window.start) / 2).replace(second=0, microsecond=0)
    if middle <= window.start:
        raise SourceError(f"arXiv lists {total:,} papers for the minute {window.start:%Y-%m-%d %H:%M}")
    return window.model_copy(update={"end": middle, "position": 0})


def _next(at: Sweep, feed: AtomFeed) -> Sweep | None:
    """The following page, else the following window, else None.

    Windows share their boundary minute: whether a search includes its last seconds is not documented.
    """
    position = at.position + len(feed.entries)
    if position < feed.total:
        return at.model_copy(update={"position": position})
    if at.end >= at.until:
        return None
    return at.model_copy(update={"start": at.end, "end": _end_after(at), "position": 0})


def _end_after(at: Sweep) -> datetime:
    """A window twice as long as the last: where papers grow sparser, fewer requests do."""
    return min(at.until, at.end + 2 * max(at.end - at.start, timedelta(minutes=1)))


def _note_nothing(at: Sweep) -> str:
    return f"the API has no papers submitted from {at.start:%Y-%m-%d %H:%M} to {at.end:%Y-%m-%d %H:%M}"
