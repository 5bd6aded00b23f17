"""Deliveries in the database: the queue of posts, shared by any number of workers."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Update, bindparam, delete, exists, func, or_, select, update

from bot.domain.deliveries import OPEN, Delivery, Refusal, Status
from bot.domain.destinations import Destination, Kind
from bot.domain.named_posts import topics_of_post
from bot.domain.paper_ids import PaperId
from bot.domain.people import FeedbackKind, Place, Topic, person_key
from bot.ports import Audience
from storage.sql.database import Database
from storage.sql.destinations import read_delivery, read_destination, read_place
from storage.sql.follows import note_delivered
from storage.sql.places import note_post, note_shown, read_shown, topic_in
from storage.sql.sightings import note_sightings
from storage.sql.tables.channels import topics
from storage.sql.tables.clubs import clubs
from storage.sql.tables.readers import feedback
from storage.sql.tables.schedule import deliveries, destinations
from storage.sql.text import storable_text

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

_FARTHEST = timedelta(hours=2)
"""Every lease and wait is shorter: a longer one was recorded before the clock was set back."""

_STUCK = timedelta(days=2)
_KEPT = timedelta(days=400)
"""How long deliveries are kept: a deleted one could be claimed again if the clock were set back that far."""

_OPEN = [status.value for status in OPEN]
_BY_PLACE = ("platform", "workspace", "channel", "name", "private")
_CHUNK = 1_000


class Deliveries(Database):
    """The part of the store that knows how far each post has come."""

    async def lease(
        self, worker: str, *, now: datetime, until: datetime, limit: int, reaches: Callable[[Place], bool]
    ) -> list[Delivery]:
        """Take deliveries that are to be worked on now and that this process reaches, the longest waiting first."""
        places = [destinations.c[name] for name in _BY_PLACE]
        waiting = select(deliveries.c.number, *places).join(destinations).where(_is_waiting(now))
        async with self.writing() as connection:
            rows = await connection.execute(waiting.order_by(deliveries.c.next_attempt_at, deliveries.c.number))
            within = [row.number for row in rows if reaches(read_place(row._mapping))][:_CHUNK]
            if not within:
                return []
            # Look among more than are wanted, so that workers that look at the same moment all find some.
            free = select(deliveries.c.number).where(deliveries.c.number.in_(within), _is_waiting(now))
            free = free.order_by(deliveries.c.next_attempt_at, deliveries.c.number).limit(limit)
            found = list(await connection.scalars(free.with_for_update(skip_locked=True)))
            numbers = await _first_of_their_places(connection, found, now)
            taken = update(deliveries).where(deliveries.c.number.in_(numbers)).values(worker=worker, lease_until=until)
            await connection.execute(taken)
            return await _read(connection, numbers)

    async def freeze(self, worker: str, payloads: Mapping[int, str], *, as_of: datetime) -> frozenset[int]:
        """Keep composed posts by their delivery's number; returns the numbers still leased to the worker."""
        mine = select(deliveries.c.number).where(
            deliveries.c.number.in_(payloads), deliveries.c.worker == worker, deliveries.c.status.in_(_OPEN)
        )
        kept = update(deliveries).where(deliveries.c.number == bindparam("at_number"))
        kept = kept.values(payload=bindparam("composed"), as_of=as_of, status=Status.READY.value)
        async with self.writing() as connection:
            numbers = frozenset(await connection.scalars(mine.with_for_update()))
            if numbers:
                values = [{"at_number": number, "composed": payloads[number]} for number in numbers]
                await connection.execute(kept, values)
        return numbers

    async def begin_message(self, number: int, worker: str, *, now: datetime, until: datetime) -> bool:
        """Record that the next message is in flight, from now on or already, and extend the lease."""
        since = func.coalesce(deliveries.c.started_at, now)
        begun = _of(number, worker).values(status=Status.SENDING.value, started_at=since, lease_until=until)
        async with self.writing() as connection:
            return (await connection.execute(begun)).rowcount > 0

    async def message_sent(
        self,
        delivery: Delivery,
        worker: str,
        message: str,
        papers: Sequence[PaperId],
        *,
        now: datetime,
        until: datetime | None = None,
    ) -> bool:
        """Note the id of the message in flight, and which papers it showed: from now on reactions to it count.

        With `until` the next message is in flight from now on, and the lease is extended.
        """
        following = {"started_at": now, "lease_until": until} if until else {"started_at": None}
        sent = _of(delivery.number, worker).values(sent=(*delivery.sent, storable_text(message)), **following)
        destination = delivery.destination
        async with self.writing() as connection:
            if papers and await _is_kept(connection, delivery):
                await note_post(connection, destination.place.key, message, papers)
                await note_shown(connection, destination.owner, papers, now)
                if not destination.place.private:
                    await note_sightings(connection, destination.place.key, message, papers, at=now)
                await note_delivered(connection, delivery.number, papers, now)
            return (await connection.execute(sent)).rowcount > 0

    async def put_off(self, delivery: Delivery, worker: str, *, until: datetime, error: str, failed: bool) -> bool:
        """Give a delivery back until a moment; `failed` counts an attempt.

        Its message stays in flight since `delivery.started_at`, if that is set.
        """
        back = {
            "next_attempt_at": until,
            "started_at": delivery.started_at,
            "attempts": deliveries.c.attempts + int(failed),
            "error": storable_text(error),
        }
        async with self.writing() as connection:
            put_off = _of(delivery.number, worker).values(**back, worker="", lease_until=None)
            return (await connection.execute(put_off)).rowcount > 0

    async def end(self, delivery: Delivery, worker: str, status: Status, *, now: datetime, error: str = "") -> bool:
        """End a delivery; one that was sent covers the papers up to its `as_of`."""
        async with self.writing() as connection:
            ended = await _end(connection, delivery, worker, status, now, error)
            if ended and status is Status.SENT:
                await _note_success(connection, delivery)
            return ended

    async def refuse(
        self, delivery: Delivery, worker: str, *, now: datetime, error: str, disable_after: int
    ) -> Refusal | None:
        """End a delivery that the platform refused; so many refusals in a row switch its destination off.

        None when it was not leased to the worker.
        """
        async with self.writing() as connection:
            if not await _end(connection, delivery, worker, Status.FAILED, now, error):
                return None
            return await _note_refusal(connection, delivery, disable_after)

    async def doubt_open(self, *, now: datetime, error: str) -> int:
        """End every delivery that is not ended as unknown; returns how many there were."""
        ended = {"status": Status.UNKNOWN.value, "ended_at": now, "next_attempt_at": None}
        doubted = update(deliveries).where(deliveries.c.status.in_(_OPEN))
        doubted = doubted.values(**ended, error=storable_text(error), worker="", lease_until=None)
        async with self.writing() as connection:
            return (await connection.execute(doubted)).rowcount

    async def tidy(self, *, now: datetime) -> None:
        """End deliveries that could not be sent for days, and delete those too old to be needed."""
        column = deliveries.c
        begun = func.coalesce(column.asked_at, column.claimed_at)
        lost = {"status": Status.FAILED.value, "next_attempt_at": None, "error": "nobody could send it in time"}
        async with self.writing() as connection:
            stuck = update(deliveries).where(column.status.in_(_OPEN), begun < now - _STUCK)
            await connection.execute(stuck.values(**lost, ended_at=now, worker="", lease_until=None))
            await connection.execute(delete(deliveries).where(column.claimed_at < now - _KEPT))
        await self.purge()

    async def resend(self, place: str, *, now: datetime) -> Delivery | None:
        """Open the newest delivery to a place again if it is unknown or failed half way; None when it is not."""
        newest = select(deliveries.c.number, deliveries.c.status, deliveries.c.payload).join(destinations)
        newest = newest.where(destinations.c.place == storable_text(place))
        newest = newest.order_by(deliveries.c.number.desc()).limit(1).with_for_update(of=deliveries)
        async with self.writing() as connection:
            row = (await connection.execute(newest)).one_or_none()
            if not row or not row.payload or row.status not in {Status.UNKNOWN.value, Status.FAILED.value}:
                return None
            again = {"status": Status.SENDING.value, "asked_at": now, "next_attempt_at": now, "attempts": 0}
            reopened = update(deliveries).where(deliveries.c.number == row.number)
            await connection.execute(reopened.values(**again, started_at=None, ended_at=None))
            return (await _read(connection, [row.number]))[0]

    async def audiences(self, wanted: Sequence[Destination]) -> list[Audience]:
        """What is known of each destination."""
        parts = [wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK)]
        return await self.read(lambda connection: [each for part in parts for each in _audiences(connection, part)])


