"""What every test shares."""

import asyncio
import gc
import logging
import os
import shutil
import sys
from collections.abc import AsyncIterator, Generator, Iterator
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from itertools import count
from pathlib import Path

# As the `paperboy` command does: BLAS threads that wait for each other keep the cores busy meanwhile.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
import structlog
from aiohttp import web_app
from hypothesis import settings

from adapters.sources.files import FileSource
from adapters.sources.uploads import read_upload
from bot.config import Settings, variable_of
from bot.engine.encoder import StaticEncoder
from bot.library.app import App
from bot.library.ingest import read_source, update_index
from storage.index.disk_index import DiskIndex
from storage.sql.store import SqlStore
from tests.support.databases import KEY, Postgres, Sqlite, compile_statements_once, running_postgres

pytest_plugins = ["tests.support.secret_watch"]

# How long an example takes depends on the machine; tests never do.
settings.register_profile("paperboy", deadline=None)
settings.load_profile("paperboy")

# What operators can have logged is searched for secrets (tests/support/secret_watch.py). pytest's own `log_level` would
# set this anew for each part of a test, and each time every logger forgets what it lets through.
logging.getLogger().setLevel(logging.INFO)
# As the `paperboy` command writes them: structlog alone has them drawn by rich, which takes half a second each.
structlog.dev.ConsoleRenderer.get_active().exception_formatter = structlog.dev.plain_traceback
compile_statements_once()
if find_spec("sniffio") is None:
    # httpcore looks for it whenever it makes a lock, and each time everywhere.
    sys.modules["sniffio"] = None  # type: ignore[assignment]

_folders = count()

SAMPLE = Path(__file__).parent.parent / "bot" / "sample" / "papers.jsonl"
SAMPLE_ENDS = datetime(2026, 1, 19, 23, tzinfo=UTC)


def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are cores: some tests wait for processes, and a core has other work meanwhile."""
    return (os.cpu_count() or 1) * 3 // 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays until the end: the collector need not look at it again and again."""
    gc.disable()
    result = yield
    gc.collect()
    gc.freeze()
    # By default the collector took a twenty-fifth of the time of tests of commands; so it takes half of that.
    gc.set_threshold(2_000, 15, 10)
    gc.enable()
    return result


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Sqlite:
    return Sqlite(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server that lives as long as the tests do."""
    with running_postgres() as server:
        yield server


class TickingClock:
    """Goes on by a second each time it is asked."""

    def __init__(self, start: datetime) -> None:
        self.moment = start

    def now(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


@pytest.fixture
def tmp_path(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A folder of the test's own; pytest numbers them by looking at those of all tests before."""
    name = "".join(letter if letter.isalnum() else "_" for letter in request.node.name)
    return tmp_path_factory.mktemp(f"{name[:30]}{next(_folders)}", numbered=False)


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting reaches a test from the environment, or from a `.env` in the folder where the tests were started."""
    for name in Settings.model_fields:
        monkeypatch.delenv(variable_of(name), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def _logging_of_its_own() -> Iterator[None]:
    """What a command of one test set up for logging writes to that test's streams, which are closed afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    if root.level != level:
        root.setLevel(level)


@pytest.fixture(autouse=True)
def _no_server_is_kept() -> Iterator[None]:
    """aiohttp remembers the handlers of a thousand servers, and with them each test's library: gigabytes in the end."""
    yield
    web_app._cached_build_middleware.cache_clear()


@pytest.fixture(scope="session")
def encoder() -> StaticEncoder:
    """The bundled encoder, loaded once: nothing that a test does changes it."""
    return StaticEncoder.load()


async def _read_sample(folder: Path, encoder: StaticEncoder) -> None:
    clock = TickingClock(SAMPLE_ENDS)
    async with await SqlStore.open(f"sqlite:///{folder / 'paperboy.db'}", migrate=True) as store:
        await read_source(FileSource(SAMPLE), store, clock)
        await update_index(store, DiskIndex.open(folder / "index", encoder))


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory, encoder: StaticEncoder) -> Path:
    """A data folder with the bundled sample; tests copy it."""
    folder = tmp_path_factory.mktemp("sample")
    asyncio.run(_read_sample(folder, encoder))
    return folder


@pytest.fixture
async def app(sample_folder: Path, encoder: StaticEncoder, tmp_path: Path) -> AsyncIterator[App]:
    """The bundled sample in a library of the test's own, at the moment the sample ends."""
    folder = shutil.copytree(sample_folder, tmp_path / "data")
    async with await SqlStore.open(f"sqlite:///{folder / 'paperboy.db'}", keys=[KEY]) as store:
        index = DiskIndex.open(folder / "index", encoder)
        yield App.over(store, index, TickingClock(SAMPLE_ENDS), read_file=read_upload)
