"""Journals through Crossref, each by its ISSN: what publishers registered day by day."""

import re
from typing import Any

from pydantic_core import from_json

from adapters.sources import csl
from adapters.sources.client import Answer, Client, Session, Transient
from adapters.sources.paged import Days, Page, PagedSource, Rhythm
from adapters.sources.records import Entry, RecordError
from adapters.sources.services import read_as
from bot.config import Settings
from bot.domain.papers import PaperKind
from bot.errors import SourceError
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

_ISSN = re.compile(r"\d{4}-\d{3}[\dX]")


class Journals:
    """How Crossref is asked for a journal's works registered in some days."""

    name = "journals"

    def __init__(self, url: str, contact: str) -> None:
        self._url = url
        self._told = {"mailto": contact} if "@" in contact else {}

    async def page(self, session: Session, stream: str, days: Days, position: str) -> Page:
        """A page; the last one is empty, and the cursor may be the same all the way."""
        issn = stream.upper()
        if not _ISSN.fullmatch(issn):
            raise SourceError(f"{stream} is no ISSN; write it like 0028-0836")
        params = {
            "filter": f"from-created-date:{days.first},until-created-date:{days.last},type:journal-article",
            "select": _SELECTED,
            "rows": str(_PAGE),
            "cursor": position or _FIRST,
            **self._told,
        }
        items, cursor = await session.get(f"{self._url}/journals/{issn}/works", _parse, params=params)
        return Page([_entry(item) for item in items], cursor if len(items) >= _PAGE else "")


def _parse(answer: Answer) -> tuple[list[object], str]:
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
