"""Notes and tags in the database."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Select, case, delete, literal, select

from bot.domain.notes import Note, Shelf
from bot.domain.paper_ids import PaperId
from bot.domain.people import person_key
from storage.sql.database import Database, insert_into
from storage.sql.feedback import name_at
from storage.sql.papers import rows_of
from storage.sql.tables.catalog import papers
from storage.sql.tables.readers import notes, tags
from storage.sql.text import storable_text

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

_Value = TypeVar("_Value")


class Notes(Database):
    """The part of the store that keeps what people write about papers."""

    async def write_note(self, owner: str, person: int, paper_id: PaperId, text: str, *, at: datetime) -> str:
        """Keep what a person notes about a paper there, in place of what they noted before, which is returned.

        An empty text deletes it. Unknown papers change nothing.
        """
        async with self.writing() as connection:
            row = (await rows_of(connection, [paper_id])).get(paper_id)
            if row is None:
                return ""
            key = {"owner": storable_text(owner), "person": person, "row": row}
            same = [notes.c[name] == value for name, value in key.items()]
            before = await connection.scalar(delete(notes).where(*same).returning(notes.c.text))
            if text:
                written = insert_into(connection, notes).values(**key, text=storable_text(text), at=at)
                await connection.execute(written)
            return before or ""

    async def add_tags(self, owner: str, paper_id: PaperId, names: Sequence[str], *, at: datetime) -> list[str]:
        """Put tags on a paper; returns those that are new there. Unknown papers change nothing."""
        async with self.writing() as connection:
            row = (await rows_of(connection, [paper_id])).get(paper_id)
            if row is None or not names:
                return []
            key = {"owner": storable_text(owner), "row": row, "at": at}
            added = insert_into(connection, tags).values([{**key, "tag": storable_text(name)} for name in names])
            new = set(await connection.scalars(added.on_conflict_do_nothing().returning(tags.c.tag)))
        return [name for name in names if name in new]

    async def tag_all(self, owner: str, tagged: Sequence[tuple[PaperId, str]], *, at: datetime) -> None:
        """Put many tags on papers, each on one. Unknown papers change nothing."""
        async with self.writing() as connection:
            rows = await rows_of(connection, {paper_id for paper_id, _ in tagged})
            key = {"owner": storable_text(owner), "at": at}
            put = {(rows[paper_id], storable_text(name)) for paper_id, name in tagged if paper_id in rows}
            if put:
                values = [{**key, "row": row, "tag": name} for row, name in sorted(put)]
                await connection.execute(insert_into(connection, tags).on_conflict_do_nothing(), values)

    async def remove_tags(self, owner: str, paper_id: PaperId, names: Collection[str]) -> list[str]:
        """Take tags off a paper; returns those that were there, by name."""
        async with self.writing() as connection:
            row = (await rows_of(connection, [paper_id])).get(paper_id)
            gone = delete(tags).where(tags.c.owner == storable_text(owner), tags.c.row == row)
            named = gone.where(tags.c.tag.in_(names)).returning(tags.c.tag)
            return sorted(await connection.scalars(named))

    async def shelf(self, owner: str) -> Shelf:
        """The notes and tags of an owner."""
        async with self.reading() as connection:
            written = list(await connection.execute(_written(storable_text(owner))))
            tagged = list(await connection.execute(_tagged(storable_text(owner))))
        return Shelf(
            notes=_grouped((PaperId(row.id), Note(row.text, row.person, row.name or "", row.at)) for row in written),
            tags=_grouped((PaperId(row.id), row.tag) for row in tagged),
        )


def _written(owner: str) -> Select[Any]:
    """The notes of an owner, the newest first."""
    columns = (papers.c.id, notes.c.text, notes.c.person, name_at(notes.c.person, owner), notes.c.at)
    return (
        select(*columns)
        .join_from(notes, papers, papers.c.row == notes.c.row)
        .where(notes.c.owner == owner)
        .order_by(notes.c.at.desc(), notes.c.person)
    )


def _tagged(owner: str) -> Select[Any]:
    """The tags of an owner, by name."""
    found = select(papers.c.id, tags.c.tag).join_from(tags, papers, papers.c.row == tags.c.row)
    return found.where(tags.c.owner == owner).order_by(tags.c.tag)


def _grouped(pairs: Iterable[tuple[PaperId, _Value]]) -> dict[PaperId, list[_Value]]:
    """The values of each paper, in order."""
    values: dict[PaperId, list[_Value]] = {}
    for paper_id, value in pairs:
        values.setdefault(paper_id, []).append(value)
    return values


async def move_notes(connection: "AsyncConnection", joined: int, kept: int) -> None:
    """Move the notes of one person to another; where both have one on a paper, the other's follows."""
    own = case((notes.c.owner == person_key(joined), person_key(kept)), else_=notes.c.owner)
    theirs = select(own, literal(kept), notes.c.row, notes.c.text, notes.c.at).where(notes.c.person == joined)
    moved = insert_into(connection, notes).from_select(["owner", "person", "row", "text", "at"], theirs)
    both = moved.on_conflict_do_update(
        index_elements=["owner", "person", "row"], set_={"text": notes.c.text + "\n" + moved.excluded.text}
    )
    await connection.execute(both)
