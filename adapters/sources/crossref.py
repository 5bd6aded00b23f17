"""Journals through Crossref, each by its ISSN: what publishers registered day by day."""

import re
from collections.abc import Sequence
from typing import Any

from pydantic_core import from_json

from adapters.sources import csl
from adapters.sources.client import Answer, Client, Session, Transient
from adapters.sources.paged import Days, Page, PagedSource, Rhythm
from adapters.sources.records import Entry, RecordError
from adapters.sources.services import read_as
from bot.config import Settings
from bot.domain.papers import PaperKind, venue_key
from bot.ports import Clock, Sleep

_PAGE = 200
_FIRST = "*"

_INTERVAL = 1.0
"""Seconds between two requests; the service tells its own limit with every answer."""

_SELECTED = (
    "DOI,URL,type,title,subtitle,author,abstract,container-title,volume,issue,page,article-number,issued,published-online"
    ",published-print,created,subject,relation,ISSN"
)
"""What is asked for; whole works come with all their references."""

_NOT_FOUND = frozenset({404})

_ISSN = re.compile(r"\d{4}-\d{3}[\dX]")


class Journals:
    """How Crossref is asked for a journal's works registered in some days; a journal's title is looked up first."""

    name = "journals"

    def __init__(self, url: str, contact: str) -> None:
        self._url = url
        self._identity = {"mailto": contact} if "@" in contact else {}
        self._numbers: dict[str, str] = {}

    async def page(self, session: Session, stream: str, days: Days, position: str) -> Page:
        """A page; the last one is not full, and the cursor may be the same all the way."""
        issn = await self._issn(session, stream)
        if not issn:
            return Page((), notes=(f"Crossref knows no journal called {stream}",))
        params = {
            "filter": f"from-created-date:{days.first},until-created-date:{days.last},type:journal-article",
            "select": _SELECTED,
            "rows": str(_PAGE),
            "cursor": position or _FIRST,
            **self._identity,
        }
        url = f"{self._url}/journals/{issn}/works"
        message = await session.get(url, _parse, params=params, accept=_NOT_FOUND)
        if message is None:
            return Page((), notes=(f"Crossref knows no journal with the ISSN {issn}",))
        items, cursor = message
        return Page([_entry(item) for item in items], cursor if len(items) >= _PAGE else "")

    async def _issn(self, session: Session, stream: str) -> str:
        """The ISSN of a journal, by which it may be called already; empty for none of exactly this title."""
        if _ISSN.fullmatch(stream.upper()):
            return stream.upper()
        if stream not in self._numbers:
            params = {"query": stream, "rows": "20", **self._identity}
            found = await session.get(f"{self._url}/journals", _parse, params=params)
            self._numbers[stream] = _number_of(stream, found[0] if found else ())
        return self._numbers[stream]


def _number_of(title: str, journals: Sequence[object]) -> str:
    for journal in journals:
        known = journal if isinstance(journal, dict) else {}
        if venue_key(str(known.get("title"))) == venue_key(title) and known.get("ISSN"):
            return str(known["ISSN"][0])
    return ""


def _parse(answer: Answer) -> tuple[list[object], str] | None:
    """The items of an answer, and the cursor of the next page; None where there is nothing of that name."""
    if answer.status in _NOT_FOUND:
        return None
    try:
        message: Any = from_json(answer.body)["message"]
        return list(message["items"]), str(message.get("next-cursor") or "")
    except (ValueError, TypeError, KeyError) as error:
        raise Transient(f"not an answer of Crossref: {error}") from None


def _entry(item: object) -> Entry:
    if not isinstance(item, dict):
        return RecordError("not a JSON object")
    entry = read_as(csl.flatten, item)
    if isinstance(entry, RecordError):
        return entry
    registered = (item.get("created") or {}).get("date-time")
    return {**entry, "first_seen": registered, "kind": PaperKind.ARTICLE}


def from_settings(settings: Settings, clock: Clock, sleep: Sleep) -> PagedSource:
    """The source with its own polite client."""
    url = settings.crossref_api_url
    client = Client(origins=frozenset({url}), clock=clock, sleep=sleep, interval=_INTERVAL, contact=settings.contact)
    rhythm = Rhythm(first_days=14, days_at_once=14)
    listing = Journals(url, settings.contact)
    return PagedSource(listing, client, clock, settings.journals, rhythm, unset="PAPERBOY_JOURNALS")
