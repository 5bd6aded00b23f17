"""OpenReview: the papers that some venues have accepted."""

from typing import Any

from pydantic_core import from_json

from adapters.sources.client import Answer, Client, Session, Transient
from adapters.sources.openreview_notes import flatten, is_accepted, is_public, public_content
from adapters.sources.paged import Days, Page, PagedSource, Rhythm
from adapters.sources.records import Entry, RecordError
from adapters.sources.services import read_as
from bot.config import Settings
from bot.ports import Clock, Sleep

_PAGE = 1_000
"""Notes asked for at a time, the most there are in an answer."""

_INTERVAL = 2.0
"""Seconds between two requests; the service names no limit."""

_DAILY = Rhythm(first_days=0, reread_days=-1, days_at_once=100_000)
"""A venue has no days: its list is read once a day, as a whole."""


class Venues:
    """How version 2 of the API is asked for a venue's papers."""

    name = "openreview"

    def __init__(self, url: str) -> None:
        self._url = url

    async def page(self, session: Session, stream: str, days: Days, position: str) -> Page:
        """A page of a venue's list, whatever the days."""
        start = int(position or 0)
        params = {"content.venueid": stream, "limit": str(_PAGE), "offset": str(start)}
        notes, count = await session.get(f"{self._url}/notes", _parse, params=params)
        entries = [entry for note in notes if (entry := _entry(note, stream)) is not None]
        following = start + len(notes)
        return Page(entries, str(following) if notes and following < count else "")


def _parse(answer: Answer) -> tuple[list[object], int]:
    """The notes of an answer, and how many there are in all; older answers do not say."""
    try:
        parsed: Any = from_json(answer.body)
        notes = list(parsed["notes"])
        return notes, int(parsed.get("count") or 0) or len(notes)
    except (ValueError, TypeError, KeyError) as error:
        raise Transient(f"not an answer of OpenReview: {error}") from None


def _entry(note: object, venue: str) -> Entry | None:
    """The record of an accepted paper; None for another note."""
    if not isinstance(note, dict) or not isinstance(note.get("content"), dict):
        return RecordError("not a note")
    content = public_content(note)
    wanted = is_public(note) and is_accepted(content) and content.get("venueid") == venue
    return read_as(flatten, note) if wanted else None


def from_settings(settings: Settings, clock: Clock, sleep: Sleep) -> PagedSource:
    """The source with its own polite client."""
    url = settings.openreview_api_url
    client = Client(origins=frozenset({url}), clock=clock, sleep=sleep, interval=_INTERVAL, contact=settings.contact)
    venues = settings.openreview_venues
    return PagedSource(Venues(url), client, clock, venues, _DAILY, unset="PAPERBOY_OPENREVIEW_VENUES")
