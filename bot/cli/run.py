"""`paperboy run`: the bot itself."""

import asyncio
import signal
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

import structlog
import typer

from bot import bootstrap
from bot.cli.app import BOT, DataDir, app, logging_settings, waits
from bot.config import Settings
from bot.delivery.composer import PostComposer
from bot.delivery.deliverer import Deliverer
from bot.domain.deliveries import Rules
from bot.errors import IndexUnusableError, UserError
from bot.library.ingest import read_sources, update_index
from bot.library.library import Library
from bot.ports import Platform
from bot.runtime.cancellation import until
from bot.runtime.process_lock import alone
from bot.runtime.ticks import Connection, Tick, serve

log = structlog.get_logger()

DELIVER_EVERY = timedelta(seconds=10)
INDEX_EVERY = timedelta(minutes=1)
TIDY_EVERY = timedelta(hours=1)
LETTERS_EVERY = timedelta(seconds=5)


class Part(StrEnum):
    """What one process does, where several share the work."""

    DISCORD = "discord"
    SLACK = "slack"
    EMAIL = "email"
    WORKER = "worker"
    INGEST = "ingest"


_SERVING = {None, Part.SLACK, Part.EMAIL}
"""Parts that serve the web pages."""


@app.command(rich_help_panel=BOT)
@waits
async def run(
    only: Annotated[
        Part | None, typer.Option(help="Run only this part, when several processes share the work (needs PostgreSQL).")
    ] = None,
    shards: Annotated[
        str, typer.Option(help="Discord shards this process runs, and of how many, e.g. 0-3/8; empty: all.")
    ] = "",
    data_dir: DataDir = None,
) -> None:
    """Run the bot: answer commands, fetch papers, post what is due.

    With PostgreSQL any number of processes can share the work: `discord`, `slack` and `email` connect to their platform
    and post there, `worker` posts to all of them, `ingest` fetches papers. `slack` and `email` each serve all web pages
    (so does `discord` when PAPERBOY_METRICS_SECRET is set); on one machine, give each its own PAPERBOY_HTTP_PORT. With
    SQLite one process does everything.
    """
    loaded = logging_settings(data_dir)
    loaded = loaded.model_copy(update={"discord_shards": shards}) if shards else loaded
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with (
        bootstrap.open_library(loaded) as library,
        alone(loaded),
        bootstrap.open_platforms(loaded, library) as connected,
    ):
        await run_parts(loaded, library, connected, stop, only)


async def run_parts(
    loaded: Settings, library: Library, connected: bootstrap.Connected, stop: asyncio.Event, only: Part | None = None
) -> None:
    """Do this process's part until `stop`. Raises UserError for a platform that is not set up."""
    platforms = [each for each in connected.platforms if only in {None, Part.WORKER, each.name}]
    if only in {Part.DISCORD, Part.SLACK, Part.EMAIL} and not platforms:
        raise UserError(f"{only.value.title()} is not set up; `paperboy doctor` says what is missing.")
    connections: list[Connection] = [each.run for each in platforms if only in {None, each.name}]
    if only in _SERVING or (only is Part.DISCORD and loaded.metrics_secret.get_secret_value()):
        connections += connected.servers
    email = connected.email
    chats = [platform for platform in platforms if not email or platform is not email.platform]
    rules = Rules(wait_for_papers=timedelta(minutes=loaded.wait_for_sync), disable_after=loaded.disable_after)
    deliver = _deliverer(loaded, library, chats, rules)
    deliverers = [deliver]
    ticks = [Tick("tidy", TIDY_EVERY, lambda: library.store.tidy(now=library.clock.now()))]
    if only in {None, Part.INGEST}:
        ticks.append(Tick("ingest", loaded.sync_interval, lambda: until(stop, _ingest(loaded, library))))
    else:
        ticks.append(Tick("index", INDEX_EVERY, lambda: _index(library)))
    if only is not Part.INGEST:
        ticks.append(Tick("deliver", DELIVER_EVERY, deliver.tick))
    if email and email.platform in platforms:
        # Thousands of mails may take long; the posts of channels do not wait for them.
        mail = _deliverer(loaded, library, [email.platform], email.rules(rules.disable_after, rules.wait_for_papers))
        deliverers.append(mail)
        ticks += [Tick("mail", DELIVER_EVERY, mail.tick), Tick("letters", LETTERS_EVERY, email.confirmations.tick)]

    def finish() -> None:
        for each in deliverers:
            each.stop()

    await serve(ticks, connections, stop, finish)


def _deliverer(loaded: Settings, library: Library, platforms: list[Platform], rules: Rules) -> Deliverer:
    return Deliverer(library.store, PostComposer(library, loaded.sync_interval), platforms, library.clock, rules)


async def _ingest(loaded: Settings, library: Library) -> None:
    reports = await read_sources(bootstrap.paper_sources(loaded, loaded.sources), library.store, library.clock)
    for report in reports:
        if report.error:
            log.warning("source failed", source=report.source, error=report.error)
    try:
        await update_index(library.store, library.index)
    except IndexUnusableError as error:
        told = "papers are stored but not indexed; the next sync or `paperboy index` adds them"
        log.warning(told, reason=str(error))


async def _index(library: Library) -> None:
    """Bring this process's index up to date; where processes share a folder, the one that ingests does it."""
    try:
        await update_index(library.store, library.index)
    except IndexUnusableError:
        return