async def _is_kept(connection: "AsyncConnection", delivery: Delivery) -> bool:
    """Whether a delivery is still there: whoever was forgotten while it was sent has none."""
    number = await connection.scalar(select(deliveries.c.number).where(deliveries.c.number == delivery.number))
    return number is not None


def _is_waiting(now: datetime) -> ColumnElement[bool]:
    """Whether there is something to do now and no worker does it. Posts of one place go one after the other."""
    column = deliveries.c
    due = or_(column.next_attempt_at <= now, column.next_attempt_at > now + _FARTHEST)
    free = or_(column.lease_until.is_(None), column.lease_until <= now, column.lease_until > now + _FARTHEST)
    return due & free & _is_first()


@cache
def _is_first() -> ColumnElement[bool]:
    """Whether no earlier post of its place is open. Made once: an alias has a copy of every column."""
    before, own, other = deliveries.alias("before"), destinations.alias("own"), destinations.alias("other")
    same_place = (own.c.key == deliveries.c.destination) & (other.c.place == own.c.place)
    earlier = same_place & (before.c.destination == other.c.key) & (before.c.number < deliveries.c.number)
    return ~exists().where(earlier, before.c.next_attempt_at.is_not(None))


async def _first_of_their_places(connection: "AsyncConnection", found: Sequence[int], now: datetime) -> Sequence[int]:
    """Of deliveries those that are surely the next of their places, also if others are being claimed at this moment.

    One that was claimed but is not committed cannot be seen, though it may come before. Whoever claims has locked its
    destination, so where a place has several, all of them are locked here, or its delivery is left for the next look.
    """
    several = select(destinations.c.place).group_by(destinations.c.place).having(func.count() > 1)
    wanted = select(deliveries.c.number, destinations.c.place).join(destinations)
    wanted = wanted.where(deliveries.c.number.in_(found), destinations.c.place.in_(several))
    doubtful = {row.number: row.place for row in await connection.execute(wanted)}
    if not doubtful:
        return found
    there = select(destinations.c.key, destinations.c.place).where(destinations.c.place.in_(set(doubtful.values())))
    locked = set(await connection.scalars(there.with_for_update(skip_locked=True)))
    held = {row.place for row in await connection.execute(there) if row.key not in locked}
    again = select(deliveries.c.number).where(deliveries.c.number.in_(doubtful), _is_waiting(now))
    sure = {number for number in await connection.scalars(again) if doubtful[number] not in held}
    return [number for number in found if number not in doubtful or number in sure]


