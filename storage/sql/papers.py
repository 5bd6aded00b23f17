"""Papers in the database, and the signals about them."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    func,
    select,
    text,
    union_all,
)

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper, Signal, SignalKind
from bot.ports import Batch, PaperCitations, PaperUpvotes, Saved, StoredPaper
from storage.sql.database import Database, chunks, insert_into
from storage.sql.identity import telling_title_id
from storage.sql.merging import Entry, gather, seen_at, storable
from storage.sql.tables.catalog import aliases, papers, signals
from storage.sql.text import is_storable

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

_WRITE_LOCK = 0x50_42_00_02

_FIELDS = [field.name for field in fields(Paper)]
_SELECT = select(papers.c.row, papers.c.revision, *(papers.c[name] for name in _FIELDS))


def _named() -> CompoundSelect[Any]:
    """The rows of the papers in the parameter `ids`, each with the id that was given."""
    ids: BindParameter[Any] = bindparam("ids", expanding=True)
    return union_all(
        select(papers.c.id, papers.c.row).where(papers.c.id.in_(ids)),
        select(aliases.c.id, aliases.c.row).where(aliases.c.id.in_(ids)),
    )


_NAMED = _named()
_named_rows = _NAMED.subquery("named")
_BY_ID = _SELECT.add_columns(_named_rows.c.id.label("named")).join_from(
    _named_rows, papers, papers.c.row == _named_rows.c.row
)
_BY_ROW = _SELECT.where(papers.c.row.in_(bindparam("rows", expanding=True)))
_BY_TITLE = _SELECT.where(papers.c.title_id.in_(bindparam("titles", expanding=True))).order_by(papers.c.row)
_AFTER = _SELECT.where(papers.c.revision > bindparam("revision")).order_by(papers.c.revision).limit(bindparam("most"))
_SEEN = _SELECT.where(papers.c.seen_at >= bindparam("start"), papers.c.seen_at < bindparam("end")).order_by(
    papers.c.seen_at.desc(), papers.c.row.desc()
)
# Citations are known of papers of any age and say nothing of today's interest.
_SEEN_WITH_SIGNALS = _SEEN.where(
    exists().where(signals.c.row == papers.c.row, signals.c.kind != SignalKind.CITATIONS.value)
)
_COUNTS = (
    select(signals.c.row, signals.c.value)
    .where(signals.c.row.in_(bindparam("rows", expanding=True)), signals.c.kind == bindparam("kind"))
    .where(signals.c.at <= bindparam("until"))
    .order_by(signals.c.at)
)
"""All counts, the newest last."""
_ORIGINS = ["id", "authors", "organization", "submitted_by", "code", "first_seen"]
_OUTCOMES = (
    select(papers.c.row, func.max(signals.c.value), *(papers.c[name] for name in _ORIGINS))
    .join(signals, signals.c.row == papers.c.row)
    .where(papers.c.seen_at >= bindparam("start"), papers.c.seen_at < bindparam("end"))
    .where(signals.c.kind == SignalKind.UPVOTES.value, signals.c.at <= bindparam("until"))
    .group_by(papers.c.row)
    .order_by(papers.c.seen_at, papers.c.row)
)
_AUTHOR_CITATIONS = (
    select(papers.c.row, papers.c.authors, func.coalesce(func.max(signals.c.value), 0))
    .outerjoin(
        signals,
        and_(
            signals.c.row == papers.c.row,
            signals.c.kind == SignalKind.CITATIONS.value,
            signals.c.at <= bindparam("until"),
        ),
    )
    .where(papers.c.seen_at >= bindparam("start"), papers.c.seen_at < bindparam("end"))
    .group_by(papers.c.row)
)
_LAST_ROW = select(func.max(papers.c.row))
_LAST_REVISION = select(func.max(papers.c.revision))
_SERIES = (
    select(_named_rows.c.id.label("named"), papers.c.id, signals.c.kind, signals.c.at, signals.c.value)
    .join_from(_named_rows, papers, papers.c.row == _named_rows.c.row)
    .join(signals, signals.c.row == papers.c.row)
    .where(signals.c.at <= bindparam("until"))
    .order_by(signals.c.at, signals.c.kind)
)


class Papers(Database):
    """The part of the store that reads papers and signals, in threads: making papers of rows takes time."""

    async def paper(self, paper_id: PaperId) -> StoredPaper | None:
        """One paper by its main id or by another of its ids; None when it is not known."""
        found = await self.papers([paper_id])
        return found[0] if found else None

    async def papers(self, ids: Sequence[PaperId]) -> list[StoredPaper]:
        """Papers by id, in the order given; unknown ones are left out."""
        found = await self.read(partial(_papers_by_id, ids=set(ids)))
        return [found[paper_id] for paper_id in ids if paper_id in found]

    async def papers_by_row(self, rows: Sequence[int]) -> list[StoredPaper]:
        """Papers by integer key, in the order given; unknown ones are left out."""
        return await asyncio.to_thread(self.read_papers, rows)

    def read_papers(self, rows: Sequence[int]) -> list[StoredPaper]:
        """`papers_by_row` for use in a thread; blocks while it reads the database."""
        found: dict[int, StoredPaper] = {}
        with self.reading_in_thread() as connection:
            for chunk in chunks({int(row) for row in rows}):
                found |= {stored.row: stored for stored in _fetch(connection, _BY_ROW, {"rows": chunk})}
        return [found[row] for row in rows if row in found]

    def read_upvotes(self, rows: Sequence[int], *, until: datetime) -> dict[int, int]:
        """Row -> the newest count of upvotes up to a moment, of papers that have one; blocks while it reads."""
        return self._read_counts(SignalKind.UPVOTES, rows, until)

    def read_citations(self, rows: Sequence[int], *, until: datetime) -> dict[int, int]:
        """Row -> the newest count of citations up to a moment, of papers that have one; blocks while it reads."""
        return self._read_counts(SignalKind.CITATIONS, rows, until)

    def _read_counts(self, kind: SignalKind, rows: Sequence[int], until: datetime) -> dict[int, int]:
        found: dict[int, int] = {}
        with self.reading_in_thread() as connection:
            for chunk in chunks(rows):
                values = {"rows": chunk, "kind": kind.value, "until": until}
                found.update(connection.execute(_COUNTS, values).all())
        return found

    async def papers_after(self, revision: int, limit: int) -> list[StoredPaper]:
        """Papers that changed after a revision, at most `limit`, in order of revision."""
        return await self.read(partial(_fetch, query=_AFTER, values={"revision": revision, "most": limit}))

    async def papers_seen(self, start: datetime, end: datetime) -> list[StoredPaper]:
        """Papers first seen (else published) in [start, end), newest first."""
        return await self.read(partial(_fetch, query=_SEEN, values={"start": start, "end": end}))

    async def signals(self, ids: Sequence[PaperId], *, until: datetime) -> dict[PaperId, list[Signal]]:
        """The readings of each paper up to and including a moment, in order of time; every id given has a list.

        The readings have the paper's main id, whichever of its ids was given.
        """
        series: dict[PaperId, list[Signal]] = {paper_id: [] for paper_id in ids}

        def fill(connection: Connection) -> None:
            for chunk in chunks(filter(is_storable, series)):
                for named, paper_id, kind, at, value in connection.execute(_SERIES, {"ids": chunk, "until": until}):
                    series[named].append(Signal(paper_id, SignalKind(kind), at, value))

        await self.read(fill)
        return series

    async def papers_with_signals(self, start: datetime, end: datetime) -> list[StoredPaper]:
        """Papers first seen (else published) in [start, end) with a known signal other than citations, newest first."""
        return await self.read(partial(_fetch, query=_SEEN_WITH_SIGNALS, values={"start": start, "end": end}))

    async def final_upvotes(self, start: datetime, end: datetime, *, until: datetime) -> list[PaperUpvotes]:
        """How many upvotes papers first seen in [start, end) got, oldest first; those without a count are left out."""
        span = {"start": start, "end": end, "until": until}
        return await self.read(lambda connection: [_outcome(*row) for row in connection.execute(_OUTCOMES, span)])

    async def author_citations(self, start: datetime, end: datetime, *, until: datetime) -> list[PaperCitations]:
        """The authors and citations of papers first seen (else published) in [start, end)."""
        span = {"start": start, "end": end, "until": until}
        return await self.read(
            lambda connection: [PaperCitations(*row) for row in connection.execute(_AUTHOR_CITATIONS, span)]
        )

    async def count_papers(self) -> int:
        """How many papers there are."""
        # Rows have no gaps, and counting would read them all.
        return await self.read(lambda connection: connection.scalar(_LAST_ROW)) or 0

    async def last_revision(self) -> int:
        """The newest revision; 0 when there are no papers."""
        return await self.read(lambda connection: connection.scalar(_LAST_REVISION)) or 0


async def lock_papers(connection: "AsyncConnection") -> None:
    """Let only one transaction at a time change papers, until it ends.

    So a revision is never seen before a smaller one, and rows have no gaps. SQLite has only one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITE_LOCK})


