"""What people think of papers, in the database."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, and_, distinct, func, literal, or_, select, update

from bot.domain.papers import PaperId
from bot.domain.people import Feedback, FeedbackAct, FeedbackKind
from bot.ports import CoSave
from storage.sql.database import Database, chunks, insert_into
from storage.sql.papers import read_rows, rows_of
from storage.sql.tables import feedback, papers
from storage.sql.text import storable_text

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite
    from sqlalchemy.ext.asyncio import AsyncConnection

_ENOUGH = 2
"""People from whom on saves of the same papers are told to others."""

_MOST_ROWS, _MOST_PAIRS, _NEAREST_PEOPLE = 1_000, 1_000, 100

_KEY = ("person", "row", "attitude", "origin")


class FeedbackRecords(Database):
    """The part of the store that knows who thinks what of which paper."""

    async def give_feedback(self, act: FeedbackAct) -> bool:
        """Take in one act; says whether the attitude that counts changed by it. Unknown papers change nothing."""
        async with self.writing() as connection:
            row = (await rows_of(connection, [act.paper_id])).get(act.paper_id)
            if row is None:
                return False
            before = await _counts(connection, act.person, row, act.kind)
            values = {
                "person": act.person,
                "row": row,
                "attitude": act.kind.value,
                "origin": storable_text(act.origin),
                "place": storable_text(act.place),
                "present": act.present,
                "at": act.at,
            }
            await connection.execute(_latest(insert_into(connection, feedback).values(**values)))
            return before != await _counts(connection, act.person, row, act.kind)

    async def withdraw(self, person: int, paper_id: PaperId, kind: FeedbackKind, *, at: datetime) -> bool:
        """Take an attitude back whatever its origins; says whether there was one."""
        async with self.writing() as connection:
            row = (await rows_of(connection, [paper_id])).get(paper_id)
            taken_back = (
                update(feedback)
                .where(feedback.c.person == person, feedback.c.row == row, feedback.c.attitude == kind.value)
                .where(feedback.c.present)
                .values(present=False, at=at)
            )
            return (await connection.execute(taken_back)).rowcount > 0

    async def feedback_of(self, person: int) -> list[Feedback]:
        """What a person has an attitude to, the newest first; each pair of paper and attitude once."""
        return await self._judged(_judgements().where(feedback.c.person == person))

    async def feedback_at(self, place: str) -> list[Feedback]:
        """What was judged in a place by anybody, the newest first; one entry for each person who did."""
        return await self._judged(_judgements().where(feedback.c.place == storable_text(place)))

    async def _judged(self, query: Select[Any]) -> list[Feedback]:
        async with self.reading() as connection:
            return [
                Feedback(PaperId(row.id), FeedbackKind(row.attitude), row.at) for row in await connection.execute(query)
            ]

    async def count_saves(self, ids: Sequence[PaperId], *, until: datetime) -> dict[PaperId, int]:
        """How many people saved each paper by a moment; every id asked has a count."""

        def counted(connection: Connection) -> dict[PaperId, int]:
            rows, counts = read_rows(connection, ids), dict[int, int]()
            for chunk in chunks(rows.values()):
                counts.update(connection.execute(_saves_until(until).where(feedback.c.row.in_(chunk))).all())
            return {paper_id: counts.get(rows.get(paper_id, 0), 0) for paper_id in ids}

        return await self.read(counted)

    async def saved_together(self, rows: Sequence[int]) -> list[CoSave]:
        """Papers that at least two of the people nearest saved together with one of `rows`, the most often first."""
        async with self.reading() as connection:
            pairs = list(await connection.execute(_pairs(rows[:_MOST_ROWS])))
            named = {row for one, other, _ in pairs for row in (one, other)}
            savers = {told.row: told.savers for told in await connection.execute(_savers(named))}
        return [CoSave(one, other, together, savers[one], savers[other]) for one, other, together in pairs]


_SAVES = select(feedback.c.person, feedback.c.row).where(
    feedback.c.attitude == FeedbackKind.SAVE.value, feedback.c.present
)


def _pairs(rows: Sequence[int]) -> Select[Any]:
    """Pairs of papers that several of the people nearest to a reader of `rows` saved both, and by how many."""
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
    """Papers and by how many people they had been saved by a moment."""
    counted = select(feedback.c.row, func.count(distinct(feedback.c.person))).group_by(feedback.c.row)
    return counted.where(feedback.c.attitude == FeedbackKind.SAVE.value, feedback.c.present, feedback.c.at <= until)


def _savers(rows: Iterable[int]) -> Select[Any]:
    savers = func.count(distinct(feedback.c.person)).label("savers")
    return _SAVES.with_only_columns(feedback.c.row, savers).where(feedback.c.row.in_(rows)).group_by(feedback.c.row)


async def move_feedback(connection: "AsyncConnection", joined: int, kept: int) -> None:
    """Make what one person said something another said; of two acts of one origin the later counts."""
    others = [column for column in feedback.c if column.name != "person"]
    said = select(literal(kept), *others).where(feedback.c.person == joined)
    names = ["person", *(column.name for column in others)]
    await connection.execute(_latest(insert_into(connection, feedback).from_select(names, said)))


def _latest(insert: "sqlite.Insert | postgresql.Insert") -> "sqlite.Insert | postgresql.Insert":
    """Let an act replace an earlier one of its origin, and, of the same moment, a taking back replace a taking."""
    new = insert.excluded
    later = or_(new.at > feedback.c.at, and_(new.at == feedback.c.at, feedback.c.present, ~new.present))
    replaced = {"present": new.present, "at": new.at, "place": new.place}
    return insert.on_conflict_do_update(index_elements=list(_KEY), set_=replaced, where=later)


async def _counts(connection: "AsyncConnection", person: int, row: int, kind: FeedbackKind) -> bool:
    """Whether a person has an attitude to a paper, by any origin."""
    held = select(feedback.c.row).where(feedback.c.person == person, feedback.c.row == row)
    held = held.where(feedback.c.attitude == kind.value, feedback.c.present).limit(1)
    return (await connection.execute(held)).first() is not None


def _judgements() -> Select[Any]:
    """Papers with an attitude somebody has, once for each person, and when they last said so, whatever the origin."""
    said = func.max(feedback.c.at).label("at")
    return (
        select(papers.c.id, feedback.c.attitude, said)
        .join_from(feedback, papers, papers.c.row == feedback.c.row)
        .where(feedback.c.present)
        .group_by(papers.c.id, papers.c.row, feedback.c.attitude, feedback.c.person)
        .order_by(said.desc(), papers.c.row.desc())
    )
