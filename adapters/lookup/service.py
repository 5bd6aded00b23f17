"""How a service is asked about one paper: politely, within its limits, and read as strictly as a source."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from urllib.parse import quote

from pydantic_core import from_json

from adapters.sources.client import WAITED_FOR, Answer, Client, Transient
from adapters.sources.pace import SharedInterval
from adapters.sources.records import Entry, gather
from bot.config import Settings
from bot.domain.paper_ids import PaperId
from bot.domain.references import service_of
from bot.errors import SourceError
from bot.ports import Batch, Clock, ServiceStore, Sleep

_LARGEST = 8_000_000
"""Bytes of an answer about one paper; the longest lists of authors take a few hundred thousand."""

_TIMEOUT = 30.0

NOT_FOUND = 404


class Ask(NamedTuple):
    """One request: a path behind the service's address, and parameters."""

    path: str = ""
    params: Mapping[str, str] = {}


class Found(NamedTuple):
    """What a service tells of a paper; `also` are further ids it names."""

    entry: Entry
    also: tuple[PaperId, ...] = ()


@dataclass(frozen=True, slots=True)
class Spec:
    """What a service is: its name in the settings, what people call it, where it is and how it is asked and read.

    `asks` are tried one after the other until one finds the paper. `read` makes of a body what is found, None where the
    service says that there is none; it may raise Transient, to have the service asked again, and SourceError.
    `interval` is the time in seconds between two requests; `accept` are statuses that are answers, too.
    """

    name: str
    title: str
    url: Callable[[Settings], str]
    has: Callable[[PaperId], bool]
    asks: Callable[[PaperId], Iterable[Ask]]
    read: Callable[[Answer, PaperId], Found | None]
    interval: float = 0.5
    accept: frozenset[int] = frozenset({NOT_FOUND})


class LookupService:
    """The PaperService of a Spec."""

    def __init__(self, spec: Spec, settings: Settings, clock: Clock, sleep: Sleep, services: ServiceStore) -> None:
        self.name = spec.name
        self.title = spec.title
        self._spec = spec
        self._url = spec.url(settings).rstrip("/")
        self._clock = clock
        self._client = polite_client(self._url, spec.name, spec.interval, settings, clock, sleep, services)

    def has(self, paper_id: PaperId) -> bool:
        """Whether it may know a paper of such an id."""
        return self._spec.has(paper_id)

    async def fetch(self, paper_id: PaperId) -> Batch:
        """The paper as a batch; without papers where the service says that there is none. Raises SourceError."""
        async with self._client.session() as session:
            for ask in self._spec.asks(paper_id):
                found = await session.get(
                    f"{self._url}{ask.path}",
                    lambda answer: self._spec.read(answer, paper_id),
                    params=ask.params,
                    accept=self._spec.accept,
                )
                if found:
                    return self._batch(found, paper_id)
        return Batch()

    def _batch(self, found: Found, paper_id: PaperId) -> Batch:
        """The batch of what was found, in which the id that was asked for names the paper, too."""
        batch = gather([(f"{self.title} {paper_id}", found.entry)], source=self.name, at=self._clock.now())
        if batch.bad:
            raise SourceError(f"the record of {paper_id} cannot be read: {batch.bad[0].reason}")
        [paper] = batch.papers
        known = {paper.id, *(alias for _, alias in batch.aliases)}
        more = [(paper.id, other) for other in (paper_id, *found.also) if other not in known]
        return replace(batch, aliases=(*batch.aliases, *more), notes=())


def polite_client(
    url: str, name: str, interval: float, settings: Settings, clock: Clock, sleep: Sleep, services: ServiceStore
) -> Client:
    """A client that sends requests to one address alone, at the pace that all processes keep together."""
    pace = SharedInterval(services, name, clock, sleep, interval=interval, patience=WAITED_FOR.longest)
    return Client(
        origins=frozenset({url}),
        clock=clock,
        sleep=sleep,
        pace=pace,
        patience=WAITED_FOR,
        contact=settings.contact,
        timeout=_TIMEOUT,
        max_bytes=_LARGEST,
    )


def read_json(answer: Answer) -> dict[str, Any]:
    """A body that is a JSON object. Raises Transient for one that is not: half an answer, or somebody's web page."""
    try:
        parsed = from_json(answer.body)
    except ValueError as error:
        raise Transient(f"not JSON: {error}") from None
    if not isinstance(parsed, dict):
        raise Transient(f"a JSON {type(parsed).__name__} instead of an object")
    return parsed


def is_missing(answer: Answer) -> bool:
    """Whether a service says that there is no such paper. Raises Transient when it is a web page that says so."""
    if answer.status != NOT_FOUND:
        return False
    if answer.body.lstrip()[:1] == b"<":
        raise Transient("404 with a web page, where an answer of the service should be")
    return True


def quoted(number: str) -> str:
    """An id as a part of a path."""
    return quote(number, safe="")


def require_same(answered: object, asked: str) -> None:
    """Raises SourceError when an answer is about another paper than the one that was asked for."""
    if str(answered).lower() != asked.lower():
        raise SourceError(f"the answer is about {answered}, not about {asked}")


def require_not_another(answered: PaperId | None, asked: PaperId) -> None:
    """Raises SourceError when an answer names a paper of the same service that is not the one that was asked for."""
    if answered and service_of(answered) == service_of(asked):
        require_same(answered, asked)
