"""Destinations in the database: how daily posts are set, and when each is due."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Row, RowMapping, bindparam, delete, func, or_, select

from bot.domain.deliveries import Delivery, Status, Upcoming
from bot.domain.destinations import (
    SCHEDULED,
    Destination,
    Kind,
    Layout,
    Quiet,
    Schedule,
    Scope,
    due_today,
    next_run,
    schedule,
)
from bot.domain.people import Place
from storage.sql.database import Database, chunks, insert_into
from storage.sql.tables.channels import topics
from storage.sql.tables.schedule import deliveries, destinations
from storage.sql.text import storable_text

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


_SCHEDULED = sorted(kind.value for kind in SCHEDULED)


class Destinations(Database):
    """The part of the store that knows where posts go and claims those that are due."""

    async def destination(self, key: str) -> Destination | None:
        """How a daily post is set up, by its key, which for the first of a place is the place's; None for none."""
        query = select(destinations).where(destinations.c.key == storable_text(key))
        async with self.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return read_destination(row._mapping) if row else None

    async def posts_of(self, place: str) -> list[Destination]:
        """The daily posts of a place (its key) as they are set up, the first before those with names."""
        here = select(destinations).where(destinations.c.place == storable_text(place))
        async with self.reading() as connection:
            rows = await connection.execute(here.order_by(destinations.c.key))
            return [read_destination(row._mapping) for row in rows]

    async def remove_destination(self, key: str) -> bool:
        """Delete a daily post, its topics and its deliveries; returns whether it was there."""
        name = storable_text(key)
        async with self.writing() as connection:
            await connection.execute(delete(topics).where(topics.c.owner == name))
            return (await connection.execute(delete(destinations).where(destinations.c.key == name))).rowcount > 0

    async def save_destination(self, destination: Destination, *, now: datetime) -> None:
        """Save how a place gets a daily post, and when the next one is due."""
        columns = _columns(destination)
        query = select(destinations).where(destinations.c.key == columns["key"]).with_for_update()
        async with self.writing() as connection:
            row = (await connection.execute(query)).one_or_none()
            before = _schedule(row) if row else None
            known = (read_destination(row._mapping), before) if row and before else None
            columns |= _schedule_columns(schedule(destination, now, known))
            if destination.enabled and not (known and known[0].enabled):
                columns |= {"refusals": 0, "warned": False}
            insertion = insert_into(connection, destinations).values(columns)
            await connection.execute(insertion.on_conflict_do_update(index_elements=["key"], set_=columns))

    async def claim_due(self, *, now: datetime, limit: int) -> int:
        """Make a delivery of every post that is due, for up to `limit` destinations, and set when the next is due.

        No local day of a destination is claimed twice. Returns how many destinations were looked at.
        """
        query = select(destinations).where(_is_due(now)).order_by(destinations.c.next_run_at).limit(limit)
        async with self.writing() as connection:
            due = (await connection.execute(query.with_for_update(skip_locked=True))).all()
            if due:
                await _claim(connection, due, now)
        return len(due)

    async def upcoming(self, places: Sequence[str] | None = None, *, deliveries: int = 3) -> list[Upcoming]:
        """Every destination, or those of some places, with its newest deliveries; payloads are left out."""
        query = select(destinations).order_by(destinations.c.next_run_at.nulls_last(), destinations.c.key)
        if places is not None:
            query = query.where(destinations.c.place.in_([storable_text(place) for place in places]))

        def found(connection: Connection) -> list[Upcoming]:
            rows = connection.execute(query).all()
            newest = _newest(connection, [row.key for row in rows], deliveries)
            return [
                Upcoming(
                    settings := read_destination(row._mapping),
                    row.next_run_at,
                    row.refusals,
                    tuple(read_delivery(each, settings) for each in newest[row.key]),
                )
                for row in rows
            ]

        return await self.read(found)


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Whether a post is due, or the schedule must be computed again: never computed, or the clock was set back."""
    column = destinations.c
    reckon = or_(column.next_run_at <= now, column.reckoned_at > now, column.reckoned_at.is_(None))
    return column.enabled & reckon


async def _claim(connection: "AsyncConnection", due: Sequence[Row[Any]], now: datetime) -> None:
    claims, schedules = [], []
    taken = await _taken(connection, [row.key for row in due])
    for row in due:
        destination = read_destination(row._mapping)
        # A destination cannot have been switched on in the future: the clock was set back since.
        since = min(row.since or now, now)
        day = due_today(destination, now, since)
        kinds = destination.kinds_on(day) if day else ()
        claims += [
            {"destination": row.key, "kind": kind.value, "day": day}
            for kind in kinds
            if not any(destination.local_day(at) == day for at in taken[row.key, kind.value])
        ]
        following = Schedule(next_run(destination, now), since, now)
        schedules.append({"at_key": row.key, **_schedule_columns(following)})
    if claims:
        insertion = insert_into(connection, deliveries).on_conflict_do_nothing()
        await connection.execute(insertion, [claim | new_claim(now) for claim in claims])
    update = destinations.update().where(destinations.c.key == bindparam("at_key"))
    await connection.execute(update, schedules)


def new_claim(now: datetime) -> dict[str, Any]:
    """The columns of a delivery that was just claimed."""
    return {
        "status": Status.CLAIMED.value,
        "claimed_at": now,
        "next_attempt_at": now,
        "payload": "",
        "sent": (),
        "attempts": 0,
        "error": "",
        "worker": "",
    }


async def _taken(connection: "AsyncConnection", keys: Sequence[str]) -> defaultdict[tuple[str, str], list[datetime]]:
    """When the newest deliveries of destinations were claimed.

    A destination that was moved to another zone can have the same date twice, or the next date on the same day.
    """
    numbered = _numbered(keys).where(deliveries.c.kind.in_(_SCHEDULED)).subquery()
    query = select(numbered.c.destination, numbered.c.kind, numbered.c.claimed_at).where(numbered.c.nth <= 4)
    taken: defaultdict[tuple[str, str], list[datetime]] = defaultdict(list)
    for key, kind, claimed_at in await connection.execute(query):
        taken[key, kind].append(claimed_at)
    return taken


def _newest(connection: Connection, keys: Sequence[str], count: int) -> defaultdict[str, list[Row[*tuple[Any, ...]]]]:
    newest: defaultdict[str, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for chunk in chunks(keys):
        numbered = _numbered(chunk).subquery()
        query = select(numbered).where(numbered.c.nth <= count).order_by(numbered.c.nth)
        for row in connection.execute(query):
            newest[row.destination].append(row)
    return newest


def _numbered(keys: Sequence[str]) -> Any:
    """Deliveries of destinations, numbered from the newest in `nth`."""
    newest_first = func.row_number().over(partition_by=deliveries.c.destination, order_by=deliveries.c.number.desc())
    return select(deliveries, newest_first.label("nth")).where(deliveries.c.destination.in_(keys))


def read_delivery(row: Any, destination: Destination) -> Delivery:
    """The delivery in a row of its table."""
    return Delivery(
        number=row.number,
        destination=destination,
        kind=Kind(row.kind),
        day=row.day,
        status=Status(row.status),
        claimed_at=row.claimed_at,
        asked_at=row.asked_at,
        payload=row.payload,
        sent=row.sent,
        started_at=row.started_at,
        as_of=row.as_of,
        attempts=row.attempts,
        error=row.error,
        turn=row.turn,
    )


def _schedule(row: Row[Any]) -> Schedule | None:
    return Schedule(row.next_run_at, row.since, row.reckoned_at) if row.reckoned_at else None


def _schedule_columns(at: Schedule) -> dict[str, Any]:
    return {"next_run_at": at.next_run_at, "since": at.since, "reckoned_at": at.reckoned_at}


def _columns(destination: Destination) -> dict[str, Any]:
    place = destination.place
    return {
        "key": storable_text(destination.key),
        "place": storable_text(place.key),
        "post": storable_text(destination.post),
        "platform": place.platform,
        "workspace": place.workspace,
        "channel": storable_text(place.channel),
        "name": storable_text(place.name),
        "private": place.private,
        "enabled": destination.enabled,
        "at": f"{destination.at:%H:%M}",
        "timezone": destination.timezone,
        "days": "".join(str(day) for day in sorted(destination.days)),
        "count": destination.count,
        "layout": destination.chosen_layout.value if destination.chosen_layout else "",
        "threads": destination.threads,
        "minimum": destination.minimum,
        "quiet": destination.quiet.value,
        "scope": destination.scope.value,
        "weekly": destination.weekly,
        "person": destination.person,
    }


def read_place(row: RowMapping) -> Place:
    """The place in a row of the table of destinations."""
    return Place(row["platform"], row["workspace"], row["channel"], row["name"], row["private"])


def read_destination(row: RowMapping) -> Destination:
    """The destination in a row of its table."""
    return Destination(
        place=read_place(row),
        post=row["post"],
        enabled=row["enabled"],
        at=time.fromisoformat(row["at"]),
        timezone=row["timezone"],
        days=frozenset(map(int, row["days"])),
        count=row["count"],
        chosen_layout=Layout(row["layout"]) if row["layout"] else None,
        threads=row["threads"],
        minimum=row["minimum"],
        quiet=Quiet(row["quiet"]),
        scope=Scope(row["scope"]),
        weekly=row["weekly"],
        person=row["person"],
    )
