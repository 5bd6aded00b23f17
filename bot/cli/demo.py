"""`paperboy demo` and `paperboy chat`: the main job in the terminal."""

import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr

from bot import bootstrap
from bot.cli.app import READING, DataDir, app, logging_settings, waits
from bot.cli.email import write_mail
from bot.cli.output import console
from bot.config import Settings
from bot.delivery.composer import PostComposer
from bot.domain.destinations import Destination
from bot.domain.people import Place
from bot.library.app import App
from bot.library.ingest import read_source, update_index
from bot.runtime.clocks import RunningClock
from bot.runtime.logs import configure_logging

SAMPLE_ENDS = datetime(2026, 1, 19, 23, tzinfo=UTC)
"""The moment the bundled sample ends; the demo's clock begins there."""

_SCRIPT = Path(__file__).parent.parent / "sample" / "conversation.txt"


@app.command(rich_help_panel=READING)
@waits
async def demo(
    mail: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write the day's mail here, as a web page (or .eml).")
    ] = None,
) -> None:
    """Show the main job on the bundled sample of papers: no network, nothing kept.

    In a terminal it continues as a chat; elsewhere it plays a short conversation.
    """
    async with _sample_app() as opened:
        chat = bootstrap.console_chat(opened, console(), person="ana", channel="#papers")
        destination = Destination(place=Place("console", "terminal", "#papers", "#papers"))
        await chat.post(await PostComposer(opened).preview(destination), destination.place.channel)
        if mail:
            mailbox = replace(destination, person=0)
            write_mail(await PostComposer(opened).preview(mailbox), opened.clock, mail)
        if sys.stdin.isatty() and sys.stdout.isatty():
            await bootstrap.talk(chat, opened, console())
        else:
            await bootstrap.play(chat, _SCRIPT.read_text(encoding="utf-8").splitlines(), console())


@asynccontextmanager
async def _sample_app() -> AsyncIterator[App]:
    """The bundled sample in a library of its own, whatever the settings name, at the moment the sample ends."""
    with tempfile.TemporaryDirectory() as folder:
        loaded = Settings(data_dir=Path(folder), database_url=SecretStr(""), encoder="", mail_from="")
        configure_logging(loaded)
        clock = RunningClock(SAMPLE_ENDS)
        async with bootstrap.open_app(loaded, clock=clock, create=True) as opened:
            with bootstrap.sample() as papers:
                await read_source(bootstrap.file_source(papers), opened.store, opened.clock)
            await update_index(opened.store, opened.index)
            yield opened


@app.command(rich_help_panel=READING)
@waits
async def chat(
    script: Annotated[
        typer.FileText | None, typer.Argument(metavar="[SCRIPT]", help="Play this script (- is standard input).")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Chat with the bot in the terminal, as anybody in any channel; or play a script of a conversation."""
    loaded = logging_settings(data_dir)
    lines = script or (None if sys.stdin.isatty() else sys.stdin)
    async with bootstrap.open_app(loaded) as opened:
        talking = bootstrap.console_chat(opened, console())
        if lines is None:
            await bootstrap.talk(talking, opened, console(), history=loaded.data_dir / "chat_history")
        else:
            await bootstrap.play(talking, lines, console())
