"""bioRxiv and medRxiv: what was posted day by day, in all categories or in some."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import from_json

from adapters.sources.client import Answer, Client, Session, Transient
from adapters.sources.paged import Days, Page, PagedSource, Rhythm
from adapters.sources.preprints import flatten
from adapters.sources.records import Entry, RecordError
from bot.config import Settings
from bot.errors import SourceError
from bot.ports import Clock, Sleep

_INTERVAL = 1.0
"""Seconds between two requests; the service names no limit."""

_NOTHING = "no posts found"


class Preprints:
    """How api.biorxiv.org is asked for the versions posted on a server in some days."""

    def __init__(self, server: str, url: str) -> None:
        self.name = server
        self._url = url

    async def page(self, session: Session, stream: str, days: Days, position: str) -> Page:
        """A page; the service names the step from page to page, which has changed before."""
        at = int(position or 0)
        url = f"{self._url}/details/{self.name}/{days.first}/{days.last}/{at}/json"
        params = {"category": stream.replace(" ", "_")} if stream else None
        items, total = await session.get(url, lambda answer: _parse(answer, at), params=params)
        entries = [entry for item in items if (entry := self._entry(item, stream)) is not None]
        following = at + len(items)
        return Page(entries, str(following) if following < total else "")

    def _entry(self, item: object, category: str) -> Entry | None:
        if not isinstance(item, dict):
            return RecordError("not a JSON object")
        if category and str(item.get("category", "")).lower() != category:
            return None  # In case a mirror does not filter.
        return flatten({"server": self.name, **item})


def _parse(answer: Answer, at: int) -> tuple[Sequence[object], int]:
    """The records of an answer and how many there are on all pages together."""
    try:
        parsed = from_json(answer.body)
        summary: Mapping[str, Any] = parsed["messages"][0]
        status, items = str(summary["status"]), parsed.get("collection") or []
        total = int(summary.get("total") or summary.get("count") or len(items))
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise Transient(f"not an answer of this service: {error}") from None
    if status != "ok":
        # An interval without posts is told in a sentence.
        if status.lower().startswith(_NOTHING):
            return [], 0
        raise SourceError(f"the service says: {status}")
    if not items and at < total:
        raise Transient(f"an empty page at {at:,} of {total:,} records")
    return items, total


def biorxiv(settings: Settings, clock: Clock, sleep: Sleep) -> PagedSource:
    """bioRxiv with its own polite client."""
    return _source("biorxiv", settings.biorxiv_categories, settings, clock, sleep)


def medrxiv(settings: Settings, clock: Clock, sleep: Sleep) -> PagedSource:
    """medRxiv with its own polite client."""
    return _source("medrxiv", settings.medrxiv_categories, settings, clock, sleep)


def _source(server: str, categories: Sequence[str], settings: Settings, clock: Clock, sleep: Sleep) -> PagedSource:
    url = settings.biorxiv_api_url
    client = Client(origins=frozenset({url}), clock=clock, sleep=sleep, interval=_INTERVAL, contact=settings.contact)
    streams = [category.lower() for category in categories] or [""]
    return PagedSource(Preprints(server, url), client, clock, streams, Rhythm(days_at_once=2))
