"""Services that tell of papers what a test gives them."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.errors import SourceError
from bot.library.app import App
from bot.library.lookup import Lookup
from bot.ports import Batch, Clock, PaperService, Services


class FakeService:
    """A PaperService with some papers, by the ids they are asked for; it answers when it is `open`.

    `trouble` are the errors of its first answers.
    """

    def __init__(
        self, papers: Mapping[str, Paper] | None = None, *, trouble: Sequence[str] = (), name: str = "arxiv"
    ) -> None:
        self.name = name
        self.title = {"arxiv": "arXiv", "crossref": "Crossref", "datacite": "DataCite"}[name]
        self.asked: list[str] = []
        self.open = asyncio.Event()
        self.open.set()
        self.is_asked = asyncio.Event()
        self._papers = papers or {}
        self._trouble = list(trouble)

    def has(self, paper_id: PaperId) -> bool:
        return (":" not in paper_id) == (self.name == "arxiv")

    async def fetch(self, paper_id: PaperId) -> Batch:
        self.asked.append(paper_id)
        self.is_asked.set()
        await self.open.wait()
        if self._trouble:
            raise SourceError(f"GET https://export.arxiv.org/api/query?key=secret: {self._trouble.pop(0)}")
        paper = self._papers.get(paper_id)
        return Batch(papers=[paper], aliases=[(paper.id, paper_id)]) if paper else Batch()


class FakeSearch:
    """A PaperSearch that finds some papers whatever the words are, or fails."""

    def __init__(self, *papers: Paper, name: str = "arxiv", error: str = "") -> None:
        self.name = name
        self.title = {"arxiv": "arXiv", "openalex": "OpenAlex"}[name]
        self.asked: list[tuple[str, int]] = []
        self._papers = papers
        self._error = error

    async def search(self, words: str, limit: int) -> Sequence[Paper]:
        self.asked.append((words, limit))
        if self._error:
            raise SourceError(f"GET https://api.openalex.org/works?api_key=secret: {self._error}")
        return self._papers[:limit]


def with_searches(app: App, *searches: FakeSearch, papers: Sequence[PaperService] = ()) -> App:
    """The app, where some services are searched for what is not there."""
    services = Services(papers=list(papers), searches=list(searches))
    lookup = Lookup(app.store, app.index, app.clock, lambda: services, searches=bool(searches))
    return App.over(app.store, app.index, app.clock, lookup=lookup)


def fetched_paper(number: str = "2601.90001", title: str = "Invented cells count invented stars") -> Paper:
    return Paper(
        id=PaperId(number), title=title, abstract="We invent cells that count stars.", authors=("Ada Example",)
    )


def with_services(app: App, *services: PaperService, patience: float = 5.0, clock: Clock | None = None) -> App:
    """The app, which now asks some services for papers that are not there."""
    lookup = Lookup(
        app.store, app.index, clock or app.clock, lambda: Services(papers=list(services)), patience=patience
    )
    return App.over(app.store, app.index, app.clock, lookup=lookup)


class FakeCitations:
    """A CitationService with a list of citing papers of each paper, `page` at a time.

    `trouble` are the errors of its first answers; an answer fails after as many pages as it says.
    """

    name = "semanticscholar"

    def __init__(self, page: int = 2) -> None:
        self.lists: dict[PaperId, list[Paper]] = {}
        self.trouble: list[int] = []
        self.asked: list[PaperId] = []
        self._page = page

    async def citing(self, paper_ids: Sequence[PaperId], *, since: date) -> AsyncIterator[Batch]:
        self.asked.append(paper_ids[0])
        fails_after = self.trouble.pop(0) if self.trouble else None
        listed = [paper for paper in self.lists.get(paper_ids[0], []) if (paper.published or since) >= since]
        for begun in range(0, max(len(listed), 1), self._page):
            if fails_after == begun // self._page:
                raise SourceError("GET https://api.semanticscholar.org/graph/v1/paper: 429 Too Many Requests")
            yield Batch(papers=listed[begun : begun + self._page])
