"""`paperboy run`: the bot itself."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Annotated

import structlog
import typer

from bot import bootstrap
from bot.chat.platforms import OpenPlatform
from bot.cli.app import BOT, DataDir, app, logging_settings, waits
from bot.config import Settings
from bot.delivery.clubs import ClubKeeper
from bot.delivery.composer import PostComposer
from bot.delivery.deliverer import Deliverer
from bot.domain.deliveries import Rules
from bot.errors import IndexDamagedError, IndexUnusableError, UserError
from bot.library.alerts import find_matches
from bot.library.app import App
from bot.library.citing import read_citing
from bot.library.following import Following
from bot.library.ingest import read_sources, update_index_in_turn
from bot.ports import Platform
from bot.runtime.cancellation import until
from bot.runtime.process_lock import process_lock
from bot.runtime.service_manager import ServiceManager
from bot.runtime.ticks import Connection, Tick, serve

log = structlog.get_logger()

DELIVER_EVERY = timedelta(seconds=10)
INDEX_EVERY = timedelta(minutes=1)
MATCH_EVERY = timedelta(minutes=1)
READ_EVERY = timedelta(minutes=1)
TIDY_EVERY = timedelta(hours=1)


WORKER, INGEST = "worker", "ingest"
"""Parts of the work that are no platform's: posting everywhere, and fetching papers."""


@app.command(rich_help_panel=BOT)
@waits
async def run(
    only: Annotated[
        str | None,
        typer.Option(
            metavar="PART", help="Run only this part, when several processes share the work (needs PostgreSQL)."
        ),
    ] = None,
    shards: Annotated[
        str,
        typer.Option(
            metavar="SHARDS", help="Discord shards this process runs, and of how many, e.g. 0-3/8; empty: all."
        ),
    ] = "",
    data_dir: DataDir = None,
) -> None:
    """Run the bot: answer commands, fetch papers, post what is due.

    With PostgreSQL any number of processes can share the work: `discord`, `slack` and `email` connect to their platform
    and post there, `ingest` fetches papers. `worker` posts to all platforms and connects to none: it answers nobody,
    and Discord's gateway never sees it. A platform that has web pages serves all
    there are (and so does every process when PAPERBOY_METRICS_SECRET is set); on one machine, give each its own
    PAPERBOY_HTTP_PORT. With SQLite one process does everything.
    """
    loaded = logging_settings(data_dir)
    loaded = loaded.model_copy(update={"discord_shards": shards}) if shards else loaded
    bootstrap.service_names(loaded)  # A name nobody knows is told now, not to whoever first asks for a paper.
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    manager = ServiceManager.of(os.environ)
    async with (
        manager.watched(),
        bootstrap.open_app(loaded, tell=log.warning) as opened,
        process_lock(loaded),
        bootstrap.open_platforms(loaded, opened) as connected,
    ):
        await run_parts(loaded, opened, connected, stop, only, manager)


async def run_parts(
    loaded: Settings,
    opened: App,
    connected: bootstrap.Connected,
    stop: asyncio.Event,
    only: str | None = None,
    manager: ServiceManager | None = None,
) -> None:
    """Do this process's part until `stop`; `manager` hears how it goes. Raises UserError for a platform not set up."""
    _require_part(only, connected)
    manager = manager or ServiceManager()
    platforms = {name: each for name, each in connected.platforms.items() if only in {None, WORKER, name}}
    joined = [name for name in platforms if only in {None, name}]
    connections: list[Connection] = [platforms[name].platform.run for name in joined]
    if connected.server and (only is None or _serves(loaded, connected.platforms.get(only))):
        connections.append(connected.server)
    deliverers = _deliverers(loaded, opened, list(platforms.values()))
    ticks = [Tick("tidy", TIDY_EVERY, lambda: opened.store.tidy(now=opened.clock.now()))]
    if only in {None, INGEST}:
        ticks.append(Tick("ingest", loaded.sync_interval, lambda: until(stop, _ingest(loaded, opened))))
        ticks.append(Tick("follows", MATCH_EVERY, lambda: find_matches(opened)))
        if zotero := opened.zotero:
            await opened.store.encrypt_zotero_anew()
            ticks.append(Tick("zotero", MATCH_EVERY, lambda: until(stop, zotero.sync_due())))
        if reader := opened.library.reader:
            ticks.append(Tick("reading", READ_EVERY, lambda: until(stop, reader.read_new())))
    else:
        ticks.append(Tick("index", INDEX_EVERY, lambda: _index(loaded, opened)))
    if only != INGEST:
        reached = [each.platform for each in platforms.values()]
        keeper = ClubKeeper(opened.store, reached, opened.clock, opened.store.server_clock)
        ticks.append(Tick("clubs", DELIVER_EVERY, keeper.tick))
        ticks += [Tick(name, DELIVER_EVERY, each.tick) for name, each in deliverers.items()]
    ticks += [tick for each in platforms.values() for tick in each.ticks]

    def ready() -> None:
        status = f"Connected to {', '.join(joined)}." if joined else "At work; connected to no platform."
        manager.ready(status)
        _say(f"{status} Ctrl-C stops it.")

    def finish() -> None:
        manager.stopping("Finishing what is on its way.")
        _say("Finishing what is on its way.")
        for each in deliverers.values():
            each.stop()

    if joined:
        manager.tell(f"Connecting to {', '.join(joined)}.")
    await serve(ticks, connections, stop, finish, ready=ready)


