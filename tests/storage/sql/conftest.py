"""What tests of the store share: each runs on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from bot.domain.papers import Paper
from bot.ports import Batch
from storage.sql.store import SqlStore
from tests.support.databases import KEY, Postgres, Sqlite
from tests.support.memory_store import MemoryStore
from tests.support.stored_people import NOW, ONE, TWO
from tests.support.stored_queue import POST, TWO_PAPERS, YESTERDAY, Queue


@pytest.fixture(params=["sqlite", "postgres"])
def databases(request: pytest.FixtureRequest) -> Sqlite | Postgres:
    """Where a test gets its databases from: each test runs on SQLite and on PostgreSQL."""
    found: Sqlite | Postgres = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def url(databases: Sqlite | Postgres) -> str:
    """A database with tables and nothing in them."""
    return databases.migrated()


@pytest.fixture
async def store(url: str) -> AsyncIterator[SqlStore]:
    async with await SqlStore.open(url, keys=[KEY]) as opened:
        yield opened


@pytest.fixture
async def two_papers(store: SqlStore) -> None:
    """The store has two papers."""
    papers = [Paper(id=ONE, title="First of two papers"), Paper(id=TWO, title="Second of two papers")]
    await store.save_batch("test", Batch(papers=papers), now=NOW)


@pytest.fixture(params=["sqlite", "postgres", "memory"])
def queue_url(request: pytest.FixtureRequest) -> str:
    """A database with tables and nothing in them; empty for the store in memory, which simulations use."""
    return "" if request.param == "memory" else request.getfixturevalue(request.param).migrated()


@pytest.fixture
async def queue(queue_url: str) -> AsyncIterator[Queue]:
    """A store with two papers and a destination switched on yesterday."""
    async with AsyncExitStack() as stack:
        store: Queue = MemoryStore()
        if queue_url:
            store = await stack.enter_async_context(await SqlStore.open(queue_url))
        await store.save_batch("test", Batch(papers=TWO_PAPERS), now=YESTERDAY)
        await store.save_destination(POST, now=YESTERDAY)
        yield store
