"""What is done with the database as a whole."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.bootstrap.app import open_store, require_database
from bot.config import Settings
from bot.runtime.clocks import SystemClock
from bot.runtime.space import note_backup

if TYPE_CHECKING:
    from bot.ports import Store
    from storage.sql.backup import Backup


async def require_sound_database(settings: Settings) -> None:
    """Raises StoreError when an SQLite file is damaged; reads all of it."""
    from storage.sql.schema import require_sound

    await asyncio.to_thread(require_sound, settings.database)


async def schema_versions(settings: Settings) -> tuple[str | None, str]:
    """The version of the database's tables, None where there are none, and the newest. Raises StoreError."""
    from storage.sql.schema import known_versions, schema_version

    if not settings.database_url.get_secret_value() and not (settings.data_dir / "paperboy.db").exists():
        return None, known_versions()[-1]  # asking SQLite would make the file
    return await asyncio.to_thread(schema_version, settings.database), known_versions()[-1]


async def back_up(settings: Settings, file: Path) -> "Backup":
    """Write a backup of the database to a file, also of one that is not migrated. Raises UserError and StoreError."""
    from importlib.metadata import version

    from storage.sql.backup import back_up as written

    require_database(settings)
    made_with, now = version("paperboy-bot"), SystemClock().now()
    names = tuple(sorted(settings.model_fields_set - {"data_dir"}))
    made = await asyncio.to_thread(written, settings.database, file, now=now, paperboy=made_with, settings=names)
    note_backup(settings.data_dir, file, now)
    return made


async def restore(settings: Settings, file: Path) -> tuple["Backup", int]:
    """Fill an empty data directory or PostgreSQL database from a backup. Raises StoreError.

    Returns what the backup says of itself, and how many posts may have been sent since: they are not sent again.
    """
    from storage.sql.backup import move_in_place, unpack
    from storage.sql.store import SqlStore

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    made, unpacked = await asyncio.to_thread(unpack, file, settings.database)
    async with await SqlStore.open(unpacked, migrate=True) as store:
        doubted = await _doubt_what_was_due(store, SystemClock().now())
    await asyncio.to_thread(move_in_place, settings.database)
    return made, doubted


async def _doubt_what_was_due(store: "Store", now: datetime) -> int:
    """Take every post that was due since the backup as perhaps sent: nobody gets one twice. Returns how many."""
    while await store.claim_due(now=now, limit=1_000):
        pass
    return await store.doubt_open(now=now, error="restored from a backup; it may have been sent before")


async def migrate(settings: Settings) -> None:
    """Bring the database to the newest version; nothing happens when it is there already."""
    async with open_store(settings, create=True):
        pass
