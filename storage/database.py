"""Connecting to a database, and bringing its tables to the version this code knows."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, closing, nullcontext
from pathlib import Path
from shlex import quote
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import Table

from bot.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

MIGRATIONS = Path(__file__).parent / "migrations"

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_BUSY_SECONDS = "30"
_POOL_SECONDS = 120
_WRITES = "paperboy_writes"
_MIGRATION_LOCK = 0x50_42_00_01


class Database:
    """An engine and the two ways to use it; what the store can do is built on this.

    Each statement that reads sees what was committed before it, and never waits for a writer. Use as an async
    context manager, or close.

    Threads that answer read by themselves: coming back to the event loop for every statement takes three times as long.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(**{_WRITES: True})
        self._in_threads = _blocking(engine.url)
        # SQLite has one writer: those who wait for it would ask again and again, and the unlucky ones give up.
        self._turn = asyncio.Lock() if engine.dialect.name == "sqlite" else nullcontext()

    async def close(self) -> None:
        """Close every connection."""
        self._in_threads.dispose()
        await self._engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection to read with."""
        return self._engine.connect()

    def reading_in_thread(self) -> AbstractContextManager[Connection]:
        """A connection to read with that waits for the database: for threads, never for the event loop."""
        return self._in_threads.connect()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A connection with a transaction that is committed at the end, or rolled back when the block raises.

        Raises StoreError when the database cannot be written to, as when another process holds it for too long.
        """
        async with self._turn:
            try:
                async with self._writer.begin() as connection:
                    yield connection
            except OperationalError as error:
                raise StoreError(f"The database cannot be written to: {error.orig}.") from error


def connect(url: str) -> AsyncEngine:
    """An engine for `sqlite:///path` or `postgresql://user:password@host/database`; no connection is made yet.

    Raises StoreError for any other URL, or when the PostgreSQL driver is not installed.
    """
    return _engine(_driver_url(url))


async def migrate(engine: AsyncEngine) -> None:
    """Bring the tables to the version this code knows; nothing happens when they are there already.

    All of it happens in one transaction, and several processes may try at once. Raises StoreError when the database
    is of a newer version or cannot be opened.
    """
    if not await needs_migration(engine):
        return
    own = _engine(engine.url, foreign_keys=False, poolclass=NullPool)
    async with Database(own) as database, database.writing() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        await connection.run_sync(_upgrade)


async def schema_version(engine: AsyncEngine) -> str | None:
    """The version of a database's tables, or None when it has none yet.

    Raises StoreError when the database cannot be opened.
    """
    if engine.dialect.name == "sqlite":
        await asyncio.to_thread(_check_file, engine.url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_read_version)
    except DBAPIError as error:
        raise _unopened(engine.url, error.orig) from error


async def needs_migration(engine: AsyncEngine) -> bool:
    """Whether the tables are missing or older than this code; raises StoreError when they are newer."""
    version, newest = await schema_version(engine), known_versions()[-1]
    if version is not None and version > newest:
        raise StoreError(
            f"The database {_place(engine.url)} was made by a newer Paperboy (its tables are version {version}, "
            f"this one knows {newest}). Update Paperboy."
        )
    return version != newest


async def require_current(engine: AsyncEngine) -> None:
    """Raises StoreError, which says what to do, unless the tables are of the version this code knows."""
    if await needs_migration(engine):
        raise StoreError(f"The database {_place(engine.url)} is not up to date; run `{_migrate_command(engine.url)}`.")


def known_versions() -> list[str]:
    """The versions of the tables, oldest first: the four digits by which each migration's file name begins."""
    return sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def insert_into(connection: AsyncConnection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT that can say what to do ON CONFLICT; both databases say it alike, SQLAlchemy has one for each."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    return sqlite.insert(table)


def _driver_url(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError:
        raise StoreError("The database URL cannot be understood; write sqlite:///data/paperboy.db.") from None
    if url.drivername not in _DRIVERS:
        raise StoreError(f"Paperboy keeps its data in sqlite:///… or postgresql://…, not in {url.drivername}.")
    if url.database in (None, "", ":memory:"):
        raise StoreError(f"The database URL {_place(url)} names no database; write sqlite:///data/paperboy.db.")
    return url.set(drivername=_DRIVERS[url.drivername])


def _engine(url: URL, *, foreign_keys: bool = True, **options: Any) -> AsyncEngine:
    if "poolclass" not in options:
        # A worker sends many posts at once; on a busy machine they stand in line for the connections.
        options["pool_timeout"] = _POOL_SECONDS
    try:
        if url.get_backend_name() == "sqlite":
            url = url.set(query={"timeout": _BUSY_SECONDS, **url.query})
            engine = create_async_engine(url, **options)
            _prepare_sqlite(engine, foreign_keys=foreign_keys)
        else:
            engine = create_async_engine(url, pool_pre_ping=True, **options)
    except ModuleNotFoundError as error:
        raise StoreError("PostgreSQL needs a driver: pip install 'paperboy-bot[postgres]'.") from error
    return engine


def _blocking(url: URL) -> Engine:
    """An engine without an event loop, to read with: every statement is a transaction of its own."""
    if url.get_backend_name() == "sqlite":
        sqlite_url = url.set(drivername="sqlite+pysqlite", query={"timeout": _BUSY_SECONDS, **url.query})
        return create_engine(sqlite_url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)
    return create_engine(url, isolation_level="AUTOCOMMIT", pool_pre_ping=True, pool_timeout=_POOL_SECONDS)


def _prepare_sqlite(engine: AsyncEngine, *, foreign_keys: bool) -> None:
    """Make SQLite's connections keep order among several readers and writers."""

    def connected(connection: DBAPIConnection, _: object) -> None:
        # Python's driver would begin transactions late; `begun` begins them instead.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        # A commit survives a power cut: what was claimed for posting must not be claimed again.
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute(f"PRAGMA foreign_keys = {foreign_keys:d}")
        cursor.close()

    def begun(connection: Connection) -> None:
        # A writer takes its lock first: a reader that turns writer is refused at once when another was faster.
        if connection.get_execution_options().get(_WRITES):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine.sync_engine, "connect", connected)
    event.listen(engine.sync_engine, "begin", begun)


def _check_file(url: URL) -> None:
    """Raise StoreError when a file cannot be opened or is not a database.

    aiosqlite leaves a thread behind when connecting fails, which stumbles over the event loop closing.
    """
    try:
        with closing(sqlite3.connect(url.database or "")) as connection:
            connection.execute("PRAGMA schema_version")
    except sqlite3.Error as error:
        raise _unopened(url, error) from error


def _place(url: URL) -> str:
    """A database as people know it: the path of a file, or its URL without driver and password."""
    if url.get_backend_name() == "sqlite" and url.database:
        return url.database
    return url.set(drivername=url.get_backend_name(), query={}).render_as_string(hide_password=True)


def _migrate_command(url: URL) -> str:
    folder = Path(url.database or "").parent
    elsewhere = url.get_backend_name() == "sqlite" and folder != Path("data")
    return f"paperboy --data-dir {quote(str(folder))} migrate" if elsewhere else "paperboy migrate"


def _unopened(url: URL, reason: BaseException | None) -> StoreError:
    return StoreError(f"The database {_place(url)} cannot be opened: {reason}.")


def _read_version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")
