"""Commands that bring Paperboy to Discord: sync-commands."""

from typing import Annotated

import typer

from bot import bootstrap
from bot.cli.app import BOT, DataDir, app, logging_settings, waits
from bot.cli.output import console, print_json

Guild = Annotated[
    int | None, typer.Option("--guild", metavar="ID", help="Only in this server, where they appear at once.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print what would be registered; nothing is sent.")]


@app.command("sync-commands", rich_help_panel=BOT)
@waits
async def sync_commands(guild: Guild = None, dry_run: DryRun = False, data_dir: DataDir = None) -> None:
    """Register the commands with Discord; do it once, and after an update."""
    loaded = logging_settings(data_dir)
    if dry_run:
        print_json(bootstrap.discord_commands(), indent=2)
        return
    names = await bootstrap.sync_discord(loaded, guild)
    where = f"in the server {guild}" if guild else "everywhere"
    console().print(f"Registered {where}: {', '.join(names)}", markup=False)