def _of(number: int, worker: str) -> Update:
    """An update of an open delivery that is leased to a worker."""
    mine = (deliveries.c.worker == worker) & deliveries.c.status.in_(_OPEN)
    return update(deliveries).where(deliveries.c.number == number, mine)


async def _read(connection: "AsyncConnection", numbers: Sequence[int]) -> list[Delivery]:
    named = select(deliveries).where(deliveries.c.number.in_(numbers))
    rows = (await connection.execute(named.order_by(deliveries.c.number))).all()
    keys = {row.destination for row in rows}
    settings = await connection.execute(select(destinations).where(destinations.c.key.in_(keys)))
    known = {row.key: read_destination(row._mapping) for row in settings}
    return [read_delivery(row, known[row.destination]) for row in rows]


async def _end(
    connection: "AsyncConnection", delivery: Delivery, worker: str, status: Status, now: datetime, error: str
) -> bool:
    ended = {"status": status.value, "ended_at": now, "error": storable_text(error), "next_attempt_at": None}
    # Of a message that was looked for and not found, or refused, it is certain that it did not arrive.
    ended |= {"started_at": delivery.started_at}
    ending = _of(delivery.number, worker).values(**ended, worker="", lease_until=None)
    return (await connection.execute(ending)).rowcount > 0


