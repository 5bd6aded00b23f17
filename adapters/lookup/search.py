"""Searching what is not here: arXiv and OpenAlex, asked live."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from adapters.lookup.service import polite_client, read_json
from adapters.sources.arxiv import INTERVAL
from adapters.sources.arxiv_xml import XmlError, parse_atom
from adapters.sources.client import Answer, Transient
from adapters.sources.records import Entry, gather
from adapters.sources.services import flatten
from bot.config import Settings
from bot.domain.paper_ids import is_arxiv
from bot.domain.papers import Paper
from bot.errors import SourceError
from bot.ports import Clock, ServiceStore, Sleep


@dataclass(frozen=True, slots=True)
class SearchSpec:
    """How a service is searched: its address, the path and parameters for some words, and how its answer is read."""

    name: str
    title: str
    url: Callable[[Settings], str]
    path: str
    params: Callable[[str, int, Settings], dict[str, str]]
    read: Callable[[Answer], Sequence[Entry]]
    interval: float


class SearchService:
    """The PaperSearch of a SearchSpec."""

    def __init__(self, spec: SearchSpec, settings: Settings, clock: Clock, sleep: Sleep, services: ServiceStore):
        self.name = spec.name
        self.title = spec.title
        self._spec = spec
        self._settings = settings
        self._url = spec.url(settings).rstrip("/")
        self._clock = clock
        self._client = polite_client(self._url, spec.name, spec.interval, settings, clock, sleep, services)

    async def search(self, words: str, limit: int) -> Sequence[Paper]:
        """Papers for some words, the best first, of those that can be looked up by their ids. Raises SourceError."""
        params = self._spec.params(words, limit, self._settings)
        async with self._client.session() as session:
            entries = await session.get(f"{self._url}{self._spec.path}", self._spec.read, params=params)
        batch = gather(((self.title, entry) for entry in entries), source=self.name, at=self._clock.now())
        return [paper for paper in batch.papers if is_arxiv(paper.id) or paper.id.startswith("doi:")]


def _arxiv_params(words: str, limit: int, _settings: Settings) -> dict[str, str]:
    plain = "".join(char if char.isalnum() else " " for char in words).split()
    query = " AND ".join(f"all:{word}" for word in plain)
    return {"search_query": query, "max_results": str(limit), "sortBy": "relevance", "sortOrder": "descending"}


def _read_arxiv(answer: Answer) -> Sequence[Entry]:
    try:
        feed = parse_atom(answer.body)
    except XmlError as error:
        raise Transient(str(error)) from None
    if feed.error:
        raise SourceError(f"arXiv says: {feed.error}")
    return feed.entries


def _openalex_params(words: str, limit: int, settings: Settings) -> dict[str, str]:
    key = settings.openalex_key.get_secret_value()
    return {"search": words, "per-page": str(limit), **({"api_key": key} if key else {})}


def _read_openalex(answer: Answer) -> Sequence[Entry]:
    listed = read_json(answer).get("results")
    if not isinstance(listed, list):
        raise Transient("an answer without a list of results")
    return [flatten(each) for each in listed]


ARXIV = SearchSpec(
    name="arxiv",
    title="arXiv",
    url=lambda settings: settings.arxiv_api_url,
    path="",
    params=_arxiv_params,
    read=_read_arxiv,
    interval=INTERVAL,
)

OPENALEX = SearchSpec(
    name="openalex",
    title="OpenAlex",
    url=lambda settings: settings.openalex_api_url,
    path="/works",
    params=_openalex_params,
    read=_read_openalex,
    interval=0.5,
)
