"""Semantic Scholar, asked which papers cite one: `/graph/v1/paper/{id}/citations`."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import NamedTuple
from urllib.parse import quote

from adapters.lookup import semanticscholar
from adapters.lookup.service import NOT_FOUND, is_missing, read_json
from adapters.sources.client import Answer, Client, Session, Transient
from adapters.sources.records import gather
from adapters.sources.services import flatten
from bot.config import Settings
from bot.domain.paper_ids import PaperId, is_arxiv
from bot.ports import Batch, Clock, ServiceStore, Sleep
from bot.runtime.lazy_log import log

_PAGE = 500
"""Papers of an answer, which may have ten megabytes; with abstracts it has one or two."""

_LAST = 9_000
"""Where the last page begins: the service lists fewer than ten thousand papers."""

_PREFIXES = {"doi": "DOI", "pmid": "PMID", "acl": "ACL"}
"""Services -> what stands before their numbers where Semantic Scholar is asked."""


class _Page(NamedTuple):
    batch: Batch
    following: int | None


class CitingPapers:
    """The CitationService of Semantic Scholar, at the pace that all who ask it keep together."""

    name = semanticscholar.SPEC.name

    def __init__(self, settings: Settings, clock: Clock, sleep: Sleep, services: ServiceStore) -> None:
        self._url = semanticscholar.SPEC.url(settings).rstrip("/")
        self._clock = clock
        self._client = Client(
            origins=frozenset({self._url}),
            clock=clock,
            sleep=sleep,
            interval=semanticscholar.SPEC.interval,
            contact=settings.contact,
        )
        self._client.share_pace(services, self.name)

    async def citing(self, paper_ids: Sequence[PaperId], *, since: date) -> AsyncIterator[Batch]:
        """The papers published since a day that cite the one with these ids, a batch a page. Raises SourceError.

        A paper of which only the year is known counts as of 1 January.
        """
        async with self._client.session() as session:
            for named in filter(None, map(_name, paper_ids)):
                page = await self._page(session, named, since, 0)
                if page is None:
                    continue
                yield page.batch
                while page.following is not None:
                    if page.following > _LAST:
                        log().warning("a paper is cited by more than are listed", paper=named, read=page.following)
                        return
                    page = await self._page(session, named, since, page.following) or _Page(Batch(), None)
                    yield page.batch
                return

    async def _page(self, session: Session, named: str, since: date, offset: int) -> _Page | None:
        """A page of the list; None where the service does not know the paper."""
        params = {
            "fields": semanticscholar.FIELDS,
            "publicationDateOrYear": f"{since}:",
            "offset": str(offset),
            "limit": str(_PAGE),
        }
        return await session.get(
            f"{self._url}/graph/v1/paper/{quote(named, safe=':/')}/citations",
            lambda answer: self._read(answer, offset),
            params=params,
            accept=frozenset({NOT_FOUND}),
        )

    def _read(self, answer: Answer, offset: int) -> _Page | None:
        if is_missing(answer):
            return None
        body = read_json(answer)
        listed, following = body.get("data"), body.get("next")
        if not isinstance(listed, list):
            raise Transient("an answer without a list of papers")
        if following is not None and not (isinstance(following, int) and following > offset):
            raise Transient(f"a next page at {following!r} after {offset}")
        # What has no id of its own is a line in a bibliography, of which nothing more is known.
        papers = [each for each in listed if isinstance(each, dict) and _is_paper(each.get("citingPaper"))]
        entries = ((f"Semantic Scholar, citing {number}", flatten(each)) for number, each in enumerate(papers))
        return _Page(gather(entries, source=self.name, at=self._clock.now()), following)


def _is_paper(citing: object) -> bool:
    return isinstance(citing, dict) and bool(citing.get("paperId"))


def _name(paper_id: PaperId) -> str:
    """How Semantic Scholar is asked for a paper by one of its ids; empty for ids that it does not know."""
    service, _, number = paper_id.partition(":")
    if is_arxiv(paper_id):
        return f"ARXIV:{paper_id}"
    if service == "s2":
        return semanticscholar.named(number)
    if service == "pmc":
        return f"PMCID:{number.removeprefix('PMC')}"
    return f"{_PREFIXES[service]}:{number}" if service in _PREFIXES else ""
