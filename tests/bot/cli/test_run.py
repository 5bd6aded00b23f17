"""`paperboy run` does all its parts, and stops when it is asked to, whatever it is waiting for."""

import asyncio
import os
import pty
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping, MutableMapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest
import structlog
from aiohttp import ClientConnectorError, ClientSession, web
from aiohttp.test_utils import unused_port
from structlog.testing import capture_logs

from bot.bootstrap import Connected, open_app, open_platforms
from bot.chat.platforms import OpenPlatform
from bot.cli import main
from bot.cli.run import _bring_up_to_date, run_parts
from bot.config import Settings
from bot.delivery.freshness import pending
from bot.domain.deliveries import Rules, Status
from bot.domain.destinations import Destination, Layout
from bot.domain.mailboxes import Ask, mailbox_place
from bot.domain.messages import Message
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.domain.people import Place
from bot.errors import IndexDamagedError
from bot.library.app import App
from bot.library.second_reading import SecondReader
from bot.library.subscriptions import Subscriptions
from bot.ports import Batch, Store, unheard
from storage.index.disk_index import DiskIndex
from storage.sql.store import SqlStore
from tests.conftest import TickingClock
from tests.support.email.smtp_server import MailServer
from tests.support.email.world import mail_settings, parse
from tests.support.transformer import Transformer

REPOSITORY = Path(__file__).parents[3]


class ServerClock:
    """The clock of a database server, which stands still."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    async def now(self) -> datetime:
        return self._moment


class Hanging:
    """A source of papers that takes requests and never answers, or always says that it is busy."""

    def __init__(self, *, busy: bool) -> None:
        self.asked = asyncio.Event()
        self._busy = busy

    async def answer(self, _request: web.Request) -> web.Response:
        self.asked.set()
        if self._busy:
            return web.Response(status=503, headers={"Retry-After": "600"})
        await asyncio.Event().wait()
        raise AssertionError("nothing ends this wait")


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    """The URL of a web server."""
    runner = web.AppRunner(app, shutdown_timeout=0.01, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield "http://{}:{}".format(*runner.addresses[0])
    await runner.cleanup()


@pytest.fixture(params=["busy", "silent"])
async def source(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Hanging, str]]:
    hanging = Hanging(busy=request.param == "busy")
    app = web.Application()
    app.router.add_get("/{path:.*}", hanging.answer)
    async with serving(app) as url:
        yield hanging, url


async def test_stopping_does_not_wait_for_a_source(source: tuple[Hanging, str], app: App) -> None:
    hanging, url = source
    loaded = Settings(_env_file=None, sources=("huggingface",), huggingface_url=url)
    stop = asyncio.Event()
    running = asyncio.create_task(run_parts(loaded, app, Connected({}), stop))
    await hanging.asked.wait()
    stop.set()
    async with asyncio.timeout(30):  # the source would be waited for much longer
        await running
    [state] = [each for each in await app.store.source_states() if each.name == "huggingface"]
    assert state.succeeded_at is None


async def test_posts_do_not_wait_for_a_source_that_was_switched_off(source: tuple[Hanging, str], app: App) -> None:
    hanging, url = source
    await app.store.record_attempt("arxiv", now=app.clock.now(), error="it said 503")
    stop, loaded = asyncio.Event(), Settings(_env_file=None, sources=("huggingface",), huggingface_url=url)
    running = asyncio.create_task(run_parts(loaded, app, Connected({}), stop, "ingest"))
    await hanging.asked.wait()
    stop.set()
    await running
    awaited = pending(await app.store.source_states(), app.clock.now(), loaded.sync_interval)
    assert [state.name for state in awaited] == ["huggingface"]


async def test_beside_another_writer_of_the_index_a_run_warns_and_goes_on(app: App, tmp_path: Path) -> None:
    logged: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()

    def keep(_logger: object, level: str, line: MutableMapping[str, Any]) -> NoReturn:
        logged.put_nowait({**line, "level": level})
        raise structlog.DropEvent

    structlog.configure(processors=[keep])
    paper = Paper(id=PaperId("2601.99999"), title="Kumquats", abstract="About kumquats.")
    await app.store.save_batch("test", Batch(papers=(paper,)), now=app.clock.now())
    stop = asyncio.Event()
    with DiskIndex.open(tmp_path / "data" / "index", app.index.encoder).writer():
        async with serving(web.Application()) as url, asyncio.timeout(60):
            loaded = Settings(_env_file=None, sources=("huggingface",), huggingface_url=url)
            running = asyncio.create_task(run_parts(loaded, app, Connected({}), stop))
            failed, waiting = await logged.get(), await logged.get()
            stop.set()
            await running
    assert (failed["level"], failed["event"]) == ("warning", "source failed")
    assert "404 Not Found" in failed["error"]
    assert waiting["level"] == "warning"
    assert "`paperboy index`" in waiting["event"]
    assert "Another process is writing the index" in waiting["reason"]
    assert logged.empty()


class Reader(SecondReader):
    """Tells when it has read everything."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, Transformer())
        self.done = asyncio.Event()

    async def read_new(self, done: Callable[[int], None] = lambda count: None) -> int:
        count = await super().read_new(done)
        self.done.set()
        return count


