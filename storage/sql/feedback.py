"""Feedback on papers, in the database."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Label,
    Select,
    and_,
    case,
    delete,
    distinct,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from bot.domain.paper_ids import PaperId
from bot.domain.people import BY_COMMAND, Feedback, FeedbackAct, FeedbackKind, PlaceSave, resulting_kind
from bot.ports import CoSave
from storage.sql.database import Database, chunks, insert_into
from storage.sql.papers import read_rows, rows_of
from storage.sql.tables.catalog import papers
from storage.sql.tables.readers import accounts, feedback, people
from storage.sql.text import storable_text

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite
    from sqlalchemy.ext.asyncio import AsyncConnection

_ENOUGH = 2
"""At least this many people must have saved two papers before others see that."""

_MOST_ROWS, _MOST_PAIRS, _NEAREST_PEOPLE = 1_000, 1_000, 100

_KEY = ("person", "row", "attitude", "origin")


class FeedbackRecords(Database):
    """The part of the store that keeps feedback."""

    async def give_feedback(self, act: FeedbackAct) -> bool:
        """Store one act; returns whether the feedback that counts changed. Unknown papers change nothing."""
        async with self.writing() as connection:
            await hold_people(connection, act.person)
            return await note_act(connection, act)

    async def save_all(self, person: int, ids: Sequence[PaperId], *, origin: str, at: datetime) -> int:
        """Save those of many papers that somebody has not saved, under one origin; returns how many."""
        async with self.writing() as connection:
            await hold_people(connection, person)
            rows = set((await rows_of(connection, ids)).values())
            rows -= set(await connection.scalars(_SAVES.with_only_columns(feedback.c.row).where(_of(person))))
            said = rows & set(await connection.scalars(select(feedback.c.row).where(_of(person))))
            act = {"person": person, "attitude": FeedbackKind.SAVE.value, "origin": origin, "place": "", "at": at}
            values = [{**act, "row": row, "present": True, "counts": row not in said} for row in sorted(rows)]
            if values:
                await connection.execute(insert(feedback), values)
            for row in said:
                await _decide(connection, person, row)
            return len(rows)

    async def take_back(self, person: int, origin: str) -> int:
        """Make it as if somebody had given nothing under one origin; returns for how many papers it was given."""
        async with self.writing() as connection:
            await hold_people(connection, person)
            given = delete(feedback).where(_of(person), feedback.c.origin == storable_text(origin), feedback.c.present)
            rows = set(await connection.scalars(given.returning(feedback.c.row)))
            others = select(feedback.c.row).where(_of(person))
            for row in rows & set(await connection.scalars(others)):
                await _decide(connection, person, row)
            return len(rows)

    async def withdraw(self, person: int, paper_id: PaperId, kind: FeedbackKind, *, at: datetime) -> bool:
        """Take back feedback of a kind, of all origins; returns whether there was any."""
        async with self.writing() as connection:
            await hold_people(connection, person)
            row = (await rows_of(connection, [paper_id])).get(paper_id)
            taken_back = (
                update(feedback)
                .where(feedback.c.person == person, feedback.c.row == row, feedback.c.attitude == kind.value)
                .where(feedback.c.present)
                .values(present=False, at=at)
            )
            changed = (await connection.execute(taken_back)).rowcount > 0
            if row is not None:
                await _decide(connection, person, row)
            return changed

    async def reacted(self, person: int, origin: str) -> tuple[PaperId, FeedbackKind] | None:
        """The paper and kind of the feedback that an origin gave and has not taken back; None without."""
        query = (
            select(papers.c.id, feedback.c.attitude)
            .join_from(feedback, papers, papers.c.row == feedback.c.row)
            .where(feedback.c.person == person, feedback.c.origin == storable_text(origin), feedback.c.present)
            .order_by(feedback.c.at.desc())
        )
        async with self.reading() as connection:
            found = (await connection.execute(query.limit(1))).first()
        return (PaperId(found.id), FeedbackKind(found.attitude)) if found else None

    async def feedback_of(self, person: int) -> list[Feedback]:
        """The feedback of a person that counts, newest first; one entry for each paper."""
        return await self._read_feedback(_counted().where(feedback.c.person == person))

    async def feedback_at(self, place: str) -> list[Feedback]:
        """The feedback given in a place that counts, newest first; one entry for each person and paper."""
        return await self._read_feedback(_counted().where(feedback.c.place == storable_text(place)))

    async def _read_feedback(self, query: Select[Any]) -> list[Feedback]:
        async with self.reading() as connection:
            return [
                Feedback(PaperId(row.id), FeedbackKind(row.attitude), row.at) for row in await connection.execute(query)
            ]

    async def saves_at(self, place: str) -> list[PlaceSave]:
        """The saves in a place that count, newest first; one for each person and paper."""
        async with self.reading() as connection:
            found = list(await connection.execute(_saves_at(storable_text(place))))
        return [
            PlaceSave(PaperId(row.id), row.at, row.person, row.name or "", seen=bool(row.reactions)) for row in found
        ]

    async def count_saves(self, ids: Sequence[PaperId], *, until: datetime) -> dict[PaperId, int]:
        """How many people saved each paper by a moment; every id given has a count."""

        def counted(connection: Connection) -> dict[PaperId, int]:
            rows, counts = read_rows(connection, ids), dict[int, int]()
            for chunk in chunks(rows.values()):
                counts.update(connection.execute(_saves_until(until).where(feedback.c.row.in_(chunk))).all())
            return {paper_id: counts.get(rows.get(paper_id, 0), 0) for paper_id in ids}

        return await self.read(counted)

    async def saved_together(self, rows: Sequence[int]) -> list[CoSave]:
        """Papers that at least two of the nearest people saved together with one of `rows`, the most often first."""

        def told(connection: Connection) -> list[CoSave]:
            pairs = connection.execute(_pairs(rows[:_MOST_ROWS])).all()
            named = {row for one, other, _ in pairs for row in (one, other)}
            savers = {saved.row: saved.savers for saved in connection.execute(_savers(named))}
            return [CoSave(one, other, together, savers[one], savers[other]) for one, other, together in pairs]

        return await self.read(told)


def _of(person: int) -> ColumnElement[bool]:
    return feedback.c.person == person


def _saves_at(place: str) -> Select[Any]:
    """Saves in a place that count, once for each person and paper, and how many of them were reactions."""
    reaction = case((feedback.c.origin != BY_COMMAND, 1), else_=0)
    at, reactions = func.max(feedback.c.at).label("at"), func.sum(reaction).label("reactions")
    name = name_at(feedback.c.person, place)
    return (
        select(papers.c.id, feedback.c.person, name, at, reactions)
        .join_from(feedback, papers, papers.c.row == feedback.c.row)
        .where(feedback.c.place == place, feedback.c.attitude == FeedbackKind.SAVE.value, feedback.c.counts)
        .group_by(papers.c.id, papers.c.row, feedback.c.person)
        .order_by(at.desc(), papers.c.row.desc(), feedback.c.person)
    )


def name_at(person: ColumnElement[int], place: str) -> Label[str]:
    """What a person is called on the platform of a place; where they have several names there, the first of them.

    What was added to the place's library of Zotero was saved by Zotero.
    """
    from bot.domain.zotero import PLATFORM as ZOTERO

    platforms = (place.partition(":")[0], ZOTERO)
    named = select(func.min(accounts.c.name)).where(accounts.c.person == person, accounts.c.platform.in_(platforms))
    return named.scalar_subquery().label("name")


_SAVES = select(feedback.c.person, feedback.c.row).where(
    feedback.c.attitude == FeedbackKind.SAVE.value, feedback.c.counts
)


def _pairs(rows: Sequence[int]) -> Select[Any]:
    """Pairs of papers that several of the people nearest to a reader of `rows` saved both, and how many people."""
    shared = func.count(distinct(feedback.c.row))
    near = _SAVES.with_only_columns(feedback.c.person).where(feedback.c.row.in_(rows)).group_by(feedback.c.person)
    people = near.order_by(shared.desc(), feedback.c.person).limit(_NEAREST_PEOPLE).subquery("near")
    one = _SAVES.where(feedback.c.row.in_(rows)).distinct().subquery("one")
    other = _SAVES.join(people, people.c.person == feedback.c.person).distinct().subquery("other")
    together = func.count().label("together")
    return (
        select(one.c.row, other.c.row.label("other"), together)
        .join(other, and_(other.c.person == one.c.person, other.c.row != one.c.row))
        .group_by(one.c.row, other.c.row)
        .having(together >= _ENOUGH)
        .order_by(together.desc(), one.c.row, other.c.row)
        .limit(_MOST_PAIRS)
    )


def _saves_until(until: datetime) -> Select[Any]:
    """Papers, and how many people had saved them by a moment."""
    counted = select(feedback.c.row, func.count(distinct(feedback.c.person))).group_by(feedback.c.row)
    return counted.where(feedback.c.attitude == FeedbackKind.SAVE.value, feedback.c.counts, feedback.c.at <= until)


def _savers(rows: Iterable[int]) -> Select[Any]:
    savers = func.count(distinct(feedback.c.person)).label("savers")
    return _SAVES.with_only_columns(feedback.c.row, savers).where(feedback.c.row.in_(rows)).group_by(feedback.c.row)


async def hold_people(connection: "AsyncConnection", *persons: int) -> None:
    """Let nobody else change what these people said until the transaction ends.

    PostgreSQL would run acts of one person side by side: each would decide by what it sees, and lock the rows of the
    others in another order. SQLite has one writer.
    """
    held = select(people.c.person).where(people.c.person.in_(persons)).order_by(people.c.person)
    await connection.execute(held.with_for_update(key_share=True))


async def note_act(connection: "AsyncConnection", act: FeedbackAct) -> bool:
    """Store one act of somebody who is held; returns whether the feedback that counts changed."""
    row = (await rows_of(connection, [act.paper_id])).get(act.paper_id)
    if row is None:
        return False
    values = {
        "person": act.person,
        "row": row,
        "attitude": act.kind.value,
        "origin": storable_text(act.origin),
        "place": storable_text(act.place),
        "present": act.present,
        "at": act.at,
    }
    before = await _counting(connection, act.person, row)
    await connection.execute(_latest(insert_into(connection, feedback).values(**values)))
    return await _decide(connection, act.person, row) != before


async def erase_act(connection: "AsyncConnection", act: FeedbackAct) -> None:
    """Make it as if an act of somebody who is held had never been; what else they said of the paper decides."""
    row = (await rows_of(connection, [act.paper_id])).get(act.paper_id)
    same = (feedback.c.person == act.person) & (feedback.c.row == row) & (feedback.c.attitude == act.kind.value)
    await connection.execute(delete(feedback).where(same, feedback.c.origin == storable_text(act.origin)))
    if row is not None:
        await _decide(connection, act.person, row)


async def move_feedback(connection: "AsyncConnection", joined: int, kept: int) -> None:
    """Move the feedback of one person to another; of two acts of one origin the later counts."""
    others = [column for column in feedback.c if column.name != "person"]
    said = select(literal(kept), *others).where(feedback.c.person == joined)
    names = ["person", *(column.name for column in others)]
    await connection.execute(_latest(insert_into(connection, feedback).from_select(names, said)))
    both = select(feedback.c.row).where(feedback.c.person == joined)
    for row in list(await connection.scalars(both.distinct())):
        await _decide(connection, kept, row)


def _latest(insert: "sqlite.Insert | postgresql.Insert") -> "sqlite.Insert | postgresql.Insert":
    """Let an act replace an earlier one of its origin; of two at the same moment the one that takes back counts."""
    new = insert.excluded
    later = or_(new.at > feedback.c.at, and_(new.at == feedback.c.at, feedback.c.present, ~new.present))
    replaced = {"present": new.present, "at": new.at, "place": new.place}
    return insert.on_conflict_do_update(index_elements=list(_KEY), set_=replaced, where=later)


async def _counting(connection: "AsyncConnection", person: int, row: int) -> str | None:
    """The kind of feedback that results from a person's acts on a paper; None for none."""
    counts = select(feedback.c.attitude).where(feedback.c.person == person, feedback.c.row == row, feedback.c.counts)
    kind: str | None = await connection.scalar(counts.limit(1))
    return kind


async def _decide(connection: "AsyncConnection", person: int, row: int) -> str | None:
    """Mark which acts of a person on a paper count; returns their kind, None for none."""
    theirs = (feedback.c.person == person) & (feedback.c.row == row)
    acts = select(feedback.c.attitude, feedback.c.present).where(theirs)
    acts = acts.order_by(feedback.c.at, feedback.c.present.desc())
    kind = resulting_kind((FeedbackKind(act.attitude), act.present) for act in await connection.execute(acts))
    counts = (feedback.c.attitude == kind.value) & feedback.c.present if kind else false()
    await connection.execute(update(feedback).where(theirs).values(counts=counts))
    return kind and kind.value


def _counted() -> Select[Any]:
    """Feedback that counts, once for each person and paper, and when it was last given, of all origins."""
    said = func.max(feedback.c.at).label("at")
    return (
        select(papers.c.id, feedback.c.attitude, said)
        .join_from(feedback, papers, papers.c.row == feedback.c.row)
        .where(feedback.c.counts)
        .group_by(papers.c.id, papers.c.row, feedback.c.attitude, feedback.c.person)
        .order_by(said.desc(), papers.c.row.desc())
    )
