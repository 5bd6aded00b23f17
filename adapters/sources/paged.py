"""A service that lists papers by day, page by page: what all such sources share."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from hashlib import blake2b
from typing import NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from adapters.sources.client import Client, Session
from adapters.sources.records import Entry, gather
from bot.errors import SourceError
from bot.ports import Batch, Clock, ServiceStore

_MOST_FAILURES = 3


class Days(NamedTuple):
    """The days that are asked for at once, both included."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first} to {self.last}"


class Page(NamedTuple):
    """One answer: flat records, and where the next page begins; empty after the last one."""

    entries: Sequence[Entry]
    following: str = ""
    notes: tuple[str, ...] = ()


class Listing(Protocol):
    """How one service is asked."""

    @property
    def name(self) -> str:
        """The source's name."""

    async def page(self, session: Session, stream: str, days: Days, position: str) -> Page:
        """The papers of a stream (a category, a query, a journal) in some days, from a position on.

        The position is empty for the first page, else the `following` of the page before. Raises SourceError.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How far back a first sync goes, which days are read again, and how many days are asked for at once."""

    first_days: int = 7
    reread_days: int = 3
    days_at_once: int = 7


class _Cursor(BaseModel):
    """The last day read of each stream."""

    model_config = ConfigDict(frozen=True)

    read: Mapping[str, date] = {}


class _Step(NamedTuple):
    """A page; `ended` when it is the last of its days, `repeats` when it came before."""

    batch: Batch
    ended: bool = False
    repeats: bool = False


_SERVICES = {"medrxiv": "biorxiv", "journals": "crossref"}
"""Sources -> the service they read, where it has another name."""


class PagedSource:
    """A PaperSource for some streams of a service.

    Some days are asked for at once, and the cursor moves on when all their pages were read: a kill costs no more. The
    last days are read again, since services list papers late. A stream that is new begins some days ago, as the first
    sync did. A stream that cannot be read does not hold up the others; after three of them the service is left alone
    until the next sync. An answer that comes twice ends the sync with a note: it would be asked for for ever.
    """

    def __init__(
        self, listing: Listing, client: Client, clock: Clock, streams: Sequence[str], rhythm: Rhythm, *, unset: str = ""
    ) -> None:
        self.name = listing.name
        self._listing = listing
        self._client = client
        self._clock = clock
        self._streams = streams
        self._rhythm = rhythm
        self._unset = unset

    def share_pace(self, services: ServiceStore) -> None:
        """Keep the service's pace together with everything else that asks it."""
        self._client.share_pace(services, _SERVICES.get(self.name, self.name))

    async def batches(self, *, since: date | None, cursor: str) -> AsyncIterator[Batch]:
        """A batch a page, each with the cursor to go on from. Raises SourceError."""
        known = _parse(cursor)
        if not self._streams:
            yield Batch(cursor=cursor, notes=(f"nothing to read: {self._unset} is empty",))
        failures: list[str] = []
        async with self._client.session() as session:
            for stream in self._streams:
                try:
                    async for step, read in self._read_stream(session, stream, since, known):
                        known = read
                        yield replace(step.batch, cursor=known.model_dump_json())
                        if step.repeats:
                            return
                except SourceError as error:
                    failures.append(str(error))
                    if len(failures) == _MOST_FAILURES:
                        break
        if failures:
            raise SourceError("; ".join(dict.fromkeys(failures)))

    async def _read_stream(
        self, session: Session, stream: str, since: date | None, known: _Cursor
    ) -> AsyncIterator[tuple[_Step, _Cursor]]:
        """The pages of a stream up to today, each with how far the streams are read with it."""
        today = self._clock.now().astimezone(UTC).date()
        following = self._following(known, stream, today)
        # Days between the cursor and a later start are still to be read.
        keeps = since is not None and since > following and stream in known.read
        start = min(since, today) if since else following
        for days in _stretches(start, today, self._rhythm.days_at_once):
            async for step in self._read(session, stream, days):
                known = _after(known, stream, days) if step.ended and not keeps else known
                yield step, known

    def _following(self, known: _Cursor, stream: str, today: date) -> date:
        if stream in known.read:
            return known.read[stream] - timedelta(days=self._rhythm.reread_days)
        return today - timedelta(days=self._rhythm.first_days)

    async def _read(self, session: Session, stream: str, days: Days) -> AsyncIterator[_Step]:
        """The pages of some days."""
        seen: set[object] = set()
        position, number = "", 0
        label = f"{stream} {days}".strip()
        while True:
            page = await self._listing.page(session, stream, days, position)
            if (answer := _digest(page)) in seen:
                yield _Step(Batch(notes=(f"{label}: the same answer came twice, the sync ended there",)), repeats=True)
                return
            seen.add(answer)
            located = self._locate(label, page.entries, number)
            batch = await asyncio.to_thread(gather, located, source=self.name, at=self._clock.now())
            number += len(page.entries)
            yield _Step(replace(batch, notes=(*page.notes, *batch.notes)), ended=not page.following)
            if not page.following:
                return
            position = page.following

    def _locate(self, label: str, entries: Sequence[Entry], before: int) -> Iterator[tuple[str, Entry]]:
        return ((f"{self.name} {label} record {number}", entry) for number, entry in enumerate(entries, before + 1))


def _digest(page: Page) -> object:
    """What tells one answer from another: its papers, or where none are, the position of the next page."""
    if not page.entries:
        return page.following
    return blake2b(repr(page.entries).encode(errors="replace"), digest_size=16).digest()


def _stretches(first: date, last: date, length: int) -> Iterator[Days]:
    while first <= last:
        end = min(last, first + timedelta(days=length - 1))
        yield Days(first, end)
        first = end + timedelta(days=1)


def _after(known: _Cursor, stream: str, days: Days) -> _Cursor:
    """The cursor after some days; a sync that went back leaves later days as read as they were."""
    return _Cursor(read={**known.read, stream: max(days.last, known.read.get(stream, days.last))})


def _parse(cursor: str) -> _Cursor:
    """A cursor; an empty one where there is none or a version that wrote another kind left it."""
    try:
        return _Cursor.model_validate_json(cursor)
    except ValidationError:
        return _Cursor()