async def save_papers(connection: "AsyncConnection", batch: Batch) -> Saved:
    """Store papers, merged with what is known of them; returns what changed. The caller holds `lock_papers`."""
    storables = [storable(paper) for paper in batch.papers]
    named = defaultdict(list)
    for paper_id, alias in batch.aliases:
        if is_storable(alias):
            named[paper_id].append(alias)
    known = await connection.run_sync(_papers_by_id, {paper.id for paper in storables}.union(*named.values()))
    titles = [paper.title for paper in storables if paper.id not in known]
    same_title = await connection.run_sync(_papers_by_title, titles)
    entries = gather(storables, known, same_title, named, only_new=batch.only_new)
    return await _write(connection, entries)


async def save_signals(connection: "AsyncConnection", readings: Sequence[Signal]) -> int:
    """Store the readings that are about known papers; returns how many were not known before."""
    rows = await rows_of(connection, {reading.paper_id for reading in readings})
    values = [
        {"row": rows[reading.paper_id], "kind": reading.kind.value, "at": reading.at, "value": reading.value}
        for reading in readings
        if reading.paper_id in rows
    ]
    if not values:
        return 0
    insert = insert_into(connection, signals).on_conflict_do_nothing()
    result = await connection.execute(insert, values, execution_options={"preserve_rowcount": True})
    return result.rowcount


