"""Commands that keep what is stored safe: backup, restore."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot import bootstrap
from bot.cli.app import BOT, DataDir, app, logging_settings, waits
from bot.cli.output import console, print_line
from bot.cli.papers import index_new
from bot.domain.counts import counted

File = Annotated[Path, typer.Argument(metavar="FILE", help="The backup, a .tar.gz.")]


@app.command(rich_help_panel=BOT)
@waits
async def backup(file: File, data_dir: DataDir = None) -> None:
    """Write everything that is stored to one file; the bot may run meanwhile.

    Settings and secrets (.env) are not in it: keep them apart. With PostgreSQL this needs pg_dump.
    """
    loaded = logging_settings(data_dir)
    made = await bootstrap.back_up(loaded, file)
    size = file.stat().st_size / 1e6
    print_line(f"Backed up to {file}: {made.database}, tables of version {made.schema}, {size:,.1f} MB.", console())
    print_line("Your settings are not in it; keep .env somewhere safe, too.", console())


@app.command(rich_help_panel=BOT)
@waits
async def restore(file: File, data_dir: DataDir = None) -> None:
    """Fill an empty folder (--data-dir) or PostgreSQL database from a backup.

    What an older Paperboy stored is brought to the version of this one, and the search index is made anew.
    """
    loaded = logging_settings(data_dir)
    made, doubted = await bootstrap.restore(loaded, file)
    when = datetime.fromisoformat(made.made_at).astimezone()
    print_line(f"Restored what Paperboy {made.paperboy} backed up on {when:%Y-%m-%d at %H:%M}.", console())
    async with bootstrap.open_app(loaded, create=True) as opened:
        await index_new(opened.store, opened.index, Console(stderr=True))
        papers = counted(await opened.store.count_papers(), "paper")
    if doubted:
        told = f"{counted(doubted, 'post')} may have been sent since the backup, so nothing of it is sent again"
        print_line(f"{told}; `digest resend` in a channel does.", console())
    print_line(f"{papers} can be searched; `paperboy doctor` checks the rest.", console())
