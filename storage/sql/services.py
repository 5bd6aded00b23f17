"""The services that are asked about papers, and the lookups under way, in the database."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, update

from bot.domain.paper_ids import PaperId
from bot.ports import Claim, ServiceState
from storage.sql.database import Database, insert_into
from storage.sql.tables.fetching import lookups, services
from storage.sql.text import storable_text

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

_FARTHEST = timedelta(hours=1)
"""No service is left alone for longer: a moment further away was written by a clock that was wrong."""


class ServiceRecords(Database):
    """The part of the store that lets processes ask services together."""

    async def claim_lookup(self, paper_id: PaperId, *, now: datetime, until: datetime) -> Claim:
        """Take the lookup of a paper, so that nobody else asks for it before `until` or `end_lookup`."""
        key = storable_text(paper_id)
        async with self.writing() as connection:
            await connection.execute(delete(lookups).where(lookups.c.until <= now))
            claim = insert_into(connection, lookups).values(id=key, until=until, missing=False)
            if await connection.scalar(claim.on_conflict_do_nothing().returning(lookups.c.id)):
                return Claim.OURS
            missing = await connection.scalar(select(lookups.c.missing).where(lookups.c.id == key))
        return Claim.MISSING if missing else Claim.TAKEN

    async def end_lookup(self, paper_id: PaperId, *, missing_until: datetime | None = None) -> None:
        """Give a lookup back; until `missing_until` it is known that there is no such paper."""
        theirs = lookups.c.id == storable_text(paper_id)
        async with self.writing() as connection:
            if missing_until:
                await connection.execute(update(lookups).where(theirs).values(until=missing_until, missing=True))
            else:
                await connection.execute(delete(lookups).where(theirs))

    async def take_turn(self, service: str, *, now: datetime, interval: timedelta, until: datetime) -> datetime:
        """The moment at which a service may be asked next; it is reserved if it is not after `until`."""
        async with self.writing() as connection:
            at = await _next_turn(connection, service, now)
            if at <= until:
                await _set(connection, service, {"next_at": at + interval})
        return at

    async def hold_service(self, service: str, *, until: datetime) -> None:
        """Let no request to a service begin before a moment, because it asks for that."""
        async with self.writing() as connection:
            await _set(connection, service, {"next_at": max(until, await _next_turn(connection, service, until))})

    async def record_request(self, service: str, *, now: datetime, error: str = "") -> None:
        """Record how a request to a service ended; `error` is empty if it was answered."""
        state = {"asked_at": now, "error": storable_text(error), **({} if error else {"answered_at": now})}
        async with self.writing() as connection:
            await _set(connection, service, state)

    async def count_lookups(self, *, now: datetime) -> int:
        """How many papers are being looked up."""
        query = select(func.count()).select_from(lookups).where(lookups.c.until > now, ~lookups.c.missing)
        return await self.read(lambda connection: connection.scalar(query)) or 0

    async def service_states(self) -> list[ServiceState]:
        """Every service ever asked, by name."""
        columns = (services.c.name, services.c.asked_at, services.c.answered_at, services.c.error)
        query = select(*columns).where(services.c.asked_at.is_not(None)).order_by(services.c.name)
        return await self.read(lambda connection: [ServiceState(*row) for row in connection.execute(query)])


async def _next_turn(connection: "AsyncConnection", service: str, now: datetime) -> datetime:
    """The next moment that nobody has reserved; nobody else reserves one before the transaction ends."""
    row = insert_into(connection, services).values(name=service, error="")
    await connection.execute(row.on_conflict_do_nothing())
    query = select(services.c.next_at).where(services.c.name == service).with_for_update()
    known: datetime | None = await connection.scalar(query)
    return known if known and now < known < now + _FARTHEST else now


async def _set(connection: "AsyncConnection", service: str, state: dict[str, Any]) -> None:
    """Set some columns of a service; the others stay as they are."""
    insert = insert_into(connection, services).values(name=service, **{"error": "", **state})
    await connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_=state))
