"""Connecting to a database: reading and writing from the event loop, and reading from threads that answer."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
    nullcontext,
)
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import quote, unquote

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import Table

from bot.errors import StoreError
from bot.ports import ServerClock
from storage.sql.columns import Moment

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

_Answer = TypeVar("_Answer")
_Item = TypeVar("_Item")

_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+aiosqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_CHUNK = 10_000
"""Values in one IN (...), twice in a statement: SQLite takes 32,766 parameters, PostgreSQL 65,535."""

_BUSY_SECONDS = "30"
_IN_LOOP, _IN_THREADS = 10, 5
"""Connections of a process to a server: PostgreSQL takes 100 of all processes unless it is told otherwise."""

_POOL_SECONDS = 120
_WRITES = "paperboy_writes"


class Database:
    """A database and the ways to use it; the parts of the store are built on this.

    Each statement that reads sees what was committed before it, and never waits for a writer. Use it as an async
    context manager, or close it. Raises StoreError for a URL that names no database, or when there is no driver for it.

    Threads that answer read directly: going back to the event loop for every statement takes three times as long. A
    process that only answers does not create the other engine: SQLAlchemy's asyncio half loads its ORM.
    """

    def __init__(self, url: str) -> None:
        self._url = driver_url(url)
        self._in_threads = _reading_engine(self._url)
        self._made: AsyncEngine | None = None
        # SQLite has one writer: those that wait for it would ask again and again, and some would give up.
        self._turn = asyncio.Lock() if is_sqlite(self._url) else nullcontext()

    @property
    def _engine(self) -> "AsyncEngine":
        """The engine of the event loop, created when it is first needed."""
        if self._made is None:
            self._made = _loop_engine(self._url)
        return self._made

    @property
    def server_clock(self) -> ServerClock | None:
        """The clock of PostgreSQL's server; None for SQLite, which one process at a time uses."""
        return None if is_sqlite(self._url) else DatabaseClock(self)

    async def close(self) -> None:
        """Close every connection."""
        self._in_threads.dispose()
        if self._made is not None:
            await self._made.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def reading(self) -> AbstractAsyncContextManager["AsyncConnection"]:
        """A connection to read with."""
        return self._engine.connect()

    def reading_in_thread(self) -> AbstractContextManager[Connection]:
        """A connection to read with that blocks: for threads, never for the event loop."""
        return self._in_threads.connect()

    async def read(self, ask: Callable[[Connection], _Answer]) -> _Answer:
        """The result of a function that reads with a connection, in a thread."""

        def asked() -> _Answer:
            with self.reading_in_thread() as connection:
                return ask(connection)

        return await asyncio.to_thread(asked)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator["AsyncConnection"]:
        """A connection with a transaction, which is committed at the end, or rolled back when the block raises.

        Raises StoreError when the database cannot be written to, as when another process holds it for too long.
        """
        async with self._turn:
            try:
                async with self._engine.execution_options(**{_WRITES: True}).begin() as connection:
                    yield connection
            except OperationalError as error:
                raise StoreError(f"The database cannot be written to: {error.orig}.") from error

    async def purge(self) -> None:
        """Leave nothing of what was deleted in SQLite's log, as far as nobody reads meanwhile."""
        if is_sqlite(self._url):
            async with self._turn, self.reading() as connection:
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


class DatabaseClock:
    """The clock of a database server, asked each time: it is the one that all processes on this database agree on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def now(self) -> datetime:
        """The present moment there, in UTC."""
        moment = select(func.clock_timestamp(type_=Moment))
        return await self._database.read(lambda connection: connection.execute(moment).scalar_one())


def insert_into(connection: "AsyncConnection", table: Table) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT with ON CONFLICT; the SQL is the same in both databases, but SQLAlchemy has a class for each."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    return sqlite.insert(table)


def chunks(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    """The items in lists short enough for one statement."""
    iterator = iter(items)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk


def driver_url(url: str) -> URL:
    """`sqlite:///path` or `postgresql://user:password@host/database` with the driver used here. Raises StoreError."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreError("The database URL cannot be understood; write sqlite:///data/paperboy.db.") from None
    if parsed.drivername not in _DRIVERS:
        raise StoreError(f"Paperboy keeps its data in sqlite:///… or postgresql://…, not in {parsed.drivername}.")
    if parsed.database in (None, "", ":memory:"):
        raise StoreError(f"The database URL {place(parsed)} names no database; write sqlite:///data/paperboy.db.")
    driver = parsed.set(drivername=_DRIVERS[parsed.drivername])
    return _sqlite_url(driver) if is_sqlite(driver) else driver


