"""PubMed: what came in day by day that meets some saved queries, by NCBI's E-utilities."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic_core import from_json

from adapters.sources.client import Answer, Client, Session, Transient
from adapters.sources.paged import Days, Page, PagedSource, Rhythm
from adapters.sources.pubmed_xml import PubmedError, parse_articles
from adapters.sources.records import Entry
from bot.config import Settings
from bot.errors import SourceError
from bot.ports import Clock, Sleep

_PAGE = 200
"""Articles asked for at a time: an address with more ids is refused."""

_MOST_RESULTS = 10_000
"""esearch lists no more of a query."""

_INTERVAL, _INTERVAL_WITH_KEY = 0.34, 0.1
"""Seconds between two requests: three a second, ten with a key."""


class _Found(NamedTuple):
    ids: list[str]
    total: int


class Pubmed:
    """How PubMed is asked: esearch gives the ids of what meets a query, efetch the articles."""

    name = "pubmed"

    def __init__(self, url: str, identity: Mapping[str, str]) -> None:
        self._url = url
        self._identity = identity

    async def page(self, session: Session, stream: str, days: Days, position: str) -> Page:
        """A page of the articles that PubMed entered in some days."""
        start = int(position or 0)
        found = await self._search(session, stream, days, start)
        entries: list[Entry] = []
        if found.ids:
            params = {"db": "pubmed", "id": ",".join(found.ids), "retmode": "xml", **self._identity}
            entries = await session.get(f"{self._url}/efetch.fcgi", _parse_articles, params=params)
        following = start + _PAGE
        if following < min(found.total, _MOST_RESULTS) and found.ids:
            return Page(entries, str(following))
        left = found.total - _MOST_RESULTS
        notes = (f"{stream} {days}: {left:,} more than PubMed lists; use a narrower query",) if left > 0 else ()
        return Page(entries, notes=notes)

    async def _search(self, session: Session, query: str, days: Days, start: int) -> _Found:
        params = {
            "db": "pubmed",
            "term": query,
            "datetype": "edat",
            "mindate": f"{days.first:%Y/%m/%d}",
            "maxdate": f"{days.last:%Y/%m/%d}",
            "retstart": str(start),
            "retmax": str(_PAGE),
            "retmode": "json",
            **self._identity,
        }
        return await session.get(f"{self._url}/esearch.fcgi", _parse_search, params=params)


def _parse_search(answer: Answer) -> _Found:
    """The ids on a page and how many there are in all; all numbers are strings."""
    try:
        parsed: Any = from_json(answer.body)
        result = parsed["esearchresult"]
        if "ERROR" in result:
            raise SourceError(f"PubMed says: {result['ERROR']}")
        return _Found([str(number) for number in result["idlist"]], int(result["count"]))
    except (ValueError, TypeError, KeyError) as error:
        raise Transient(f"not an answer of esearch: {error}") from None


def _parse_articles(answer: Answer) -> list[Entry]:
    try:
        return parse_articles(answer.body)
    except PubmedError as error:
        raise Transient(str(error)) from None


def from_settings(settings: Settings, clock: Clock, sleep: Sleep) -> PagedSource:
    """The source with its own polite client."""
    key = settings.ncbi_api_key.get_secret_value()
    identity = {"tool": "paperboy", "email": settings.contact if "@" in settings.contact else "", "api_key": key}
    client = Client(
        origins=frozenset({settings.pubmed_api_url}),
        clock=clock,
        sleep=sleep,
        interval=_INTERVAL_WITH_KEY if key else _INTERVAL,
        contact=settings.contact,
    )
    listing = Pubmed(settings.pubmed_api_url, {name: value for name, value in identity.items() if value})
    rhythm = Rhythm(days_at_once=7)
    return PagedSource(listing, client, clock, settings.pubmed_queries, rhythm, unset="PAPERBOY_PUBMED_QUERIES")
