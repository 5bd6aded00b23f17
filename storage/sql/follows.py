"""Follows in the database: what is followed, which papers match, and which post shows them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Text,
    and_,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)

from bot.domain.deliveries import OPEN, Delivery, Status
from bot.domain.destinations import Kind
from bot.domain.follows import Follow, FollowKind, Found, Match, Waiting
from bot.domain.paper_ids import PaperId
from storage.sql.database import Database, chunks, insert_into
from storage.sql.destinations import new_claim, read_destination
from storage.sql.papers import rows_of
from storage.sql.places import shown_to
from storage.sql.tables.alerts import follows, matches
from storage.sql.tables.catalog import papers
from storage.sql.tables.schedule import deliveries, destinations
from storage.sql.text import storable_text

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

_AFTER_FAILURE = timedelta(days=1)
"""How long no papers are sent at once to a place after they could not be."""

_OPEN = [status.value for status in OPEN]
_PENDING = matches.c.shown_at.is_(None)
_BY_NUMBER = follows.c.number


class Follows(Database):
    """The part of the store that keeps follows and their matches."""

    async def add_follow(self, follow: Follow) -> tuple[Follow, bool]:
        """Keep a follow from the newest paper on; returns it as it is kept, and whether it is new.

        One of the same owner, kind and value (ignoring case) is set to come `at_once` or not; it has no `others` any
        more, and their papers are looked for again.
        """
        columns = _columns(follow)
        same = and_(*(follows.c[name] == columns[name] for name in ("owner", "kind", "folded")))
        again = case((follows.c.others == columns["others"], follows.c.scanned), else_=0)
        changed = update(follows).where(same).values(scanned=again)
        changed = changed.values({name: columns[name] for name in ("at_once", "place", "others")})
        newest = select(func.coalesce(func.max(papers.c.row), 0), func.coalesce(func.max(papers.c.revision), 0))
        async with self.writing() as connection:
            if row := (await connection.execute(changed.returning(follows))).first():
                return _follow(row), False
            from_row, scanned = (await connection.execute(newest)).one()
            added = insert(follows).values(**columns, from_row=from_row, scanned=scanned).returning(follows)
            return _follow((await connection.execute(added)).one()), True

    async def follows(self, owner: str, place: str) -> list[Follow]:
        """What is followed by an owner (a place's key or `person:1`) or comes to a place, in the order it was added."""
        return await self._follows(_owned(owner, place))

    async def follows_behind(self, revision: int) -> list[Follow]:
        """Follows for which papers up to a revision were not all looked at; of who cites a paper others tell."""
        return await self._follows((follows.c.scanned < revision) & (follows.c.kind != FollowKind.CITED_BY.value))

    async def _follows(self, wanted: ColumnElement[bool]) -> list[Follow]:
        async with self.reading() as connection:
            rows = await connection.execute(select(follows).where(wanted).order_by(follows.c.number))
            return [_follow(row) for row in rows]

    async def remove_follow(self, number: int) -> None:
        """Delete a follow and its matches."""
        async with self.writing() as connection:
            await connection.execute(delete(follows).where(follows.c.number == number))

    async def change_follow(self, follow: Follow) -> None:
        """Keep the `others` and the `mention` of a follow."""
        changed = update(follows).where(follows.c.number == follow.number)
        async with self.writing() as connection:
            others = tuple(map(storable_text, follow.others))
            await connection.execute(changed.values(others=others, mention=storable_text(follow.mention)))

    async def note_matches(self, numbers: Collection[int], found: Collection[Match], *, scanned: int) -> None:
        """Keep matches, each once, and up to which revision papers were looked at for some follows."""
        standing = select(follows.c.number).where(follows.c.number.in_(numbers)).order_by(_BY_NUMBER)
        looked = update(follows).where(follows.c.number.in_(numbers), follows.c.scanned < scanned)
        async with self.writing() as connection:
            kept = set(await connection.scalars(standing.with_for_update()))
            values = [_match_columns(match) for match in found if match.follow in kept]
            if values:
                await connection.execute(insert_into(connection, matches).on_conflict_do_nothing(), values)
            await connection.execute(looked.values(scanned=scanned))

    async def pending(self, follow: int) -> list[int]:
        """Rows of the papers that match a follow and are in no post yet."""
        query = select(matches.c.row).where(matches.c.follow == follow, _PENDING, ~_is_held())
        async with self.reading() as connection:
            return sorted(await connection.scalars(query))

    async def drop_matches(self, follow: int, rows: Collection[int], *, now: datetime | None = None) -> None:
        """Delete matches of a follow that are in no post yet; with `now` they count as shown, and do not come again."""
        change = update(matches).values(shown_at=now) if now else delete(matches)
        dropped = change.where(matches.c.follow == follow, _PENDING, ~_is_held())
        async with self.writing() as connection:
            for chunk in chunks(rows):
                await connection.execute(dropped.where(matches.c.row.in_(chunk)))

    async def claim_followed(self, *, now: datetime) -> int:
        """Make a delivery for every place where matches are to come at once; returns how many.

        A place has one such delivery at a time, and none for a day after one that failed.
        """
        due = _due_at_once(now)
        async with self.reading() as connection:
            if (await connection.execute(due.limit(1))).first() is None:
                return 0
        async with self.writing() as connection:
            rows = (await connection.execute(due.with_for_update(skip_locked=True))).all()
            for row in rows:
                await _claim(connection, row, now)
        return len(rows)

    async def take_matches(self, wanted: Sequence[Delivery], *, most: int, now: datetime) -> dict[int, list[Found]]:
        """Give each delivery (by its number) up to `most` papers that wait for its owner, first come, first served.

        A delivery keeps what it took until it has ended: then what it has not shown waits again, except what was in a
        message that may have arrived. Papers that the owner was shown otherwise do not wait. A delivery for which
        nothing waits may be left out.
        """
        awaiting = await self.read(partial(_with_matches, wanted))
        numbers = [each.number for each in awaiting]
        if not numbers:
            return {}
        standing = select(deliveries.c.number).where(deliveries.c.number.in_(numbers), deliveries.c.status.in_(_OPEN))
        async with self.writing() as connection:
            kept = set(await connection.scalars(standing.with_for_update()))
            return {each.number: await _take(connection, each, most, now) for each in awaiting if each.number in kept}

    async def waiting_matches(self, owner: str, place: str) -> list[Found]:
        """The papers that wait of what `follows` lists, in the order in which posts take them, and are in none yet."""
        key = storable_text(owner)
        query = select(follows, matches.c.row, matches.c.version).join(matches)
        query = query.where(_owned(owner, place), _PENDING, ~_is_held()).order_by(matches.c.row, follows.c.number)
        found: defaultdict[int, dict[int, Follow]] = defaultdict(dict)
        async with self.reading() as connection:
            seen = (await shown_to(connection, [key]))[key]
            for each in await connection.execute(query):
                if each.version or each.row not in seen:
                    found[each.row][each.number] = _follow(each)
        return [Found(row, tuple(by_number.values())) for row, by_number in found.items()]

    async def waiting(self, owner: str, place: str) -> Waiting:
        """How many papers wait of what `follows` lists."""
        key = storable_text(owner)
        ended = deliveries.c.status.not_in(_OPEN) & deliveries.c.started_at.is_not(None)
        unclear = exists().where(deliveries.c.number == matches.c.delivery, ended)
        query = select(matches.c.row, matches.c.version, unclear.label("unclear")).join(follows)
        async with self.reading() as connection:
            seen = (await shown_to(connection, [key]))[key]
            rows = (await connection.execute(query.where(_owned(owner, place), _PENDING))).all()
        left = {row.row: row.unclear for row in rows if row.version or row.row not in seen}
        return Waiting(len(left) - sum(left.values()), sum(left.values()))


async def note_delivered(connection: "AsyncConnection", delivery: int, ids: Sequence[PaperId], now: datetime) -> None:
    """Keep that a delivery has shown papers that it took."""
    rows = set((await rows_of(connection, ids)).values())
    shown = update(matches).where(matches.c.delivery == delivery, matches.c.row.in_(rows), _PENDING)
    await connection.execute(shown.values(shown_at=now))


def _with_matches(wanted: Sequence[Delivery], connection: Connection) -> list[Delivery]:
    """The deliveries for whose owner or place something waits: for most nothing does, and each is read by itself."""
    places = {each.number: storable_text(each.destination.place.key) for each in wanted}
    owners = {each.number: storable_text(each.destination.owner) for each in wanted}
    named = or_(follows.c.owner.in_({*owners.values()}), follows.c.place.in_({*places.values()}))
    waiting = select(follows.c.owner, follows.c.place).distinct().join(matches).where(named, _PENDING)
    found = {name for row in connection.execute(waiting) for name in row}
    return [each for each in wanted if found & {owners[each.number], places[each.number]}]


def _owned(owner: str, place: str) -> ColumnElement[bool]:
    """What an owner follows, or what comes to a place, whoever that belongs to by now."""
    return or_(follows.c.owner == storable_text(owner), follows.c.place == storable_text(place))


def _is_held() -> ColumnElement[bool]:
    """Whether a match is in a post that has not ended, or in one with a message that may or may not have arrived.

    Papers that match are in the first message of a post: what is not shown was in the message in flight, or in none.
    """
    open_or_unclear = or_(deliveries.c.status.in_(_OPEN), deliveries.c.started_at.is_not(None))
    return exists().where(deliveries.c.number == matches.c.delivery, open_or_unclear).correlate(matches)


@cache
def _comes_at_once() -> ColumnElement[bool]:
    """Whether a follow's papers are sent at once: as it was asked, or because its owner has no daily post.

    Made once: an alias has a copy of every column.
    """
    mine = destinations.alias("mine")
    keys = mine.c.key.in_([follows.c.owner, follows.c.place])
    owner = or_(keys, literal("person:") + cast(mine.c.person, Text) == follows.c.owner)
    has_post = exists().where(owner, mine.c.enabled, mine.c.days != "").correlate(follows)
    return follows.c.at_once | ~has_post


def _due_at_once(now: datetime) -> Select[Any]:
    """The destinations to which papers are to be sent at once."""
    column = deliveries.c
    of_kind = (column.destination == destinations.c.key) & (column.kind == Kind.FOLLOWED.value)
    failed = (column.status == Status.FAILED.value) & column.ended_at.between(now - _AFTER_FAILURE, now)
    busy = exists().where(of_kind, or_(column.status.in_(_OPEN), failed)).correlate(destinations)
    waits = select(follows.c.number).join(matches).where(_PENDING, ~_is_held(), _comes_at_once())
    waits = waits.where(follows.c.place == destinations.c.key).correlate(destinations)
    return select(destinations).where(waits.exists(), ~busy).order_by(destinations.c.key)


async def _claim(connection: "AsyncConnection", row: Row[Any], now: datetime) -> None:
    day, kind = read_destination(row._mapping).local_day(now), Kind.FOLLOWED.value
    today = (deliveries.c.destination == row.key) & (deliveries.c.kind == kind) & (deliveries.c.day == day)
    turn = (await connection.scalar(select(func.max(deliveries.c.turn)).where(today)) or 0) + 1
    claim = {"destination": row.key, "kind": kind, "day": day, "turn": turn, **new_claim(now)}
    await connection.execute(insert_into(connection, deliveries).values(claim).on_conflict_do_nothing())


async def _take(connection: "AsyncConnection", delivery: Delivery, most: int, now: datetime) -> list[Found]:
    owner, place = storable_text(delivery.destination.owner), storable_text(delivery.destination.place.key)
    owned = _owned(owner, place)
    # Two posts to one person, composed by two workers, must not take the same paper.
    await connection.execute(select(follows.c.number).where(owned).order_by(_BY_NUMBER).with_for_update())
    mine = (matches.c.delivery == delivery.number).is_(True)
    wanted = (follows.c.place == place) & _comes_at_once() if delivery.kind is Kind.FOLLOWED else true()
    flags = (mine.label("mine"), _is_held().label("held"), wanted.label("wanted"))
    query = (
        select(follows, matches.c.row, matches.c.version, matches.c.delivery, *flags)
        .join(matches)
        .where(owned, _PENDING)
    )
    found = (await connection.execute(query.order_by(mine.desc(), matches.c.row, follows.c.number))).all()
    elsewhere = {row.row: row.delivery for row in found if row.held and not row.mine}
    seen = (await shown_to(connection, [owner]))[owner].difference(elsewhere)
    await _update(connection, found, seen, {"shown_at": now}, version="")
    for row, holder in elsewhere.items():
        await _update(connection, found, {row}, {"delivery": holder})
    left: defaultdict[int, dict[int, Follow]] = defaultdict(dict)
    for each in found:
        if each.wanted and each.row not in elsewhere and (each.version or each.row not in seen):
            left[each.row][each.number] = _follow(each)
    taken = [Found(row, tuple(by_number.values())) for row, by_number in left.items()][:most]
    await _update(connection, found, {each.row for each in taken}, {"delivery": delivery.number})
    return taken


async def _update(
    connection: "AsyncConnection",
    found: Sequence[Row[Any]],
    rows: Collection[int],
    values: Mapping[str, Any],
    *,
    version: str | None = None,
) -> None:
    """Change those of the pending matches found that are with some papers; of one version alone, if that is given."""
    changed = update(matches).where(matches.c.follow.in_({each.number for each in found}), _PENDING).values(**values)
    changed = changed if version is None else changed.where(matches.c.version == version)
    for chunk in chunks({each.row for each in found if each.row in rows}):
        await connection.execute(changed.where(matches.c.row.in_(chunk)))


def _columns(follow: Follow) -> dict[str, Any]:
    value = storable_text(follow.value)
    return {
        "owner": storable_text(follow.owner),
        "place": storable_text(follow.place),
        "kind": follow.kind.value,
        "value": value,
        "folded": value.casefold(),
        "at_once": follow.at_once,
        "since": follow.since,
        "others": tuple(map(storable_text, follow.others)),
        "mention": storable_text(follow.mention),
    }


def _match_columns(match: Match) -> dict[str, Any]:
    return {"follow": match.follow, "row": match.row, "version": match.version}


def _follow(row: Row[Any]) -> Follow:
    return Follow(
        number=row.number,
        owner=row.owner,
        place=row.place,
        kind=FollowKind(row.kind),
        value=row.value,
        at_once=row.at_once,
        since=row.since,
        from_row=row.from_row,
        scanned=row.scanned,
        others=row.others,
        mention=row.mention,
    )
