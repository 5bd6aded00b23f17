"""Papers in messages of places, in the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, delete, distinct, func, select, update

from bot.domain.clubs import MeetingState
from bot.domain.paper_ids import PaperId
from bot.domain.people import FeedbackKind, PaperHistory, Sighting, person_key
from storage.sql.database import Database, insert_into
from storage.sql.feedback import name_at
from storage.sql.papers import rows_of
from storage.sql.tables.catalog import aliases, papers
from storage.sql.tables.channels import reminders, sightings
from storage.sql.tables.clubs import club_meetings
from storage.sql.tables.readers import feedback
from storage.sql.text import is_storable, storable_text

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

_MOST = 50
"""Messages of a place that are read of a paper."""


class Sightings(Database):
    """The part of the store that keeps which papers were in which messages."""

    async def note_share(self, place: str, message: str, ids: Sequence[PaperId], person: int, *, at: datetime) -> None:
        """Keep that a person's message shared papers, also papers not known yet; the first time it is told counts."""
        async with self.writing() as connection:
            await note_sightings(connection, place, message, ids, at=at, person=person)

    async def forget_message(self, place: str, message: str) -> None:
        """Delete which papers a message had."""
        here = (sightings.c.place == storable_text(place)) & (sightings.c.message == storable_text(message))
        async with self.writing() as connection:
            await connection.execute(delete(sightings).where(here))

    async def paper_history(self, place: str, paper_id: PaperId) -> PaperHistory:
        """What a place knows of a paper, under whichever of its ids."""
        async with self.reading() as connection:
            names = await _names(connection, paper_id)
            found = list(await connection.execute(_seen(storable_text(place), names)))
            saved = (await connection.execute(_saved(storable_text(place), names))).one()
            read_at = await connection.scalar(_read(storable_text(place), names))
        messages = {row.message: Sighting(row.message, row.at, row.shared, row.name or "") for row in found}
        return PaperHistory(tuple(messages.values()), saved.people, saved.since, read_at)

    async def claim_reminder(
        self, place: str, reader: str, paper_id: PaperId, *, now: datetime, since: datetime
    ) -> bool:
        """Note that a `reader` is reminded of a paper in a place now; False where that was so after `since` already.

        A reader is a person (`person:1`), or empty for everybody there.
        """
        key = {"place": storable_text(place), "reader": reader, "id": storable_text(paper_id)}
        async with self.writing() as connection:
            insertion = insert_into(connection, reminders).values(**key, at=now)
            claimed = insertion.on_conflict_do_update(
                index_elements=list(key), set_={"at": now}, where=reminders.c.at <= since
            )
            return (await connection.execute(claimed.returning(reminders.c.id))).first() is not None


async def note_sightings(
    connection: "AsyncConnection",
    place: str,
    message: str,
    ids: Sequence[PaperId],
    *,
    at: datetime,
    person: int | None = None,
) -> None:
    """Keep that a message of a place had papers: one that a person shared, else a post."""
    same = {"place": storable_text(place), "message": storable_text(message)}
    values = [
        {**same, "id": paper_id, "shared": person is not None, "person": person, "at": at}
        for paper_id in sorted({each for each in ids if is_storable(each)})
    ]
    if values:
        await connection.execute(insert_into(connection, sightings).on_conflict_do_nothing(), values)


async def join_sightings(connection: "AsyncConnection", joined: int, kept: int) -> None:
    """Let what one person shared be another's."""
    await connection.execute(update(sightings).where(sightings.c.person == joined).values(person=kept))


async def forget_sightings(connection: "AsyncConnection", person: int) -> None:
    """Leave what a person shared to the place, as shared by somebody, and delete of what they were reminded."""
    await connection.execute(update(sightings).where(sightings.c.person == person).values(person=None))
    await connection.execute(delete(reminders).where(reminders.c.reader == person_key(person)))


async def _names(connection: "AsyncConnection", paper_id: PaperId) -> list[str]:
    """Every id of a paper; of one that is not here the one it was named by."""
    row = (await rows_of(connection, [paper_id])).get(paper_id)
    known = select(papers.c.id).where(papers.c.row == row).union(select(aliases.c.id).where(aliases.c.row == row))
    return sorted({storable_text(paper_id), *await connection.scalars(known)})


def _seen(place: str, names: Sequence[str]) -> Select[Any]:
    name = name_at(sightings.c.person, place)
    found = select(sightings.c.message, sightings.c.at, sightings.c.shared, name)
    here = found.where(sightings.c.place == place, sightings.c.id.in_(names))
    return here.order_by(sightings.c.at.desc(), sightings.c.message).limit(_MOST)


def _saved(place: str, names: Sequence[str]) -> Select[int, Any]:
    """How many people's saves of a paper in a place count, and when the first was made."""
    people, since = func.count(distinct(feedback.c.person)).label("people"), func.min(feedback.c.at).label("since")
    count = select(people, since).join_from(feedback, papers, papers.c.row == feedback.c.row)
    here = (feedback.c.place == place) & feedback.c.counts & papers.c.id.in_(names)
    return count.where(here, feedback.c.attitude == FeedbackKind.SAVE.value)


def _read(place: str, names: Sequence[str]) -> Select[Any]:
    """When the reading group of a place last met about a paper."""
    met = club_meetings.c.state == MeetingState.CHOSEN.value
    here = (club_meetings.c.place == place) & club_meetings.c.winner.in_(names)
    return select(func.max(club_meetings.c.meets_at)).where(here, met)
