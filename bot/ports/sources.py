"""Where papers come from."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.domain.papers import Paper, PaperId, Signal


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that could not be read: where it stands (`papers.jsonl:17`) and why not."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What a source tells at once; stored in one transaction together with the cursor.

    `aliases` are pairs of a paper's id and another id that a record names for the same paper, such as its DOI.
    `cursor` is the source's own note of how far it has come. `notes` are facts a person should know, such as an
    answer that was empty or stale; whoever tells them names the source.
    """

    papers: Sequence[Paper] = ()
    signals: Sequence[Signal] = ()
    aliases: Sequence[tuple[PaperId, PaperId]] = ()
    cursor: str = ""
    bad: Sequence[BadRecord] = ()
    notes: Sequence[str] = ()


class PaperSource(Protocol):
    """A place where papers come from."""

    @property
    def name(self) -> str:
        """What people call it: `huggingface`, `arxiv`."""

    def batches(self, *, since: date | None, cursor: str) -> AsyncIterator[Batch]:
        """Everything from the day `since` on, else from where the batch that carried `cursor` left off.

        A `since` later than that leaves out days that are still to be read: its batches carry `cursor` as it was.
        Raises SourceError when the source does not answer as it should, after retries; batches yielded before stand.
        """


class FilePapers(PaperSource, Protocol):
    """A file of papers, which knows how far it has been read."""

    @property
    def size(self) -> int:
        """Size of the file in bytes."""

    @property
    def position(self) -> int:
        """How many of them have been read."""


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
    """When the source last told of a paper not known before."""
    error: str = ""
    note: str = ""


class SourceStore(Protocol):
    """How the sources are doing. All moments are UTC with time zone."""

    async def source_states(self) -> list[SourceState]:
        """Every source ever synced, by name."""

    async def begin_attempt(self, source: str, *, now: datetime) -> None:
        """Note that a sync of a source begins: posts wait for it."""

    async def record_attempt(self, source: str, *, now: datetime, error: str = "", note: str = "") -> None:
        """Note that a sync of a source ended, well (`error` empty) or not."""