async def test_a_transformer_reads_papers_while_the_bot_runs(app: App) -> None:
    app.library.reader = reader = Reader(app.store)
    stop, loaded = asyncio.Event(), Settings(_env_file=None, sources=())
    running = asyncio.create_task(run_parts(loaded, app, Connected({}), stop, "ingest"))
    async with asyncio.timeout(60):
        await reader.done.wait()
    stop.set()
    await running
    assert await reader.count() == await app.store.count_papers()


async def test_a_run_sends_letters_and_mails_and_serves_the_pages(app: App, tmp_path: Path) -> None:
    clock, stop = app.clock, asyncio.Event()
    assert isinstance(clock, TickingClock)
    assert isinstance(app.store, SqlStore)
    app.subscriptions = Subscriptions(app.store, clock)
    await app.subscriptions.ask(Ask(address="new@example.org", requester="test"))
    due = Destination(place=mailbox_place("reader@example.org"), at=time(7), chosen_layout=Layout.COMPACT)
    await app.store.save_destination(due, now=clock.now())
    clock.moment += timedelta(hours=9)
    async with MailServer() as server:
        loaded = mail_settings(
            data_dir=tmp_path / "data", sources=(), smtp_port=server.port, http_port=unused_port(), wait_for_sync=0
        )
        async with open_platforms(loaded, app) as connected, asyncio.timeout(60):
            running = asyncio.create_task(run_parts(loaded, app, connected, stop))
            arrived = [parse((await server.arrivals.get()).content) for _ in range(2)]
            subjects = {str(mail["To"]): str(mail["Subject"]) for mail in arrived}
            async with ClientSession(f"http://127.0.0.1:{loaded.http_port}") as browser, browser.get("/mail") as page:
                assert "Papers by e-mail" in await page.text()
            stop.set()
            await running
    assert subjects["new@example.org"] == "Would you like papers from Paperboy?"
    assert subjects["reader@example.org"].startswith("Trending papers · Tuesday, 20 Jan 2026")
    [upcoming] = await app.store.upcoming([due.place.key])
    assert upcoming.deliveries[0].status is Status.SENT


class Silent:
    """A platform on which nothing happens; it says when it is connected."""

    name = "discord"
    daily_messages = None

    def __init__(self) -> None:
        self.connected = asyncio.Event()

    async def run(self, ready: Callable[[], None] = unheard) -> None:
        self.connected.set()
        ready()
        await asyncio.Event().wait()


class Receiving(Silent):
    """A platform that takes every message."""

    repeatable = True

    def __init__(self) -> None:
        super().__init__()
        self.taken: asyncio.Queue[Place] = asyncio.Queue()

    def reaches(self, place: Place) -> bool:
        return place.platform == self.name

    async def send(self, place: Place, message: Message, *, nonce: str, first: str = "") -> str:
        self.taken.put_nowait(place)
        return nonce

    async def recall(
        self, place: Place, nonce: str, since: datetime, *, message: Message, first: str = ""
    ) -> str | None:
        raise AssertionError("nothing is in flight")

    async def end_poll(self, place: Place, sent: Sequence[str]) -> Mapping[int, int] | None:
        return None

    async def tell_admins(self, place: Place, message: Message) -> None:
        raise AssertionError("nothing goes wrong")


class ServedStore(SqlStore):
    """A store on a server whose clock is at ten in the morning."""

    server_clock = ServerClock(datetime(2026, 1, 20, 10, tzinfo=UTC))


