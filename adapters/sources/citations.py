"""How often the papers that are here are cited, by OpenAlex."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import from_json

from adapters.sources import fields
from adapters.sources.client import Answer, Client, Session, Transient
from bot.config import Settings
from bot.domain.paper_ids import is_arxiv
from bot.domain.papers import Paper, Signal, SignalKind
from bot.ports import Batch, Clock, PaperPages, ServiceStore, Sleep, StoredPaper

_AT_ONCE = 50
"""Papers asked for at a time, each by two DOIs at most: OpenAlex takes a hundred."""

_INTERVAL = 0.5
"""Seconds between two requests."""

_PASS_EVERY = timedelta(days=30)
"""A paper's citations are counted anew so often."""

_DOI_HOST = "https://doi.org/"


class _Pass(BaseModel):
    """How far the papers have been asked for, by their integer keys, and since when."""

    model_config = ConfigDict(frozen=True)

    row: int = 0
    begun: date


class CitationSource:
    """A PaperSource that brings no papers but counts the citations of those that are here, some at each sync.

    It goes through all papers in the order they came in, then waits for new ones, and after a month begins again.
    """

    name = "citations"

    def __init__(self, client: Client, clock: Clock, *, url: str, key: str, most: int) -> None:
        self._client = client
        self._clock = clock
        self._url = f"{url}/works"
        self._identity = {"api_key": key} if key else {}
        self._most = most
        self._papers: PaperPages | None = None

    def share_pace(self, services: ServiceStore) -> None:
        """Keep OpenAlex's pace together with the searches that people ask for."""
        self._client.share_pace(services, "openalex")

    def ask_of(self, papers: PaperPages) -> None:
        """Be given the papers that are here."""
        self._papers = papers

    async def batches(self, *, since: date | None, cursor: str) -> AsyncIterator[Batch]:
        """A batch of counts for some papers at a time, with the cursor to go on from. Raises SourceError."""
        today = self._clock.now().astimezone(UTC).date()
        done = _parse_cursor(cursor) or _Pass(begun=today)
        async with self._client.session() as session:
            for _ in range(0, self._most, _AT_ONCE):
                stored = await self._next(done.row)
                if not stored and today - done.begun >= _PASS_EVERY:
                    done = _Pass(begun=today)
                    stored = await self._next(done.row)
                if not stored:
                    return
                done = done.model_copy(update={"row": stored[-1].row})
                signals = await self._count(session, [one.paper for one in stored])
                yield Batch(signals=signals, cursor=done.model_dump_json())

    async def _next(self, row: int) -> list[StoredPaper]:
        return await self._papers(range(row + 1, row + 1 + _AT_ONCE)) if self._papers else []

    async def _count(self, session: Session, papers: Sequence[Paper]) -> list[Signal]:
        """The citations of papers; a preprint and its article are two works there, of which the more cited counts."""
        asked = {paper.id: _dois(paper) for paper in papers}
        dois = [doi for each in asked.values() for doi in each]
        if not dois:
            return []
        params = {
            "filter": f"doi:{'|'.join(dois)}",
            "select": "doi,cited_by_count",
            "per-page": str(2 * _AT_ONCE),
            **self._identity,
        }
        counts = await session.get(self._url, _parse, params=params)
        now = self._clock.now()
        found = {paper_id: [counts[doi] for doi in each if doi in counts] for paper_id, each in asked.items()}
        return [Signal(paper_id, SignalKind.CITATIONS, now, max(each)) for paper_id, each in found.items() if each]


def _dois(paper: Paper) -> list[str]:
    """The DOIs under which OpenAlex may have a paper, as it writes them."""
    own = f"10.48550/arxiv.{paper.id}" if is_arxiv(paper.id) else ""
    named = paper.id.removeprefix("doi:") if paper.id.startswith("doi:") else ""
    found = dict.fromkeys(doi.lower() for doi in (own, named or paper.doi) if doi)
    # What would end a value of the filter cannot be asked for.
    return [doi for doi in found if not set(doi) & set(",|&")]


def _parse(answer: Answer) -> Mapping[str, int]:
    """Citations by DOI."""
    try:
        results: Any = from_json(answer.body)["results"]
        told = [(str(each["doi"] or "").lower(), each["cited_by_count"]) for each in results]
    except (ValueError, TypeError, KeyError) as error:
        raise Transient(f"not an answer of OpenAlex: {error}") from None
    counts: dict[str, int] = {}
    for doi, count in told:
        with suppress(ValueError):  # The papers beside one that is counted in no number are counted all the same.
            counts[doi.removeprefix(_DOI_HOST)] = fields.count(count)
    return counts


def _parse_cursor(cursor: str) -> _Pass | None:
    """A cursor; None where there is none or a version that wrote another kind left it."""
    try:
        return _Pass.model_validate_json(cursor)
    except ValidationError:
        return None


def from_settings(settings: Settings, clock: Clock, sleep: Sleep) -> CitationSource:
    """The source with its own polite client."""
    url = settings.openalex_api_url
    client = Client(origins=frozenset({url}), clock=clock, sleep=sleep, interval=_INTERVAL, contact=settings.contact)
    key = settings.openalex_key.get_secret_value()
    return CitationSource(client, clock, url=url, key=key, most=settings.citations_per_sync)
