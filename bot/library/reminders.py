"""What a channel knows of a paper, told again when the paper comes up there: once, and not soon again."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.counts import counted
from bot.domain.dates import long_ago
from bot.domain.messages import Text, link, text
from bot.domain.paper_ids import PaperId
from bot.domain.people import PaperHistory, Place
from bot.ports import Store

RESTS = timedelta(days=14)
"""How long nothing more is said of a paper to whom it was said."""

_STILL_SEEN = timedelta(days=1)
"""What was said within this time is still before people's eyes."""

Permalink = Callable[[str], Awaitable[str]]
"""The address of a message of a place, by its id; empty where there is none."""


async def no_permalink(_message: str) -> str:
    """The address where messages have none."""
    return ""


async def reminder(
    store: Store,
    place: Place,
    paper_id: PaperId,
    *,
    now: datetime,
    reader: str = "",
    without: str = "",
    permalink: Permalink = no_permalink,
) -> Text:
    """`Shared here 3 weeks ago by ana, 4 saves.`, for a reader (`person:1`) or everybody in a place.

    The message `without` is the one it comes up in, which does not count. Empty where the place knows nothing of the
    paper, where links are not watched, and where it was said lately.
    """
    if place.private or not await store.is_watched(place.key):
        return ()
    history = await store.paper_history(place.key, paper_id)
    earlier = tuple(sighting for sighting in history.sightings if sighting.message != without)
    history = replace(history, sightings=earlier)
    known_since = _known_since(history)
    if known_since is None or known_since > now - _STILL_SEEN:
        return ()
    if not await store.claim_reminder(place.key, reader, paper_id, now=now, since=now - RESTS):
        return ()
    return await _told(history, now, permalink)


def _known_since(history: PaperHistory) -> datetime | None:
    """When the paper last came up in a message, else when it was first saved; None where the place does not know it."""
    return history.sightings[0].at if history.sightings else history.saved_at


async def _told(history: PaperHistory, now: datetime, permalink: Permalink) -> Text:
    """That it was read here, else the newest message somebody shared it in, else the newest post, else its save."""
    saves = f", {counted(history.saves, 'save')}" if history.saves else ""
    if history.read_at and history.read_at <= now:
        posted = next((sighting.message for sighting in history.sightings if not sighting.shared), "")
        when = link(long_ago(history.read_at, now), await permalink(posted) if posted else "")
        return text("Read here in the reading group ", when, f"{saves}.")
    shared = (sighting for sighting in history.sightings if sighting.shared)
    told = next(shared, next(iter(history.sightings), None))
    if told is None:
        return text(f"Saved here {long_ago(history.saved_at or now, now)}{saves}.")
    by = f" by {told.by or 'somebody'}" if told.shared else ""
    when = link(long_ago(told.at, now), await permalink(told.message))
    return text("Shared here " if told.shared else "Posted here ", when, f"{by}{saves}.")
