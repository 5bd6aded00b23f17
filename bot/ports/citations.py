"""Who cites the papers of which somebody follows that: what is known of it, and who is asked."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from bot.domain.paper_ids import PaperId
from bot.ports.sources import Batch

if TYPE_CHECKING:
    from bot.domain.follows import CitedPaper


class CitationStore(Protocol):
    """Which papers cite those that are followed so. All moments are UTC with time zone."""

    async def due_cited(self, *, read_before: datetime) -> list["CitedPaper"]:
        """The papers whose citing ones were not read since a moment, those first that were asked for longest ago."""

    async def begin_citing(self, cited: int, *, now: datetime) -> None:
        """Record that it is being asked who cites a paper (its row)."""

    async def citing(self, cited: int) -> frozenset[PaperId]:
        """All known ids of the papers that cite a paper."""

    async def note_citing(self, cited: int, ids: Collection[PaperId], news: Collection[PaperId]) -> None:
        """Keep ids of papers that cite a paper; those in `news`, which are stored, match what is followed, once."""

    async def end_citing(self, cited: int, *, now: datetime) -> None:
        """Record that the list was read to its end: whoever is not on it cites the paper from now on."""

    async def drop_cited(self, *, asked_before: datetime) -> None:
        """Forget who cites papers of which nobody follows that any more, and about which nobody was asked for long."""


class CitationService(Protocol):
    """A service that tells which papers cite one."""

    @property
    def name(self) -> str:
        """Its name in the settings: `semanticscholar`."""

    def citing(self, paper_ids: Sequence[PaperId], *, since: date) -> AsyncIterator[Batch]:
        """The papers published since a day that cite the one with these ids, a batch a page.

        None where the service does not know the paper. Raises SourceError when it does not answer as it should, after
        retries; earlier batches stay valid.
        """
