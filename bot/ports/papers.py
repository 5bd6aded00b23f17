"""Papers and their signals, as they are stored."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol, runtime_checkable

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper, Signal
from bot.ports.sources import Batch


class StoredPaper(NamedTuple):
    """A paper with its integer key and the revision at which it last changed (revisions only grow)."""

    row: int
    revision: int
    paper: Paper


class PaperUpvotes(NamedTuple):
    """The largest count of upvotes that a paper had by some moment; the paper is without title and abstract."""

    row: int
    paper: Paper
    upvotes: int


class PaperCitations(NamedTuple):
    """A paper's authors and the largest count of its citations by some moment, 0 where none was counted."""

    row: int
    authors: tuple[str, ...]
    citations: int


@dataclass(frozen=True, slots=True)
class Saved:
    """What storing a batch changed, in papers; `signals` counts new readings."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    signals: int = 0

    def __add__(self, other: "Saved") -> "Saved":
        return Saved(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.signals + other.signals,
        )


PaperPages = Callable[[Sequence[int]], Awaitable[list[StoredPaper]]]
"""Papers by their integer keys (1, 2, 3 and so on), in the order given; unknown ones are left out."""


@runtime_checkable
class AsksOfPapers(Protocol):
    """A source that tells more of the papers that are here."""

    def ask_of(self, papers: PaperPages) -> None:
        """Be given the papers that are here."""


class PaperStore(Protocol):
    """Papers and their signals. All moments are UTC with time zone."""

    async def save_batch(self, source: str, batch: Batch, *, now: datetime) -> Saved:
        """Store papers (merged with what is stored), signals and the source's cursor in one transaction.

        A batch without a cursor, such as one from a file, records nothing about its source.
        """

    async def paper(self, paper_id: PaperId) -> StoredPaper | None:
        """One paper by its main id or by another of its ids; None when it is not known."""

    async def papers(self, ids: Sequence[PaperId]) -> list[StoredPaper]:
        """Papers by id, in the order given; unknown ones are left out."""

    async def papers_by_row(self, rows: Sequence[int]) -> list[StoredPaper]:
        """Papers by integer key, in the order given; unknown ones are left out."""

    def read_papers(self, rows: Sequence[int]) -> list[StoredPaper]:
        """`papers_by_row` for use in a thread; blocks while it reads the database."""

    def read_upvotes(self, rows: Sequence[int], *, until: datetime) -> dict[int, int]:
        """Row -> the newest count of upvotes up to a moment, of papers that have one; blocks while it reads."""

    def read_citations(self, rows: Sequence[int], *, until: datetime) -> dict[int, int]:
        """Row -> the newest count of citations up to a moment, of papers that have one; blocks while it reads."""

    async def papers_after(self, revision: int, limit: int) -> list[StoredPaper]:
        """Papers that changed after a revision, in order of revision: what an index reads to catch up."""

    async def papers_seen(self, start: datetime, end: datetime) -> list[StoredPaper]:
        """Papers first seen (else published) in [start, end), newest first."""

    async def signals(self, ids: Sequence[PaperId], *, until: datetime) -> dict[PaperId, list[Signal]]:
        """The readings of each paper up to a moment, in order of time; every id given has a list."""

    async def papers_with_signals(self, start: datetime, end: datetime) -> list[StoredPaper]:
        """Papers first seen in [start, end) with at least one known signal other than citations, newest first."""

    async def final_upvotes(self, start: datetime, end: datetime, *, until: datetime) -> list[PaperUpvotes]:
        """How many upvotes papers first seen in [start, end) got, oldest first; those without a count are left out."""

    async def author_citations(self, start: datetime, end: datetime, *, until: datetime) -> list[PaperCitations]:
        """The authors and citations of papers first seen (else published) in [start, end)."""

    async def count_papers(self) -> int:
        """How many papers there are."""

    async def last_revision(self) -> int:
        """The newest revision; 0 when there are no papers."""