@pytest.mark.parametrize("rules", [None, Rules(wait_for_papers=timedelta(0))])
async def test_posts_are_due_by_the_clock_that_the_workers_share(app: App, tmp_path: Path, rules: Rules | None) -> None:
    stop, receiving, nine = asyncio.Event(), Receiving(), Destination(place=Place("discord", "1", "2"), at=time(9))
    loaded = Settings(_env_file=None, sources=(), data_dir=tmp_path / "data", wait_for_sync=0)
    async with ServedStore(f"sqlite:///{tmp_path / 'data' / 'paperboy.db'}") as store, asyncio.timeout(60):
        await store.save_destination(nine, now=app.clock.now())
        served = App.over(store, app.index, app.clock)
        running = asyncio.create_task(
            run_parts(loaded, served, Connected({"discord": OpenPlatform(receiving, rules=rules)}), stop)
        )
        assert await receiving.taken.get() == nine.place
        stop.set()
        await running


@pytest.mark.parametrize("only", [None, "discord", "worker", "ingest"])
async def test_figures_are_served_where_nothing_else_is(app: App, tmp_path: Path, only: str | None) -> None:
    stop, silent = asyncio.Event(), Silent()
    loaded = Settings(
        _env_file=None, sources=(), data_dir=tmp_path / "data", http_port=unused_port(), metrics_secret="metrics-hidden"
    )
    async with open_platforms(loaded, app) as connected, asyncio.timeout(60):
        joined = replace(connected, platforms={"discord": OpenPlatform(silent)})  # type: ignore[arg-type] # it is only run
        running = asyncio.create_task(run_parts(loaded, app, joined, stop, only))
        if only in {None, "discord"}:
            await silent.connected.wait()
        told = await _figures(loaded)
        stop.set()
        await running
    assert "paperboy_papers_stored 200.0" in told[0]
    assert "All is well" in told[1]


async def _figures(loaded: Settings) -> tuple[str, str]:
    """What Prometheus reads, and the status page."""
    headers = {"Authorization": f"Bearer {loaded.metrics_secret.get_secret_value()}"}
    async with ClientSession(f"http://127.0.0.1:{loaded.http_port}", headers=headers) as browser:
        while True:
            try:
                async with browser.get("/metrics") as answer, browser.get("/status") as page:
                    return await answer.text(), await page.text()
            except ClientConnectorError:  # it does not listen yet
                await asyncio.sleep(0)


async def test_without_routes_and_a_secret_nothing_listens(app: App, tmp_path: Path) -> None:
    loaded = Settings(_env_file=None, sources=(), data_dir=tmp_path / "data")
    async with open_platforms(loaded, app) as connected:
        assert connected.server is None


def test_the_help_says_that_a_worker_is_not_connected(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--help"]) == 0
    assert "posts to all platforms and connects to none" in " ".join(capsys.readouterr().out.replace("│", " ").split())


async def test_an_index_found_damaged_while_the_bot_runs_is_made_anew(folder: Path) -> None:
    loaded = Settings(_env_file=None, data_dir=folder)
    async with open_app(loaded) as opened:
        before = [result.stored.paper.id for result in await opened.library.search("robot manipulation", 5)]
        tokens = next(folder.glob("index/generation-*/tokens.u4"))
        with tokens.open("r+b") as file:
            file.write(b"\xff" * tokens.stat().st_size)
        with pytest.raises(IndexDamagedError):
            await opened.library.search("robot manipulation", 5)
        with capture_logs() as logged:
            await _bring_up_to_date(loaded, opened)
        assert [entry["log_level"] for entry in logged] == ["warning"]
        assert [result.stored.paper.id for result in await opened.library.search("robot manipulation", 5)] == before


def test_at_a_terminal_it_says_when_it_is_at_work_and_that_it_ends(tmp_path: Path) -> None:
    assert main(["migrate"]) == 0
    ours, theirs = pty.openpty()
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), "PAPERBOY_SOURCES": ","}
    process = subprocess.Popen([sys.executable, "-m", "bot", "run"], stderr=theirs, cwd=tmp_path, env=environment)
    os.close(theirs)
    with process, os.fdopen(ours, encoding="utf-8") as screen:
        assert screen.readline() == "At work; connected to no platform. Ctrl-C stops it.\n"
        process.send_signal(signal.SIGINT)
        assert screen.readline() == "Finishing what is on its way.\n"
        assert process.wait() == 0
