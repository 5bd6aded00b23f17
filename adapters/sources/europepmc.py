"""Europe PMC: preprints of all servers that meet some saved queries."""

from typing import Any

from pydantic_core import from_json

from adapters.sources.client import Answer, Client, Session, Transient
from adapters.sources.europepmc_records import flatten
from adapters.sources.paged import Days, Page, PagedSource, Rhythm
from adapters.sources.records import Entry, RecordError
from bot.config import Settings
from bot.ports import Clock, Sleep

_PAGE = 100
_FIRST = "*"

_INTERVAL = 0.5
"""Seconds between two requests; the service asks for no more than ten a second."""


class EuropePmc:
    """How Europe PMC is asked for preprints first published in some days."""

    name = "europepmc"

    def __init__(self, url: str) -> None:
        self._url = url

    async def page(self, session: Session, stream: str, days: Days, position: str) -> Page:
        """A page; the end is a mark that is missing or has not changed."""
        mark = position or _FIRST
        params = {
            "query": f"({stream}) AND SRC:PPR AND FIRST_PDATE:[{days.first} TO {days.last}]",
            "resultType": "core",
            "format": "json",
            "pageSize": str(_PAGE),
            "cursorMark": mark,
        }
        items, following = await session.get(f"{self._url}/search", _parse, params=params)
        entries: list[Entry] = [
            flatten(item) if isinstance(item, dict) else RecordError("not a JSON object") for item in items
        ]
        return Page(entries, following if items and following != mark else "")


def _parse(answer: Answer) -> tuple[list[object], str]:
    try:
        parsed: Any = from_json(answer.body)
        return list(parsed["resultList"]["result"]), str(parsed.get("nextCursorMark") or "")
    except (ValueError, TypeError, KeyError) as error:
        raise Transient(f"not an answer of Europe PMC: {error}") from None


def from_settings(settings: Settings, clock: Clock, sleep: Sleep) -> PagedSource:
    """The source with its own polite client."""
    url = settings.europepmc_api_url
    client = Client(origins=frozenset({url}), clock=clock, sleep=sleep, interval=_INTERVAL, contact=settings.contact)
    # Preprints of some servers come in a week after they were posted.
    rhythm = Rhythm(first_days=14, reread_days=10, days_at_once=14)
    queries = settings.europepmc_queries
    return PagedSource(EuropePmc(url), client, clock, queries, rhythm, unset="PAPERBOY_EUROPEPMC_QUERIES")
