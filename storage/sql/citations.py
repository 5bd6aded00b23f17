"""Who cites the papers of which somebody follows that, in the database."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from bot.domain.follows import CitedPaper, FollowKind
from bot.domain.paper_ids import PaperId
from storage.sql.database import Database, chunks, insert_into
from storage.sql.papers import rows_of
from storage.sql.tables.alerts import cited_papers, citing_papers, follows, matches
from storage.sql.tables.catalog import aliases, papers
from storage.sql.text import is_storable

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

_OF_CITATIONS = follows.c.kind == FollowKind.CITED_BY.value


class Citations(Database):
    """The part of the store that keeps which papers cite those that are followed so."""

    async def due_cited(self, *, read_before: datetime) -> list[CitedPaper]:
        """The papers whose citing ones were not read since a moment, those first that were asked for longest ago."""
        wanted = select(follows.c.value, func.min(follows.c.since)).where(_OF_CITATIONS).group_by(follows.c.value)
        async with self.reading() as connection:
            values = {PaperId(value): since for value, since in await connection.execute(wanted)}
            rows = await rows_of(connection, values)
            known = {each.row: each for each in await connection.execute(select(cited_papers))}
            since = {row: min(values[value] for value, at in rows.items() if at == row) for row in rows.values()}
            ids = await _ids_of(connection, since)
        read = {row: state.read_at for row, state in known.items()}
        due = [row for row in since if read.get(row) is None or read[row] < read_before]
        due.sort(key=lambda row: (row in known, known[row].asked_at if row in known else None, row))
        return [CitedPaper(row, tuple(ids[row]), since[row], read.get(row) is None) for row in due]

    async def begin_citing(self, cited: int, *, now: datetime) -> None:
        """Record that it is being asked who cites a paper (its row)."""
        async with self.writing() as connection:
            asked = insert_into(connection, cited_papers).values(row=cited, asked_at=now)
            await connection.execute(asked.on_conflict_do_update(index_elements=["row"], set_={"asked_at": now}))

    async def citing(self, cited: int) -> frozenset[PaperId]:
        """All known ids of the papers that cite a paper."""
        query = select(citing_papers.c.id).where(citing_papers.c.cited == cited)
        async with self.reading() as connection:
            return frozenset(map(PaperId, await connection.scalars(query)))

    async def note_citing(self, cited: int, ids: Collection[PaperId], news: Collection[PaperId]) -> None:
        """Keep ids of papers that cite a paper; those in `news`, which are stored, match what is followed, once."""
        standing = select(cited_papers.c.row).where(cited_papers.c.row == cited).with_for_update()
        kept = [{"cited": cited, "id": paper_id} for paper_id in sorted(filter(is_storable, ids))]
        async with self.writing() as connection:
            if kept and await connection.scalar(standing):
                await connection.execute(insert_into(connection, citing_papers).on_conflict_do_nothing(), kept)
            rows = sorted(set((await rows_of(connection, news)).values()) - {cited})
            numbers = await _followed_so(connection, cited) if rows else []
            if found := [{"follow": number, "row": row, "version": ""} for number in numbers for row in rows]:
                await connection.execute(insert_into(connection, matches).on_conflict_do_nothing(), found)

    async def end_citing(self, cited: int, *, now: datetime) -> None:
        """Record that the list was read to its end: whoever is not on it cites the paper from now on."""
        async with self.writing() as connection:
            await connection.execute(update(cited_papers).where(cited_papers.c.row == cited).values(read_at=now))

    async def drop_cited(self, *, asked_before: datetime) -> None:
        """Forget who cites papers of which nobody follows that any more, and about which nobody was asked for long."""
        old = select(cited_papers.c.row).where(cited_papers.c.asked_at < asked_before)
        async with self.writing() as connection:
            values = await connection.scalars(select(follows.c.value).where(_OF_CITATIONS))
            wanted = set((await rows_of(connection, map(PaperId, values))).values())
            gone = set(await connection.scalars(old)) - wanted
            for chunk in chunks(gone):
                await connection.execute(delete(cited_papers).where(cited_papers.c.row.in_(chunk)))


async def _ids_of(connection: "AsyncConnection", rows: Iterable[int]) -> dict[int, list[PaperId]]:
    """All ids of papers, by their rows, the main one first."""
    found: defaultdict[int, list[PaperId]] = defaultdict(list)
    for chunk in chunks(rows):
        for table in (papers, aliases):
            ids = select(table.c.row, table.c.id).where(table.c.row.in_(chunk)).order_by(table.c.id)
            for row, paper_id in await connection.execute(ids):
                found[row].append(PaperId(paper_id))
    return found


async def _followed_so(connection: "AsyncConnection", cited: int) -> list[int]:
    """The numbers of the follows of who cites a paper; none of them can be removed before the transaction ends."""
    ids = (await _ids_of(connection, [cited]))[cited]
    named = select(follows.c.number).where(_OF_CITATIONS, follows.c.value.in_(ids)).order_by(follows.c.number)
    return list(await connection.scalars(named.with_for_update()))
