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
from bot.ports import Batch, Clock


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


class PagedSource:
    """A PaperSource for some streams of a service.

    Some days are asked for at once, and the cursor moves on when all their pages were read: a kill costs no more. The
    last days are read again, since services list papers late. A stream that is new begins some days ago, as the first
    sync did. An answer that comes twice ends the sync with a note: such a service would be asked for ever.
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

    async def batches(self, *, since: date | None, cursor: str) -> AsyncIterator[Batch]:
        """A batch a page, each with the cursor to go on from. Raises SourceError."""
        known = _parse(cursor)
        today = self._clock.now().astimezone(UTC).date()
        if not self._streams:
            yield Batch(cursor=cursor, notes=(f"nothing to read: {self._unset} is empty",))
        async with self._client.session() as session:
            for stream in self._streams:
                following = self._following(known, stream, today)
                # Days between the cursor and a later start are still to be read.
                keeps = since is not None and since > following and stream in known.read
                start = min(since, today) if since else following
                for days in _stretches(start, today, self._rhythm.days_at_once):
                    read = known if keeps else _after(known, stream, days)
                    async for batch, ended in self._read(session, stream, days):
                        known = read if ended else known
                        yield replace(batch, cursor=known.model_dump_json())
                        if ended is None:
                            return

    def _following(self, known: _Cursor, stream: str, today: date) -> date:
        if stream in known.read:
            return known.read[stream] - timedelta(days=self._rhythm.reread_days)
        return today - timedelta(days=self._rhythm.first_days)

    async def _read(self, session: Session, stream: str, days: Days) -> AsyncIterator[tuple[Batch, bool | None]]:
        """The pages of some days, each with whether it is the last one; None where it came before."""
        seen: set[bytes] = set()
        position, positions, number = "", {""}, 0
        while True:
            page = await self._listing.page(session, stream, days, position)
            digest = blake2b(repr(page.entries).encode(errors="replace"), digest_size=16).digest()
            label = f"{stream} {days}".strip()
            if digest in seen if page.entries else page.following in positions - {""}:
                yield Batch(notes=(f"{label}: the same answer came twice, the sync ended there",)), None
                return
            seen.add(digest)
            positions.add(page.following)
            located = self._locate(label, page.entries, number)
            batch = await asyncio.to_thread(gather, located, source=self.name, at=self._clock.now())
            number += len(page.entries)
            ended = not page.following
            yield replace(batch, notes=(*page.notes, *batch.notes)), ended
            if ended:
                return
            position = page.following

    def _locate(self, label: str, entries: Sequence[Entry], before: int) -> Iterator[tuple[str, Entry]]:
        return ((f"{self.name} {label} record {number}", entry) for number, entry in enumerate(entries, before + 1))


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