def _say(words: str) -> None:
    """Tell whoever started it in a terminal; systemd is told by its own way, and a log has only what is wrong."""
    if sys.stderr.isatty():
        typer.echo(words, err=True)


def _require_part(only: str | None, connected: bootstrap.Connected) -> None:
    """Raises UserError for a part there is not, or a platform that is not set up."""
    parts = [*bootstrap.platform_names(), WORKER, INGEST]
    if only is not None and only not in parts:
        raise UserError(f"There is no part {only}; choose from {', '.join(parts)}.")
    if only in bootstrap.platform_names() and only not in connected.platforms:
        raise UserError(f"{only.title()} is not set up; `paperboy doctor` says what is missing.")


def _serves(loaded: Settings, platform: OpenPlatform | None) -> bool:
    """Whether a process that does one part, perhaps a platform's, has a web server."""
    return bool(loaded.metrics_secret.get_secret_value()) or (platform is not None and bool(platform.routes))


def _deliverers(loaded: Settings, opened: App, platforms: Sequence[OpenPlatform]) -> dict[str, Deliverer]:
    """One deliverer for most platforms, and one for each that sends by rules of its own."""
    daily_messages = {each.platform.name: each.platform.daily_messages for each in platforms}
    composer = PostComposer(opened, loaded.sync_interval, daily_messages, bootstrap.plots())
    rules = Rules(wait_for_papers=timedelta(minutes=loaded.wait_for_sync), disable_after=loaded.disable_after)
    together = [each.platform for each in platforms if each.rules is None]

    def deliverer(connected: Sequence[Platform], rules: Rules) -> Deliverer:
        return Deliverer(opened.store, composer, connected, opened.clock, rules, opened.store.server_clock)

    apart = {
        f"deliver {each.platform.name}": deliverer([each.platform], each.rules) for each in platforms if each.rules
    }
    return {"deliver": deliverer(together, rules), **apart}


async def _ingest(loaded: Settings, opened: App) -> None:
    followed = await Following(loaded).settings(opened.store)
    sources = bootstrap.paper_sources(followed, followed.sources)
    bootstrap.share_pace(sources, opened.store)
    await opened.store.leave_other_sources([source.name for source in sources])
    reports = await read_sources(sources, opened.store, opened.clock)
    for report in reports:
        if report.error:
            log.warning("source failed", source=report.source, error=report.error)
    await read_citing(opened.store, opened.library.lookup.services.citations, opened.clock)
    try:
        await _bring_up_to_date(loaded, opened)
    except IndexUnusableError as error:
        text = "papers are stored but not indexed; the next sync or `paperboy index` adds them"
        log.warning(text, reason=str(error))


async def _index(loaded: Settings, opened: App) -> None:
    """Bring this process's index up to date; where processes share a folder, the one that ingests does it."""
    with suppress(IndexUnusableError):
        await _bring_up_to_date(loaded, opened)


async def _bring_up_to_date(loaded: Settings, opened: App) -> None:
    """Add what is new to the index; one that was found damaged is made anew. Raises IndexUnusableError."""
    try:
        await update_index_in_turn(opened.store, opened.index)
    except IndexDamagedError as error:
        log.warning("the index is rebuilt from the papers that are stored", reason=f"it {error.reason}")
        await bootstrap.rebuild_index(loaded, opened.store, tell=log.info)
