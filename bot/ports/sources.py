"""Where papers come from."""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper, Signal


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that could not be read: where it stands (`papers.jsonl:17`) and why not."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Papers and signals that a source gives at once; stored in one transaction together with the cursor.

    `aliases` are pairs of a paper's id and another id that a record names for the same paper, such as its DOI.
    `cursor` is the source's own note of how far it has been read. `notes` are facts a person should know, such as an
    answer that was empty or stale; whoever shows them adds the source's name. `total` is how many records the source's
    present list has, `read` how many of them were given; both are 0 where it does not say. With `only_new`, papers that
    are here already stay as they are: anybody may have written what is told of them. `lists` are pairs of a paper's id
    and the name of a list that it is on in a reference manager.
    """

    papers: Sequence[Paper] = ()
    signals: Sequence[Signal] = ()
    aliases: Sequence[tuple[PaperId, PaperId]] = ()
    cursor: str = ""
    bad: Sequence[BadRecord] = ()
    notes: Sequence[str] = ()
    read: int = 0
    total: int = 0
    only_new: bool = False
    lists: Sequence[tuple[PaperId, str]] = ()


class PaperSource(Protocol):
    """Something that papers come from."""

    @property
    def name(self) -> str:
        """Its name: `huggingface`, `arxiv`."""

    def batches(self, *, since: date | None, cursor: str) -> AsyncIterator[Batch]:
        """Everything from the day `since` on, else from where the batch with this `cursor` ended.

        A `since` later than that leaves out days that are still to be read: then the batches have `cursor` unchanged.
        Raises SourceError when the source does not answer as it should, after retries; earlier batches stay valid.
        """


class FilePapers(PaperSource, Protocol):
    """A file of papers that knows how far it has been read."""

    @property
    def size(self) -> int:
        """Size of the file in bytes."""

    @property
    def position(self) -> int:
        """How many bytes have been read."""


FileReader = Callable[[str, bytes], AbstractContextManager[PaperSource]]
"""Opens what somebody brought, a file's name and content, as a source of papers; the places of bad records begin with
`file:`. Raises SourceError when it cannot be read."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """How a source is doing. Moments are UTC; `error` is empty when the last attempt went well."""

    name: str
    cursor: str = ""
    started_at: datetime | None = None
    """When the last sync began; later than `attempted_at` while one is under way."""
    attempted_at: datetime | None = None
    succeeded_at: datetime | None = None
    newest_at: datetime | None = None
    """When the source last had a new paper."""
    error: str = ""
    note: str = ""


class SourceStore(Protocol):
    """How the sources are doing. All moments are UTC with time zone."""

    async def source_states(self) -> list[SourceState]:
        """Every source ever synced, by name."""

    async def begin_attempt(self, source: str, *, now: datetime) -> None:
        """Record that a sync of a source begins: posts wait for it."""

    async def record_attempt(self, source: str, *, now: datetime, error: str = "", note: str = "") -> None:
        """Record that a sync of a source ended; `error` is empty if it succeeded."""

    async def leave_other_sources(self, read: Collection[str]) -> None:
        """Forget how the syncs of sources went that are not among those that are read; how far they came is kept."""
