#!/usr/bin/env bash
# SQLAlchemy 2.1.9 with aiosqlite 0.22.1: a cancelled INSERT … RETURNING holds SQLite's write lock for as long as anybody
# keeps the cancelled task.
# Expected: when a task that writes in `async with engine.begin()` has ended by cancellation, its transaction is rolled
# back, and another connection can write. Seen: "database is locked" also seconds after the statement has ended, until
# the task, whose exception refers to the cursor, is deleted and collected.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check sqlalchemy[asyncio]==2.1.9 aiosqlite==0.22.1
cd "$folder"
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import asyncio
import gc
import sqlite3

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import create_async_engine

SLOW = (
    "INSERT INTO numbers WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) "
    "SELECT i FROM n RETURNING i"
)


def engine_of(name):
    engine = create_async_engine(f"sqlite+aiosqlite:///{name}")

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection, _):
        connection.isolation_level = None

    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


async def write(engine):
    async with engine.begin() as connection:
        await connection.execute(text(SLOW))


def locked(name):
    with sqlite3.connect(name, timeout=0.5, isolation_level=None) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            return str(error) == "database is locked"
    return False


async def main():
    seen = []
    for trial in range(1, 4):
        name = f"{trial}.db"
        sqlite3.connect(name).execute("CREATE TABLE numbers (i INTEGER)").connection.close()
        engine = engine_of(name)
        writing = asyncio.create_task(write(engine))
        await asyncio.wait({writing}, timeout=0.02 * trial)
        writing.cancel()
        await asyncio.wait({writing})
        await asyncio.sleep(3)  # the statement has long ended in its thread
        kept = locked(name)
        del writing
        gc.collect()
        seen.append((kept, locked(name)))
        await engine.dispose()
    print("locked while the task is kept, and after it is collected:", seen)
    assert seen == [(True, False)] * 3, "the lock is not kept any more"


asyncio.run(main())
PYTHON
