"""What is particular to the store on SQLite: a file that other processes read, write and die over."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.errors import StoreError
from bot.ports import Batch
from storage.sql.store import SqlStore
from storage.sql.tables.catalog import signals
from tests.support.databases import Postgres

NOON = datetime(2025, 3, 4, 12, tzinfo=UTC)
BATCH = 50

IMPORT_FOREVER = f"""
import asyncio, itertools, sys
from datetime import UTC, datetime
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.ports import Batch
from storage.sql.store import SqlStore

async def main(url):
    async with await SqlStore.open(url) as store:
        for batch in itertools.count():
            ids = [PaperId(f"test:{{batch * {BATCH} + number}}") for number in range({BATCH})]
            papers = [Paper(id=paper_id, title=f"The paper {{paper_id}}", abstract="word " * 200) for paper_id in ids]
            await store.save_batch("test", Batch(papers=papers, cursor=str(batch)), now=datetime.now(UTC))
            print(batch, flush=True)

asyncio.run(main(sys.argv[1]))
"""


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    path = tmp_path / "paperboy.db"
    async with await SqlStore.open(f"sqlite:///{path}", migrate=True):
        return path


@contextmanager
def someone_writing(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


async def test_the_write_ahead_log_is_used(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


async def test_reading_goes_on_while_someone_writes(path: Path) -> None:
    async with await SqlStore.open(f"sqlite:///{path}") as store:
        with someone_writing(path):
            assert await store.count_papers() == 0


async def test_a_writer_that_waits_too_long_says_that_the_database_is_locked(path: Path) -> None:
    async with await SqlStore.open(f"sqlite:///{path}?timeout=0.01") as store:
        batch = Batch(papers=[Paper(id=PaperId("test:1"), title="One")])
        with someone_writing(path), pytest.raises(StoreError, match="database is locked"):
            await store.save_batch("test", batch, now=NOON)
        assert (await store.save_batch("test", batch, now=NOON)).new == 1


async def test_a_reference_to_a_paper_that_is_not_there_is_refused(path: Path) -> None:
    async with await SqlStore.open(f"sqlite:///{path}") as store:
        with pytest.raises(IntegrityError, match="FOREIGN KEY"):
            async with store.writing() as connection:
                await connection.execute(signals.insert().values(row=7, kind="upvotes", at=NOON, value=1))


async def test_the_time_that_processes_share_is_the_servers(postgres: Postgres) -> None:
    def asked_directly() -> datetime:
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            [moment] = connection.execute("SELECT clock_timestamp()").fetchone() or [None]
            assert isinstance(moment, datetime)
            return moment

    url = postgres.migrated()
    async with await SqlStore.open(url) as store:
        assert store.server_clock
        moments = [asked_directly(), await store.server_clock.now(), await store.server_clock.now(), asked_directly()]
    assert moments == sorted(moments)
    assert moments[1].tzinfo is UTC


async def test_a_process_has_no_more_connections_than_it_keeps_open(postgres: Postgres) -> None:
    async with await SqlStore.open(postgres.migrated()) as store:

        async def backend() -> int:
            async with store.reading() as connection:
                found = await connection.scalar(text("SELECT pg_backend_pid() FROM pg_sleep(0)"))
                assert isinstance(found, int)
                return found

        first = set(await asyncio.gather(*(backend() for _ in range(60))))
        again = set(await asyncio.gather(*(backend() for _ in range(60))))
    assert len(first | again) <= 10


async def test_with_sqlite_there_is_no_server_whose_time_to_ask(path: Path) -> None:
    async with await SqlStore.open(f"sqlite:///{path}") as store:
        assert store.server_clock is None


def import_until_killed(url: str, batches: int) -> None:
    """Kill an importing process some time after it has told of so many committed batches."""
    with subprocess.Popen([sys.executable, "-c", IMPORT_FOREVER, url], stdout=subprocess.PIPE, text=True) as importer:
        assert importer.stdout
        for batch in range(batches):
            assert importer.stdout.readline() == f"{batch}\n"
        importer.kill()


@pytest.mark.parametrize("batches", [1, 4, 15])
async def test_a_kill_in_the_middle_of_an_import_loses_no_committed_batch(path: Path, batches: int) -> None:
    url = f"sqlite:///{path}"
    import_until_killed(url, batches)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    async with await SqlStore.open(url) as store:
        count = await store.count_papers()
        assert count >= batches * BATCH
        assert count % BATCH == 0
        assert len(await store.papers_by_row(range(1, count + 1))) == count
        [state] = await store.source_states()
        assert int(state.cursor) == count // BATCH - 1