async def _note_success(connection: "AsyncConnection", delivery: Delivery) -> None:
    values: dict[str, Any] = {"refusals": 0, "warned": False}
    if delivery.kind is Kind.DAILY:
        values["covered_until"] = delivery.as_of
    key = storable_text(delivery.destination.key)
    await connection.execute(update(destinations).where(destinations.c.key == key).values(**values))


async def _note_refusal(connection: "AsyncConnection", delivery: Delivery, disable_after: int) -> Refusal:
    here = destinations.c.key == storable_text(delivery.destination.key)
    row = (await connection.execute(select(destinations).where(here).with_for_update())).one()
    refusals = row.refusals + 1
    values: dict[str, Any] = {"refusals": refusals, "warned": True}
    if disabled := refusals >= disable_after:
        values |= {"enabled": False, "next_run_at": None}
        off = update(clubs).where(clubs.c.place == row.key)
        await connection.execute(off.values(enabled=False, next_at=None))
    await connection.execute(update(destinations).where(here).values(**values))
    return Refusal(refusals, disabled, news=not row.warned)


def _audiences(connection: Connection, wanted: Sequence[Destination]) -> list[Audience]:
    owners = [storable_text(destination.owner) for destination in wanted]
    places = [storable_text(destination.place.key) for destination in wanted]
    keys = [storable_text(destination.key) for destination in wanted]
    people = [destination.person for destination in wanted if destination.person is not None]
    followed: defaultdict[str, list[Topic]] = defaultdict(list)
    of_any = topics.c.owner.in_({*owners, *keys})
    for row in connection.execute(select(topics).where(of_any).order_by(topics.c.number)).all():
        followed[row.owner].append(topic_in(row))
    seen = read_shown(connection, owners)
    given: defaultdict[str, list[tuple[int, FeedbackKind, datetime]]] = defaultdict(list)
    column = feedback.c
    said = select(column.place, column.person, column.row, column.attitude, column.at).where(
        column.counts, or_(column.place.in_(places), column.person.in_(people))
    )
    for place, person, row, attitude, at in connection.execute(said.order_by(column.at.desc(), column.row)).all():
        for owner in (place, person_key(person)):
            given[owner].append((row, FeedbackKind(attitude), at))
    covering = select(destinations.c.key, destinations.c.covered_until).where(destinations.c.key.in_(keys))
    covered = {row.key: row.covered_until for row in connection.execute(covering)}
    hour = func.substr(destinations.c.at, 1, 2)
    within = select(destinations.c.place, hour, func.count()).where(destinations.c.place.in_(places))
    within = within.where(destinations.c.enabled).group_by(destinations.c.place, hour)
    together = {(place, at): count for place, at, count in connection.execute(within)}
    return [
        Audience(
            topics_of_post(destination.post, followed[key], followed[owner]) if destination.post else followed[owner],
            given[owner],
            frozenset(seen[owner]),
            covered.get(key),
            max(0, together.get((place, f"{destination.at:%H}"), 0) - 1),
        )
        for destination, owner, place, key in zip(wanted, owners, places, keys, strict=True)
    ]
