"""The part of the store that papers are found and fetched with: a search loads no other."""

import asyncio
from datetime import datetime
from typing import Any, Self

from bot.ports import Batch, Saved
from storage.sql import schema
from storage.sql.feedback import FeedbackRecords
from storage.sql.papers import Papers, lock_papers, save_papers, save_signals
from storage.sql.services import ServiceRecords
from storage.sql.sources import Sources, save_source
from storage.sql.text import storable_text
from storage.sql.vector_cache import VectorCache


class SqlLibraryStore(Papers, Sources, FeedbackRecords, VectorCache, ServiceRecords):
    """The LibraryStore of `bot.ports` on SQLite or PostgreSQL."""

    @classmethod
    async def open(cls, url: str, *, migrate: bool = False) -> Self:
        """The store at a URL (`sqlite:///path`, `postgresql://…`); with `migrate`, its tables are created or updated.

        Raises StoreError when the database cannot be opened, is of a newer version, or must be migrated first.
        """
        await asyncio.to_thread(schema.migrate if migrate else schema.require_current, url)
        return cls(url)

    async def save_batch(self, source: str, batch: Batch, *, now: datetime) -> Saved:
        """Store papers (merged with what is stored), signals and the source's cursor in one transaction.

        A batch without a cursor, such as one from a file, records nothing about its source.
        Readings of unknown papers are dropped. Raises StoreError when the database cannot be written to.
        """
        async with self.writing() as connection:
            await lock_papers(connection)
            saved = await save_papers(connection, batch)
            saved += Saved(signals=await save_signals(connection, batch.signals))
            if batch.cursor:
                state: dict[str, Any] = {"cursor": storable_text(batch.cursor)}
                await save_source(connection, source, state | ({"newest_at": now} if saved.new else {}))
        return saved