def _fetch(connection: Connection, query: Select[Any], values: dict[str, Any]) -> list[StoredPaper]:
    return list(map(_stored, connection.execute(query, values).all()))


def _papers_by_id(connection: Connection, ids: Collection[PaperId]) -> dict[PaperId, StoredPaper]:
    found: dict[PaperId, StoredPaper] = {}
    for chunk in chunks(filter(is_storable, ids)):
        for row in connection.execute(_BY_ID, {"ids": chunk}):
            found[row.named] = _stored(row)
    return found


def _papers_by_title(connection: Connection, titles: Iterable[str]) -> list[StoredPaper]:
    found: list[StoredPaper] = []
    for chunk in chunks(filter(None, {telling_title_id(title) for title in titles})):
        found += _fetch(connection, _BY_TITLE, {"titles": chunk})
    return found


async def rows_of(connection: "AsyncConnection", ids: Iterable[PaperId]) -> dict[PaperId, int]:
    """The rows of the known papers among `ids`, by the id given."""
    return await connection.run_sync(read_rows, ids)


def read_rows(connection: Connection, ids: Iterable[PaperId]) -> dict[PaperId, int]:
    """`rows_of` for a connection that blocks."""
    found: dict[PaperId, int] = {}
    for chunk in chunks(filter(is_storable, ids)):
        found.update((row.id, row.row) for row in connection.execute(_NAMED, {"ids": chunk}))
    return found


async def _write(connection: "AsyncConnection", entries: Sequence[Entry]) -> Saved:
    rows = count((await connection.scalar(_LAST_ROW) or 0) + 1)
    revisions = count((await connection.scalar(_LAST_REVISION) or 0) + 1)
    inserts, updates, names = [], [], []
    for entry in entries:
        row = entry.stored.row if entry.stored else next(rows)
        if entry.new:
            inserts.append({"row": row, "revision": next(revisions), **_columns(entry.paper)})
        elif entry.changed:
            updates.append({"at_row": row, "revision": next(revisions), **_columns(entry.paper)})
        names += [{"id": alias, "row": row} for alias in entry.aliases]
    if inserts:
        await connection.execute(papers.insert(), inserts)
    if updates:
        await connection.execute(papers.update().where(papers.c.row == bindparam("at_row")), updates)
    if names:
        await connection.execute(aliases.insert(), names)
    return Saved(new=len(inserts), changed=len(updates), unchanged=len(entries) - len(inserts) - len(updates))


def _columns(paper: Paper) -> dict[str, Any]:
    columns = {name: getattr(paper, name) for name in _FIELDS}
    return columns | {"title_id": telling_title_id(paper.title), "seen_at": seen_at(paper)}


def _stored(row: Row[*tuple[Any, ...]]) -> StoredPaper:
    key, revision, *values = row
    return StoredPaper(key, revision, Paper(**dict(zip(_FIELDS, values, strict=False))))


def _outcome(row: int, upvotes: int, *origin: object) -> PaperUpvotes:
    return PaperUpvotes(row, Paper(title="", **dict(zip(_ORIGINS, origin, strict=True))), upvotes)  # type: ignore[arg-type]