def _sqlite_url(url: URL) -> URL:
    """With a time to wait for others; where nothing can be written, as a file that nobody changes.

    SQLite writes beside a file also to read it, unless it is told that the file does not change. What is in a log
    beside it would be left out then.
    """
    file = Path(url.database or "")
    waiting = url.set(query={"timeout": _BUSY_SECONDS, **url.query})
    log = file.with_name(f"{file.name}-wal")
    if not file.is_file() or _is_writable(file) or (log.exists() and log.stat().st_size):
        return waiting
    unchanging = {"mode": "ro", "immutable": "1", "uri": "true"}
    return waiting.set(database=f"file:{quote(str(file.absolute()))}", query={**waiting.query, **unchanging})


def _is_writable(file: Path) -> bool:
    effective = os.access in os.supports_effective_ids
    return all(os.access(path, os.W_OK, effective_ids=effective) for path in (file, file.parent))


def is_sqlite(url: URL) -> bool:
    """Whether a URL names an SQLite file."""
    return url.get_backend_name() == "sqlite"


def place(url: URL) -> str:
    """A database as it is shown to people: the path of a file, or its URL without driver and password."""
    if is_sqlite(url) and url.database:
        return unquote(url.database.removeprefix("file:"))
    return url.set(drivername=url.get_backend_name(), query={}).render_as_string(hide_password=True)


def blocking_engine(url: URL, **options: Any) -> Engine:
    """An engine without an event loop. Raises StoreError when there is no driver for it."""
    try:
        return _telling_damage(create_engine(url, **options))
    except ModuleNotFoundError as error:
        raise StoreError("PostgreSQL needs a driver: pip install 'paperboy-bot[postgres]'.") from error


def _telling_damage(engine: Engine) -> Engine:
    """An engine that raises StoreError where an SQLite file turns out to be damaged."""

    def failed(context: ExceptionContext) -> None:
        if _is_damage(context.original_exception):
            raise damaged(engine.url, str(context.original_exception)) from context.original_exception

    if is_sqlite(engine.url):
        event.listen(engine, "handle_error", failed)
    return engine


def _is_damage(error: BaseException) -> bool:
    if "decode to UTF-8" in str(error):
        return True
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def damaged(url: URL, reason: str) -> StoreError:
    """What is told of a damaged SQLite file, and what can be done."""
    return StoreError(f"The database {place(url)} is damaged ({reason}); put a backup in its place, or move it away.")


def _reading_engine(url: URL) -> Engine:
    """An engine for threads to read with: every statement is a transaction of its own."""
    if is_sqlite(url):
        return blocking_engine(url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)
    return blocking_engine(url, isolation_level="AUTOCOMMIT", **_kept_open(_IN_THREADS))


def _kept_open(connections: int) -> dict[str, Any]:
    """How an engine keeps so many connections to a server, and never more: whoever needs one waits for it."""
    return {
        "pool_size": connections,
        "max_overflow": 0,
        "pool_pre_ping": True,
        "pool_timeout": _POOL_SECONDS,
    }


def _loop_engine(url: URL) -> "AsyncEngine":
    """An engine for the event loop, to read and to write with."""
    from sqlalchemy.ext.asyncio import create_async_engine

    if not is_sqlite(url):
        return create_async_engine(url, **_kept_open(_IN_LOOP))
    from storage.sql.one_trip import connect

    options: dict[str, Any] = {"pool_timeout": _POOL_SECONDS, "connect_args": {"async_creator_fn": connect}}
    engine = create_async_engine(url.set(drivername="sqlite+aiosqlite"), **options)
    _telling_damage(engine.sync_engine)
    _prepare_sqlite(engine.sync_engine, foreign_keys=True)
    return engine


@contextmanager
def migrating(url: URL) -> Iterator[Connection]:
    """A connection with a transaction in which tables may be changed; it blocks while it waits."""
    engine = blocking_engine(url, poolclass=NullPool)
    if is_sqlite(url):
        _prepare_sqlite(engine, foreign_keys=False)
    with engine.execution_options(**{_WRITES: True}).begin() as connection:
        yield connection


def _prepare_sqlite(engine: Engine, *, foreign_keys: bool) -> None:
    """Set up SQLite's connections for several readers and writers."""

    def connected(connection: DBAPIConnection, _: object) -> None:
        # Python's driver would begin transactions late; `begun` begins them instead.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        # A commit survives a power failure: what was claimed for posting must not be claimed again.
        cursor.execute("PRAGMA synchronous = FULL")
        # What is deleted is overwritten: somebody who is forgotten cannot be read in the file.
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.execute(f"PRAGMA foreign_keys = {foreign_keys:d}")
        cursor.close()

    def begun(connection: Connection) -> None:
        # A writer takes its lock first: a reader that becomes a writer is refused at once when another was faster.
        if connection.get_execution_options().get(_WRITES):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
