"""Reading groups in the database: when they meet, what is nominated, and how people vote."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, and_, case, delete, func, select, update

from bot.domain.clubs import Club, Meeting, MeetingState, Nomination, next_meeting
from bot.domain.deliveries import Status
from bot.domain.destinations import OF_A_CLUB, Kind
from bot.domain.paper_ids import PaperId
from storage.sql.database import Database, insert_into
from storage.sql.destinations import new_claim, read_place
from storage.sql.papers import rows_of
from storage.sql.tables.catalog import papers
from storage.sql.tables.clubs import club_meetings, club_nominations, club_votes, clubs
from storage.sql.tables.schedule import deliveries, destinations
from storage.sql.text import storable_text

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

_VOTING, _CHOSEN = MeetingState.VOTING.value, MeetingState.CHOSEN.value
_UNSENT = (Status.CLAIMED.value, Status.READY.value)
_MOMENTS = ("opens_at", "closes_at", "reminds_at", "meets_at")
_PLACE = [destinations.c[name] for name in ("platform", "workspace", "channel", "name", "private")]


class Clubs(Database):
    """The part of the store that keeps reading groups."""

    async def club(self, place: str) -> Club | None:
        """The reading group of a place, also one that is switched off; None where there never was one."""
        async with self.reading() as connection:
            row = (await connection.execute(_clubs().where(clubs.c.place == storable_text(place)))).one_or_none()
        return _club(row) if row else None

    async def save_club(self, club: Club, *, now: datetime, resumes: date | None = None) -> None:
        """Keep how a club is set, and when its next vote opens.

        Switched off, its meeting stops, and what was not yet posted for it is not posted. The meeting of the day that
        it `resumes` goes on from where it stopped.
        """
        place, columns = storable_text(club.place.key), _club_columns(club)
        async with self.writing() as connection:
            if not club.enabled:
                await _stop(connection, place, now)
            elif resumes:
                await _resume(connection, place, resumes, now)
            await _forgive(connection, place)
            columns["next_at"] = next_meeting(club, now, await _standing(connection, place, now)).opens_at
            columns["next_at"] = columns["next_at"] if club.enabled else None
            insertion = insert_into(connection, clubs).values(place=place, **columns)
            await connection.execute(insertion.on_conflict_do_update(index_elements=["place"], set_=columns))

    async def due_clubs(self, *, now: datetime) -> list[Club]:
        """The clubs whose next vote is to be opened."""
        async with self.reading() as connection:
            due = await connection.execute(_clubs().where(clubs.c.enabled, clubs.c.next_at <= now))
            return [_club(row) for row in due]

    async def open_meeting(self, meeting: Meeting | None, club: Club, *, next_at: datetime, now: datetime) -> None:
        """Begin a meeting with its vote, each day of a place once, and note when that after it is to be opened.

        Nothing happens where the club was changed since it was read.
        """
        place = storable_text(club.place.key)
        same = and_(*(clubs.c[name] == value for name, value in _club_columns(club).items()))
        async with self.writing() as connection:
            held = select(clubs.c.place).where(clubs.c.place == place, same, clubs.c.enabled).with_for_update()
            if (await connection.execute(held)).first() is None:
                return
            await connection.execute(update(clubs).where(clubs.c.place == place).values(next_at=next_at))
            if meeting:
                await _begin(connection, meeting)
                await _claim(connection, place, Kind.VOTE, meeting.day, now)

    async def meetings(self, place: str) -> list[Meeting]:
        """The meetings of a place, the newest first."""
        here = _meetings().where(club_meetings.c.place == storable_text(place))
        async with self.reading() as connection:
            rows = await connection.execute(here.order_by(club_meetings.c.day.desc()))
            return [_meeting(row) for row in rows]

    async def meeting(self, place: str, day: date) -> Meeting | None:
        """The meeting of a place on a day."""
        that = _meetings().where(club_meetings.c.place == storable_text(place), club_meetings.c.day == day)
        async with self.reading() as connection:
            row = (await connection.execute(that)).one_or_none()
        return _meeting(row) if row else None

    async def due_votes(self, *, now: datetime) -> list[Meeting]:
        """The meetings whose vote is over and not counted yet."""
        due = _meetings().where(club_meetings.c.state == _VOTING, club_meetings.c.next_at <= now)
        async with self.reading() as connection:
            return [_meeting(row) for row in await connection.execute(due.order_by(club_meetings.c.next_at))]

    async def put_off_vote(self, number: int, *, until: datetime) -> None:
        """Count a vote later."""
        later = update(club_meetings).where(club_meetings.c.number == number, club_meetings.c.state == _VOTING)
        async with self.writing() as connection:
            await connection.execute(later.values(next_at=until))

    async def close_vote(
        self,
        meeting: Meeting,
        state: MeetingState,
        winner: PaperId | None,
        *,
        votes: int,
        cast: int,
        now: datetime,
        tied: bool = False,
    ) -> bool:
        """Note what a vote came to, once, and that it is to be announced; returns whether nobody had done so."""
        place = storable_text(meeting.place.key)
        remind = state is MeetingState.CHOSEN and now < meeting.reminds_at
        ended = update(club_meetings).where(club_meetings.c.number == meeting.number, club_meetings.c.state == _VOTING)
        ended = ended.values(
            state=state.value,
            winner=storable_text(winner or ""),
            votes=votes,
            cast=cast,
            tied=tied,
            next_at=meeting.reminds_at if remind else None,
        )
        async with self.writing() as connection:
            if not (await connection.execute(ended)).rowcount:
                return False
            await _call_off(connection, place, {Kind.VOTE}, now)
            if state is not MeetingState.MISSED:
                await _claim(connection, place, Kind.MEETING, meeting.day, now)
            if winner:
                read = (await rows_of(connection, [winner])).get(winner)
                await connection.execute(_nomination(place, read))
            return True

    async def claim_reminders(self, *, now: datetime) -> None:
        """Make a delivery of every reminder that is due."""
        due = select(club_meetings).where(club_meetings.c.state == _CHOSEN, club_meetings.c.next_at <= now)
        async with self.reading() as connection:
            if (await connection.execute(due.limit(1))).first() is None:
                return
        async with self.writing() as connection:
            rows = (await connection.execute(due.with_for_update(skip_locked=True))).all()
            for row in rows:
                if now < row.meets_at:
                    await _claim(connection, row.place, Kind.REMINDER, row.day, now)
            done = update(club_meetings).where(club_meetings.c.number.in_([row.number for row in rows]))
            await connection.execute(done.values(next_at=None))

    async def nominate(self, place: str, person: int, paper_id: PaperId, *, at: datetime) -> bool:
        """Propose a paper; returns whether that is new. Unknown papers change nothing."""
        async with self.writing() as connection:
            row = (await rows_of(connection, [paper_id])).get(paper_id)
            if row is None:
                return False
            proposed = insert_into(connection, club_nominations)
            proposed = proposed.values(place=storable_text(place), row=row, person=person, at=at)
            new = proposed.on_conflict_do_nothing().returning(club_nominations.c.row)
            return await connection.scalar(new) is not None

    async def withdraw_nomination(self, place: str, paper_id: PaperId) -> bool:
        """Take back a proposal; returns whether there was one."""
        async with self.writing() as connection:
            row = (await rows_of(connection, [paper_id])).get(paper_id)
            return (await connection.execute(_nomination(storable_text(place), row))).rowcount > 0

    async def proposals(self, place: str) -> list[Nomination]:
        """The papers proposed in a place and not read since, the oldest first; their saves are not counted."""
        columns = (papers.c.id, club_nominations.c.at, club_nominations.c.person)
        query = select(*columns).join_from(club_nominations, papers, papers.c.row == club_nominations.c.row)
        query = query.where(club_nominations.c.place == storable_text(place))
        async with self.reading() as connection:
            rows = await connection.execute(query.order_by(club_nominations.c.at, papers.c.row))
            return [Nomination(PaperId(row.id), row.at, proposed=True, person=row.person) for row in rows]

    async def vote(self, number: int, person: int, choice: int, *, at: datetime) -> bool:
        """Vote for a candidate (from 1) of a meeting, in place of an earlier vote; returns whether the vote is open."""
        is_open = select(club_meetings.c.number).where(
            club_meetings.c.number == number, club_meetings.c.state == _VOTING, club_meetings.c.closes_at > at
        )
        async with self.writing() as connection:
            if (await connection.execute(is_open.with_for_update())).first() is None:
                return False
            voted = insert_into(connection, club_votes).values(meeting=number, person=person, choice=choice, at=at)
            again = {"choice": choice, "at": at}
            await connection.execute(voted.on_conflict_do_update(index_elements=["meeting", "person"], set_=again))
            return True

    async def votes(self, number: int) -> Sequence[int]:
        """The candidates (from 1) that people voted for in a meeting, one for each person."""
        async with self.reading() as connection:
            return list(await connection.scalars(select(club_votes.c.choice).where(club_votes.c.meeting == number)))


async def _begin(connection: "AsyncConnection", meeting: Meeting) -> None:
    """Keep a meeting; one of that day that was stopped goes on, with the candidates that were voted on."""
    columns = _meeting_columns(meeting)
    again = {name: columns[name] for name in ("timezone", *_MOMENTS, "state", "next_at")}
    begun = insert_into(connection, club_meetings).values(columns)
    stopped = club_meetings.c.state == MeetingState.STOPPED.value
    await connection.execute(begun.on_conflict_do_update(index_elements=["place", "day"], set_=again, where=stopped))


async def _standing(connection: "AsyncConnection", place: str, now: datetime) -> date | None:
    """The day of the meeting that has begun and is not over; None where there is none."""
    begun = club_meetings.c.state != MeetingState.STOPPED.value
    newest = select(func.max(club_meetings.c.day)).where(club_meetings.c.place == place, begun)
    day: date | None = await connection.scalar(newest.where(club_meetings.c.meets_at > now))
    return day


async def _forgive(connection: "AsyncConnection", place: str) -> None:
    """Count refusals from the beginning where they had switched everything off."""
    off = update(destinations).where(destinations.c.key == place, ~destinations.c.enabled)
    await connection.execute(off.values(refusals=0, warned=False))


async def _stop(connection: "AsyncConnection", place: str, now: datetime) -> None:
    """End the meeting that has begun, and what is to be posted for it."""
    begun = club_meetings.c.state.in_([_VOTING, _CHOSEN]) & (club_meetings.c.meets_at > now)
    stopped = update(club_meetings).where(club_meetings.c.place == place, begun)
    await connection.execute(stopped.values(state=MeetingState.STOPPED.value, next_at=None))
    await _call_off(connection, place, OF_A_CLUB, now)


async def _resume(connection: "AsyncConnection", place: str, day: date, now: datetime) -> None:
    """Let a meeting that was stopped go on, and what was not posted for it be posted."""
    column = club_meetings.c
    stopped = (column.place == place) & (column.day == day) & (column.state == MeetingState.STOPPED.value)
    chosen = column.winner != ""
    going_on = {
        "state": case((chosen, _CHOSEN), else_=_VOTING),
        "next_at": case((chosen, column.reminds_at), else_=column.closes_at),
    }
    resumed = update(club_meetings).where(stopped, column.meets_at > now).values(**going_on).returning(column.state)
    if state := await connection.scalar(resumed):
        await _claim(connection, place, Kind.MEETING if state == _CHOSEN else Kind.VOTE, day, now)


async def _call_off(connection: "AsyncConnection", place: str, kinds: Collection[Kind], now: datetime) -> None:
    """End what was not begun to be posted for a meeting; whoever had leased it can note nothing more."""
    column = deliveries.c
    unsent = column.status.in_(_UNSENT) & column.started_at.is_(None)
    ended = update(deliveries).where(column.destination == place, column.kind.in_([k.value for k in kinds]), unsent)
    how = {"status": Status.SKIPPED.value, "error": "called off", "next_attempt_at": None, "ended_at": now}
    await connection.execute(ended.values(**how, worker="", lease_until=None))


async def _claim(connection: "AsyncConnection", place: str, kind: Kind, day: date, now: datetime) -> None:
    """Make the one delivery of a kind for a meeting; one that was called off before any of it was posted goes on."""
    claim = {"destination": place, "kind": kind.value, "day": day, **new_claim(now)}
    claimed = insert_into(connection, deliveries).values(claim)
    again = {**new_claim(now), "ended_at": None}
    called_off = (deliveries.c.status == Status.SKIPPED.value) & deliveries.c.started_at.is_(None)
    unique = ["destination", "kind", "day", "turn"]
    await connection.execute(claimed.on_conflict_do_update(index_elements=unique, set_=again, where=called_off))


def _nomination(place: str, row: int | None) -> Any:
    """What deletes a proposal."""
    return delete(club_nominations).where(club_nominations.c.place == place, club_nominations.c.row == row)


def _clubs() -> Select[Any]:
    return select(clubs, *_PLACE).join_from(clubs, destinations, destinations.c.key == clubs.c.place)


def _meetings() -> Select[Any]:
    """Meetings with their places, and what was sent of their votes."""
    of_vote = (deliveries.c.destination == club_meetings.c.place) & (deliveries.c.day == club_meetings.c.day)
    of_vote &= deliveries.c.kind == Kind.VOTE.value
    columns = [column for column in club_meetings.c if column.name != "place"]
    joined = club_meetings.join(destinations, destinations.c.key == club_meetings.c.place).outerjoin(
        deliveries, of_vote
    )
    return select(*columns, *_PLACE, deliveries.c.sent).select_from(joined)


def _club_columns(club: Club) -> dict[str, Any]:
    return {
        "enabled": club.enabled,
        "weekday": club.weekday,
        "at": f"{club.at:%H:%M}",
        "timezone": club.timezone,
        "every": club.every,
        "first": club.first,
        "opens": club.opens,
        "closes": club.closes,
    }


def _meeting_columns(meeting: Meeting) -> dict[str, Any]:
    moments = {name: getattr(meeting, name) for name in _MOMENTS}
    return {
        "place": storable_text(meeting.place.key),
        "day": meeting.day,
        "timezone": meeting.timezone,
        **moments,
        "state": meeting.state.value,
        "next_at": meeting.closes_at,
        "candidates": meeting.candidates,
        "winner": "",
        "votes": 0,
        "cast": 0,
        "tied": False,
    }


def _club(row: Row[Any]) -> Club:
    return Club(
        place=read_place(row._mapping),
        enabled=row.enabled,
        weekday=row.weekday,
        at=time.fromisoformat(row.at),
        timezone=row.timezone,
        every=row.every,
        first=row.first,
        opens=row.opens,
        closes=row.closes,
    )


def _meeting(row: Row[Any]) -> Meeting:
    return Meeting(
        number=row.number,
        place=read_place(row._mapping),
        day=row.day,
        timezone=row.timezone,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        reminds_at=row.reminds_at,
        meets_at=row.meets_at,
        state=MeetingState(row.state),
        candidates=tuple(map(PaperId, row.candidates)),
        winner=PaperId(row.winner) if row.winner else None,
        votes=row.votes,
        cast=row.cast,
        tied=row.tied,
        sent=row.sent or (),
    )


async def nobodys(connection: "AsyncConnection", person: int) -> None:
    """Let what somebody proposed and voted for count on without a name."""
    for table in (club_nominations, club_votes):
        await connection.execute(update(table).where(table.c.person == person).values(person=None))


async def move_club_acts(connection: "AsyncConnection", joined: int, kept: int) -> None:
    """Move proposals and votes of one person to another; where both voted, the vote of `kept` counts."""
    both = select(club_votes.c.meeting).where(club_votes.c.person == kept)
    twice = (club_votes.c.person == joined) & club_votes.c.meeting.in_(both)
    await connection.execute(delete(club_votes).where(twice))
    for table in (club_nominations, club_votes):
        await connection.execute(update(table).where(table.c.person == joined).values(person=kept))
