"""A statement is one trip to the connection's thread, and tells what SQLite's own cursor tells."""

import asyncio
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from storage.sql.one_trip import OneTripConnection, OneTripCursor, connect

STATEMENTS: list[tuple[str, tuple[Any, ...]]] = [
    ("CREATE TABLE papers (id INTEGER PRIMARY KEY, title TEXT UNIQUE)", ()),
    ("INSERT INTO papers (title) VALUES (?), (?)", ("one", "two")),
    ("INSERT INTO papers (title) VALUES (?) RETURNING id, title", ("three",)),
    ("UPDATE papers SET title = title || ? WHERE id > 1", ("!",)),
    ("SELECT id AS number, title FROM papers ORDER BY id", ()),
    ("SELECT 1 WHERE 0", ()),
    ("DELETE FROM papers WHERE title = ? RETURNING id", ("nobody",)),
]


class Counting(OneTripConnection):
    """Counts the trips."""

    trips = 0

    async def _execute(self, *given: Any) -> Any:
        self.trips += 1
        return await super()._execute(*given)  # type: ignore[no-untyped-call]


async def test_statements_tell_what_sqlites_own_cursor_tells_in_one_trip_each(tmp_path: Path) -> None:
    ours = Counting(partial(sqlite3.connect, tmp_path / "ours.db", isolation_level=None), iter_chunk_size=1)
    async with ours:
        with closing(sqlite3.connect(tmp_path / "theirs.db", isolation_level=None)) as theirs:
            for number, (statement, parameters) in enumerate(STATEMENTS, start=1):
                cursor, expected = ours.cursor(), theirs.cursor()
                await cursor.execute(statement, parameters)
                rows = expected.execute(statement, parameters).fetchall()
                assert await cursor.fetchall() == rows
                assert await cursor.fetchall() == []
                assert _told(cursor) == _told(expected)
                await cursor.close()
                assert ours.trips == number


async def test_a_statement_is_executed_with_each_of_several_sets_of_parameters(tmp_path: Path) -> None:
    connection = connect(str(tmp_path / "papers.db"), isolation_level=None)
    async with connection:
        cursor = connection.cursor()
        await cursor.execute("CREATE TABLE papers (id INTEGER)")
        await cursor.executemany("INSERT INTO papers VALUES (?)", [(1,), (2,), (3,)])
        assert cursor.rowcount == 3
        await cursor.execute("SELECT count(*) FROM papers")
        assert await cursor.fetchall() == [(3,)]


async def test_a_statement_that_fails_raises_what_sqlite_raises_and_leaves_nothing_open(tmp_path: Path) -> None:
    connection = connect(str(tmp_path / "papers.db"), isolation_level=None)
    async with connection:
        cursor = connection.cursor()
        for statement, parameters in STATEMENTS[:2]:
            await cursor.execute(statement, parameters)
        with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
            await cursor.execute(*STATEMENTS[1])
        with closing(sqlite3.connect(tmp_path / "papers.db", timeout=0, isolation_level=None)) as other:
            other.execute("DROP TABLE papers")


async def test_who_no_longer_waits_for_a_statement_leaves_nothing_open(tmp_path: Path) -> None:
    connection = connect(str(tmp_path / "papers.db"), isolation_level=None)
    async with connection:
        cursor = connection.cursor()
        for statement, parameters in STATEMENTS[:2]:
            await cursor.execute(statement, parameters)
        reading = asyncio.create_task(cursor.execute("SELECT * FROM papers"))
        await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        await cursor.execute("SELECT 1")  # which the thread comes to afterwards
        with closing(sqlite3.connect(tmp_path / "papers.db", timeout=0, isolation_level=None)) as other:
            other.execute("DROP TABLE papers")


async def test_what_is_rolled_back_is_gone_and_where_nothing_began_no_trip_is_made(tmp_path: Path) -> None:
    connection = Counting(partial(sqlite3.connect, tmp_path / "papers.db", isolation_level=None), iter_chunk_size=1)
    async with connection:
        cursor = connection.cursor()
        await cursor.execute("CREATE TABLE papers (id INTEGER)")
        await cursor.execute("BEGIN IMMEDIATE")
        await cursor.execute("INSERT INTO papers VALUES (1)")
        await connection.rollback()
        await cursor.execute("SELECT count(*) FROM papers")
        assert await cursor.fetchall() == [(0,)]
        before = connection.trips
        await connection.rollback()
        assert connection.trips == before


async def test_what_nobody_waits_for_any_more_is_rolled_back_too(tmp_path: Path) -> None:
    connection = connect(str(tmp_path / "papers.db"), isolation_level=None)
    async with connection:
        beginning = asyncio.create_task(connection.cursor().execute("BEGIN IMMEDIATE"))
        await asyncio.sleep(0)
        beginning.cancel()
        with pytest.raises(asyncio.CancelledError):
            await beginning
        await connection.rollback()
        with closing(sqlite3.connect(tmp_path / "papers.db", timeout=0, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")


async def test_a_connection_that_is_closed_says_so(tmp_path: Path) -> None:
    connection = connect(str(tmp_path / "papers.db"))
    async with connection:
        cursor = connection.cursor()
    with pytest.raises(ValueError, match="Connection closed"):
        await cursor.execute("SELECT 1")


def _told(cursor: sqlite3.Cursor | OneTripCursor) -> tuple[object, ...]:
    return cursor.description, cursor.rowcount, cursor.lastrowid
