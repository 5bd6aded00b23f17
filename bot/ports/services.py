"""The services that are asked about papers: how they are doing, whose turn it is, and which lookups are under way."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.ports.citations import CitationService
from bot.ports.sources import Batch


class Claim(Enum):
    """What became of the wish to look a paper up."""

    OURS = "ours"
    TAKEN = "taken"
    """Somebody else is looking it up, perhaps in another process."""
    MISSING = "missing"
    """It was looked up not long ago, and there is none."""


@dataclass(frozen=True, slots=True)
class ServiceState:
    """How a service is doing. Moments are UTC; `error` is empty when the last request was answered as it should be."""

    name: str
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    error: str = ""


class ServiceStore(Protocol):
    """What processes that ask the same services must know of each other. All moments are UTC with time zone."""

    async def claim_lookup(self, paper_id: PaperId, *, now: datetime, until: datetime) -> Claim:
        """Take the lookup of a paper, so that nobody else asks for it before `until` or `end_lookup`."""

    async def end_lookup(self, paper_id: PaperId, *, missing_until: datetime | None = None) -> None:
        """Give a lookup back; until `missing_until` it is known that there is no such paper."""

    async def take_turn(self, service: str, *, now: datetime, interval: timedelta, until: datetime) -> datetime:
        """The moment at which a service may be asked next; it is reserved if it is not after `until`.

        Whoever waits reserves a later moment, so that who only takes a free one (`until=now`) comes after them.
        """

    async def hold_service(self, service: str, *, until: datetime) -> None:
        """Let no request to a service begin before a moment, because it asks for that."""

    async def record_request(self, service: str, *, now: datetime, error: str = "") -> None:
        """Record how a request to a service ended; `error` is empty if it was answered."""

    async def count_lookups(self, *, now: datetime) -> int:
        """How many papers are being looked up."""

    async def service_states(self) -> list[ServiceState]:
        """Every service ever asked, by name."""


class PaperService(Protocol):
    """A service that tells of one paper by its id."""

    @property
    def name(self) -> str:
        """Its name in the settings: `crossref`."""

    @property
    def title(self) -> str:
        """What people call it: `Crossref`."""

    def has(self, paper_id: PaperId) -> bool:
        """Whether it may know a paper of such an id."""

    async def fetch(self, paper_id: PaperId) -> Batch:
        """The paper as a batch; without papers where the service says that there is none.

        Raises SourceError when it does not answer as it should, after retries.
        """


class PaperSearch(Protocol):
    """A service that searches more papers than are here."""

    @property
    def name(self) -> str:
        """Its name in the settings: `arxiv`."""

    @property
    def title(self) -> str:
        """What people call it: `arXiv`."""

    async def search(self, words: str, limit: int) -> Sequence[Paper]:
        """Papers for some words, the best first. Raises SourceError."""


@dataclass(frozen=True, slots=True)
class Services:
    """The services that are switched on: those that tell of one paper, those that search, and one for citations."""

    papers: Collection[PaperService] = ()
    searches: Collection[PaperSearch] = ()
    citations: CitationService | None = None
