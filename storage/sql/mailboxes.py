"""Mailboxes in the database: asks, tags, bounces and suppressed addresses."""

from datetime import datetime, time, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, or_, select, text, update

from bot.domain.destinations import Destination
from bot.domain.mailboxes import (
    ASKS_LAST,
    LIMITS_LAST,
    OPERATOR,
    PER_ADDRESS,
    PER_HOUR,
    PER_MAILBOX,
    PER_NETWORK,
    PER_REQUESTER,
    PLATFORM,
    SOFT_BOUNCES_LAST,
    Ask,
    AskStatus,
    folded,
    mailbox_place,
    new_tag,
)
from storage.sql.database import Database, insert_into
from storage.sql.destinations import read_destination
from storage.sql.tables.email import mail_asks, mail_suppressions, mailboxes
from storage.sql.tables.schedule import deliveries, destinations
from storage.sql.text import storable_text

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

_ASK_LOCK = 0x50_42_00_03


class Mailboxes(Database):
    """The part of the store that keeps what belongs to mailboxes."""

    async def note_ask(self, ask: Ask, *, now: datetime) -> int | None:
        """Keep an ask and return its number; None when its requester asked too often.

        An ask is dropped if its address already had enough confirmation mails.
        """
        since = mail_asks.c.asked_at > now - LIMITS_LAST
        requester, address = storable_text(ask.requester), storable_text(ask.address)
        async with self.writing() as connection:
            await _one_at_a_time(connection)
            if await _asks_too_often(connection, requester, now):
                return None
            enough = await _has_enough_letters(connection, address, since)
            values = {
                "address": address,
                "requester": requester,
                "asked_by": storable_text(ask.asked_by),
                "person": ask.person,
                "at": f"{ask.at:%H:%M}",
                "timezone": ask.timezone,
                "days": "".join(str(day) for day in sorted(ask.days)),
                "count": ask.count,
                "status": (AskStatus.DROPPED if enough else AskStatus.WAITING).value,
                "asked_at": now,
                "next_attempt_at": None if enough else now,
                "attempts": 0,
            }
            kept = insert(mail_asks).values(values).returning(mail_asks.c.number)
            return int((await connection.execute(kept)).scalar_one())

    async def begin_asks(self, *, now: datetime, limit: int) -> list[Ask]:
        """Take asks whose confirmation mail is to be sent now, and forget those too old to be confirmed."""
        due = select(mail_asks).where(mail_asks.c.next_attempt_at <= now).order_by(mail_asks.c.number).limit(limit)
        async with self.writing() as connection:
            await connection.execute(delete(mail_asks).where(mail_asks.c.asked_at < now - ASKS_LAST))
            rows = (await connection.execute(due.with_for_update(skip_locked=True))).all()
            begun = update(mail_asks).where(mail_asks.c.number.in_([row.number for row in rows]))
            await connection.execute(begun.values(status=AskStatus.SENDING.value, next_attempt_at=None))
        return [_read_ask(row) for row in rows]

    async def mails_due(self, *, now: datetime) -> bool:
        """Whether mails of subscriptions are to be sent now."""
        due = select(destinations.c.key).where(destinations.c.enabled, destinations.c.next_run_at <= now)
        begun = select(deliveries.c.number).join(destinations).where(deliveries.c.next_attempt_at <= now)
        async with self.reading() as connection:
            for waiting in (due, begun):
                if (await connection.execute(waiting.where(destinations.c.platform == PLATFORM).limit(1))).first():
                    return True
        return False

    async def end_ask(self, number: int, status: AskStatus, *, retry_at: datetime | None = None) -> None:
        """Record what became of an ask; with WAITING, `retry_at` is when to try again."""
        values: dict[str, Any] = {"status": status.value, "next_attempt_at": retry_at}
        if retry_at:
            values["attempts"] = mail_asks.c.attempts + 1
        async with self.writing() as connection:
            await connection.execute(update(mail_asks).where(mail_asks.c.number == number).values(values))

    async def ask(self, number: int) -> tuple[Ask, AskStatus] | None:
        """An ask that is still kept."""
        async with self.reading() as connection:
            row = (await connection.execute(select(mail_asks).where(mail_asks.c.number == number))).one_or_none()
        return (_read_ask(row), AskStatus(row.status)) if row else None

    async def mailbox_tag(self, place: str) -> str:
        """The tag of a mailbox in links and return paths: always the same, and impossible to guess."""
        query = select(mailboxes.c.tag).where(mailboxes.c.key == storable_text(place))
        async with self.reading() as connection:
            known = await connection.scalar(query)
        if known:
            return str(known)
        async with self.writing() as connection:
            named = insert_into(connection, mailboxes).values(key=storable_text(place), tag=new_tag(), bounces=0)
            await connection.execute(named.on_conflict_do_nothing())
            return str(await connection.scalar(query))

    async def mailbox_tagged(self, tag: str) -> Destination | None:
        """The mailbox of a tag."""
        query = select(destinations).join(mailboxes).where(mailboxes.c.tag == storable_text(tag))
        async with self.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return read_destination(row._mapping) if row else None

    async def note_bounce(self, place: str, *, now: datetime) -> int:
        """Count a soft bounce; returns how many there were in a row, without a long time between two."""
        here = mailboxes.c.key == storable_text(place)
        query = select(mailboxes.c.bounces, mailboxes.c.bounced_at).where(here).with_for_update()
        async with self.writing() as connection:
            row = (await connection.execute(query)).one_or_none()
            recent = row and row.bounced_at and now - row.bounced_at <= SOFT_BOUNCES_LAST
            count = row.bounces + 1 if row and recent else 1
            await connection.execute(update(mailboxes).where(here).values(bounces=count, bounced_at=now))
        return count

    async def suppress(self, address: str, reason: str, *, now: datetime) -> None:
        """Write no mails to an address until `allow`."""
        values = {"reason": storable_text(reason), "at": now}
        closed = update(destinations).where(destinations.c.place == storable_text(mailbox_place(address).key))
        async with self.writing() as connection:
            insertion = insert_into(connection, mail_suppressions).values(address=_hash(address), **values)
            await connection.execute(insertion.on_conflict_do_update(index_elements=["address"], set_=values))
            await connection.execute(closed.values(enabled=False, next_run_at=None))

    async def suppression(self, address: str) -> str:
        """Why no mails are written to an address; empty when they are."""
        query = select(mail_suppressions.c.reason).where(mail_suppressions.c.address == _hash(address))
        async with self.reading() as connection:
            return str(await connection.scalar(query) or "")

    async def count_suppressed(self) -> int:
        """How many addresses no mails are written to."""
        async with self.reading() as connection:
            return int(await connection.scalar(select(func.count()).select_from(mail_suppressions)) or 0)

    async def allow(self, address: str) -> bool:
        """Let mails be written to an address again; returns whether it was suppressed."""
        lifted = delete(mail_suppressions).where(mail_suppressions.c.address == _hash(address))
        async with self.writing() as connection:
            return (await connection.execute(lifted)).rowcount > 0

    async def mailboxes_of(self, person: int) -> list[Destination]:
        """The mailboxes of a person, by address; of each the first of its posts."""
        query = select(destinations).where(destinations.c.person == person, destinations.c.platform == PLATFORM)
        query = query.where(destinations.c.post == "")
        async with self.reading() as connection:
            rows = await connection.execute(query.order_by(destinations.c.channel))
            return [read_destination(row._mapping) for row in rows]


