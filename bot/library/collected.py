"""The papers of a list, of posts or of a search: what files and feeds are made of."""

from collections.abc import Iterable
from datetime import UTC, datetime, time

from bot.domain.feeds import Collection, Feed
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.errors import PaperNotFoundError
from bot.library.app import App
from bot.library.clubs import read_at
from bot.library.shelves import Kept, asked, place_papers, saved_papers

MOST_LISTED = 200
"""Papers of posts and of a search, which have no end."""

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


async def papers_of(app: App, feed: Feed) -> list[Kept]:
    """What a feed or a file holds, with the moment when it was saved, posted or first seen.

    Raises QueryError for a search that cannot be understood.
    """
    match feed.collection:
        case Collection.ME:
            return await saved_papers(app, feed.person, feed.query)
        case Collection.CHANNEL:
            return await place_papers(app, feed.place, feed.query)
        case Collection.POSTS:
            return await _posted(app, feed)
        case Collection.CLUB:
            return await _read(app, feed)
        case Collection.SEARCH:
            return await _found(app, feed.query)


async def _posted(app: App, feed: Feed) -> list[Kept]:
    """What was posted to a place, the newest first."""
    return await _known(app, feed, await app.store.posted_lately(feed.place, limit=MOST_LISTED))


async def _read(app: App, feed: Feed) -> list[Kept]:
    """What the reading group of a place has read, the last first."""
    meetings = await read_at(app.store, feed.place)
    return await _known(app, feed, [(each.winner, each.meets_at) for each in meetings if each.winner])


async def _known(app: App, feed: Feed, dated: Iterable[tuple[PaperId, datetime]]) -> list[Kept]:
    """The papers among ids with their moments that are here, each once, and of these what is asked for."""
    kept: dict[int, Kept] = {}
    for paper_id, at in dated:
        if stored := await app.store.paper(paper_id):
            kept.setdefault(stored.row, Kept(stored, at))
    return await asked(app, list(kept.values()), feed.query)


async def _found(app: App, query: str) -> list[Kept]:
    """What a search finds, the newest first unless it says otherwise."""
    ordered = query if "sort:" in query else f"{query} sort:new"
    try:
        results = await app.library.search(ordered, MOST_LISTED)
    except PaperNotFoundError:
        return []
    return [Kept(result.stored, _seen(result.stored.paper)) for result in results]


def _seen(paper: Paper) -> datetime:
    """When a paper was first seen, else midnight (UTC) of the day it was published."""
    if paper.first_seen or not paper.published:
        return paper.first_seen or _LONG_AGO
    return datetime.combine(paper.published, time(), UTC)
