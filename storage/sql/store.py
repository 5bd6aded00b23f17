"""The store: one object for everything that is kept, on SQLite or PostgreSQL."""

import asyncio
from collections.abc import Sequence
from typing import Self

from sqlalchemy import Connection, func, select, text

from storage.sql import schema
from storage.sql.citations import Citations
from storage.sql.clubs import Clubs
from storage.sql.deliveries import Deliveries
from storage.sql.delivery_counts import DeliveryCounts
from storage.sql.destinations import Destinations
from storage.sql.feeds import Feeds
from storage.sql.follows import Follows
from storage.sql.library_store import SqlLibraryStore
from storage.sql.mailboxes import Mailboxes
from storage.sql.notes import Notes
from storage.sql.people import People
from storage.sql.places import Places
from storage.sql.saved_commands import SavedCommands
from storage.sql.sightings import Sightings
from storage.sql.workspace_settings import WorkspaceSettings
from storage.sql.zotero import ZoteroLibraries


class SqlStore(
    SqlLibraryStore,
    People,
    Feeds,
    Places,
    Follows,
    Notes,
    Sightings,
    Clubs,
    Citations,
    WorkspaceSettings,
    SavedCommands,
    Destinations,
    Deliveries,
    DeliveryCounts,
    Mailboxes,
    ZoteroLibraries,
):
    """The Store of `bot.ports` on SQLite or PostgreSQL.

    Each part is a class in its own module; what changes several parts in one transaction is here.
    """

    @classmethod
    async def open(cls, url: str, *, migrate: bool = False, keys: Sequence[str] = ()) -> Self:
        """The store at a URL (`sqlite:///path`, `postgresql://…`); with `migrate`, its tables are created or updated.

        Secrets are encrypted with the first of `keys` (Fernet keys), and read with any of them.
        Raises StoreError when the database cannot be opened, is of a newer version, or must be migrated first.
        """
        await asyncio.to_thread(schema.migrate if migrate else schema.require_current, url)
        return cls(url, keys)

    async def size(self) -> int:
        """How many bytes the database takes; of SQLite's file, without what is not moved into it yet."""

        def measured(connection: Connection) -> int:
            if connection.dialect.name == "sqlite":
                pages, bytes_each = (connection.scalar(text(f"PRAGMA page_{what}")) for what in ("count", "size"))
                return int((pages or 0) * (bytes_each or 0))
            return int(connection.scalar(select(func.pg_database_size(func.current_database()))) or 0)

        return await self.read(measured)