async def _one_at_a_time(connection: "AsyncConnection") -> None:
    """Count one ask at a time, so that many at once stay within the limits. SQLite has only one writer anyway."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ASK_LOCK})


async def _asks_too_often(connection: "AsyncConnection", requester: str, now: datetime) -> bool:
    """Whether a requester, their network or everybody together has asked as often as they may."""
    column = mail_asks.c
    today, hour = column.asked_at > now - LIMITS_LAST, column.asked_at > now - timedelta(hours=1)
    if await _count(connection, today & (column.requester == requester)) >= PER_REQUESTER:
        return True
    if requester.startswith(OPERATOR):
        return False
    network = requester.rpartition(":")[0]
    if ":" in network:
        within = column.requester.startswith(f"{network}:", autoescape=True)
        if await _count(connection, today & within) >= PER_NETWORK:
            return True
    others = ~column.requester.startswith(OPERATOR, autoescape=True)
    return await _count(connection, hour & others) >= PER_HOUR


async def _has_enough_letters(connection: "AsyncConnection", address: str, since: ColumnElement[bool]) -> bool:
    """Whether an address, or its mailbox under other spellings, had as many confirmation mails as it may get."""
    column = mail_asks.c
    mailbox = folded(address)
    # Few enough are kept, all in all, to be folded here; other domains are no spelling of it.
    domains = [f"@{domain}" for domain in {address.rpartition("@")[2], mailbox.rpartition("@")[2]}]
    near = or_(*(column.address.endswith(domain, autoescape=True) for domain in domains))
    if mailbox.endswith("@gmail.com"):
        near |= column.address.endswith("@googlemail.com", autoescape=True)
    letters = select(column.address).where(since, near, column.status != AskStatus.DROPPED.value)
    had = [each for each in await connection.scalars(letters) if folded(each) == mailbox]
    return had.count(address) >= PER_ADDRESS or len(had) >= PER_MAILBOX


async def _count(connection: "AsyncConnection", which: ColumnElement[bool]) -> int:
    return int(await connection.scalar(select(func.count()).select_from(mail_asks).where(which)) or 0)


def _read_ask(row: Row[Any]) -> Ask:
    return Ask(
        number=row.number,
        address=row.address,
        requester=row.requester,
        asked_by=row.asked_by,
        person=row.person,
        at=time.fromisoformat(row.at),
        timezone=row.timezone,
        days=frozenset(map(int, row.days)),
        count=row._mapping["count"],
        attempts=row.attempts,
    )


def _hash(address: str) -> str:
    return blake2b(address.encode(errors="ignore"), digest_size=20).hexdigest()
