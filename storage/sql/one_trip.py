"""SQLite for the event loop: a statement is one trip to the connection's thread and back.

aiosqlite alone makes a trip for the cursor, one to execute, one to fetch the rows and one to close the cursor; each
takes longer than most statements.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import Any, Self

import aiosqlite


def connect(database: str, **options: Any) -> "OneTripConnection":
    """A connection, which opens when it is awaited. Takes what `sqlite3.connect` does."""
    connection = OneTripConnection(partial(sqlite3.connect, database, **options), iter_chunk_size=64)
    # Its thread is none that the process would wait for in the end, should nobody close it.
    connection._thread.daemon = True
    return connection


class OneTripConnection(aiosqlite.Connection):
    """A connection of aiosqlite whose cursors make one trip."""

    _asked = 0
    """Trips begun; one whose end nobody waited for may be under way yet."""
    _done = 0

    def cursor(self) -> "OneTripCursor":  # type: ignore[override]
        """A cursor, which is made without a trip."""
        return OneTripCursor(self)

    async def trip(self, act: Callable[[], object]) -> None:
        """Let the connection's thread do something, and wait for it."""
        self._asked += 1
        await self._execute(self._done_with, act)  # type: ignore[no-untyped-call]

    async def rollback(self) -> None:
        """Roll back, which takes no trip where no transaction can be under way: most connections only read."""
        if self._asked != self._done or self._conn.in_transaction:
            await super().rollback()

    def _done_with(self, act: Callable[[], object]) -> None:
        try:
            act()
        finally:
            self._done += 1


class OneTripCursor:
    """A cursor for SQLAlchemy, which fetches every row at once: they come with the trip that executes the statement."""

    arraysize = 1

    def __init__(self, connection: OneTripConnection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Any = ()) -> Self:
        """Execute a statement and fetch what it returns."""
        await self._connection.trip(partial(self._run, sqlite3.Cursor.execute, statement, parameters))
        return self

    async def executemany(self, statement: str, parameters: Any) -> Self:
        """Execute a statement with each of several sets of parameters."""
        await self._connection.trip(partial(self._run, sqlite3.Cursor.executemany, statement, parameters))
        return self

    async def fetchall(self) -> list[Any]:
        """The rows of the last statement, once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing is open after a statement."""

    def _run(self, method: Any, statement: str, parameters: Any) -> None:
        """In the connection's thread: the statement, its rows, and what is known of it."""
        with closing(self._connection._conn.cursor()) as cursor:
            method(cursor, statement, parameters)
            self._rows = cursor.fetchall()
            self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
