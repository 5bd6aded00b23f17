"""How the sources are doing, in the database."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from bot.ports import SourceState
from storage.sql.database import Database, insert_into
from storage.sql.tables.fetching import sources
from storage.sql.text import storable_text

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


class Sources(Database):
    """The part of the store that keeps how sources are doing."""

    async def source_states(self) -> list[SourceState]:
        """Every source that was ever synced or imported from, by name."""
        rows = await self.read(lambda connection: connection.execute(select(sources)).mappings().all())
        return sorted((SourceState(**row) for row in rows), key=lambda state: state.name)

    async def begin_attempt(self, source: str, *, now: datetime) -> None:
        """Record that a sync of a source begins: posts wait for it."""
        async with self.writing() as connection:
            await save_source(connection, source, {"started_at": now})

    async def record_attempt(self, source: str, *, now: datetime, error: str = "", note: str = "") -> None:
        """Record that a sync of a source ended; `error` is empty if it succeeded."""
        state = {"attempted_at": now, "error": storable_text(error), "note": storable_text(note)}
        if not error:
            state["succeeded_at"] = now
        async with self.writing() as connection:
            await save_source(connection, source, state)

    async def leave_other_sources(self, read: Collection[str]) -> None:
        """Forget how the syncs of sources went that are not among those that are read; how far they came is kept."""
        nothing = {"started_at": None, "attempted_at": None, "succeeded_at": None, "error": "", "note": ""}
        async with self.writing() as connection:
            await connection.execute(update(sources).where(sources.c.name.not_in(read)).values(nothing))


async def save_source(connection: "AsyncConnection", source: str, state: dict[str, Any]) -> None:
    """Set some columns of a source's state; the others stay as they are."""
    insert = insert_into(connection, sources).values(name=source, **state)
    await connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_=state))
