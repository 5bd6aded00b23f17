"""`paperboy plot`: pictures of trends, of the library and of what somebody read."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot import bootstrap
from bot.cli.app import READING, AsOf, DataDir, app, settings, waits
from bot.cli.command_group import CommandGroup
from bot.cli.output import print_line
from bot.cli.search import clock_at
from bot.domain.charts import Chart
from bot.domain.people import Account
from bot.errors import UserError
from bot.library.app import App
from bot.library.charts import history_chart, map_chart, trend_chart
from bot.library.library import Window

KINDS = ("png", "svg", "pdf")

plot = typer.Typer(cls=CommandGroup, help="Draw trends, the library or what you read.", no_args_is_help=True)
app.add_typer(plot, name="plot", rich_help_panel=READING)

File = Annotated[Path, typer.Argument(metavar="FILE", help="Where to draw to: .png, .svg or .pdf.", show_default=False)]
Dark = Annotated[bool, typer.Option("--dark", help="For a dark page.")]


@plot.command()
@waits
async def trending(
    file: File,
    window: Annotated[Window, typer.Option("--window", help="How far back to look.")] = "month",
    dark: Dark = False,
    as_of: AsOf = None,
    data_dir: DataDir = None,
) -> None:
    """Draw the upvotes of the trending papers over time."""
    await _draw(file, lambda opened: trend_chart(opened, window), dark=dark, as_of=as_of, data_dir=data_dir)


@plot.command()
@waits
async def library(file: File, dark: Dark = False, data_dir: DataDir = None) -> None:
    """Draw a map of the library: papers near in meaning are near in it, and coloured by topic."""
    await _draw(file, map_chart, dark=dark, as_of=None, data_dir=data_dir)


@plot.command()
@waits
async def history(
    file: File,
    person: Annotated[str, typer.Option(metavar="NAME", help="Whose history: somebody of `paperboy chat`.")] = "you",
    dark: Dark = False,
    data_dir: DataDir = None,
) -> None:
    """Draw what you saved, by week and topic, and how much of it you marked as read."""

    async def chart(opened: App) -> Chart:
        number = await opened.store.person(Account("console", person))
        return await history_chart(opened, number, person)

    await _draw(file, chart, dark=dark, as_of=None, data_dir=data_dir)


async def _draw(
    file: Path,
    chart: Callable[[App], Awaitable[Chart]],
    *,
    dark: bool,
    as_of: str | None,
    data_dir: Path | None,
) -> None:
    """Draw a chart to a file, and tell what it shows. Raises UserError."""
    kind = file.suffix.removeprefix(".").lower()
    if kind not in KINDS:
        raise UserError(f"A picture is drawn to .png, .svg or .pdf, not to “{file.name}”.")
    plots = bootstrap.plots()
    if plots is None:
        raise UserError("This needs matplotlib: pip install 'paperboy-bot[plots]'.")
    async with bootstrap.open_app(settings(data_dir), clock=clock_at(as_of)) as opened:
        drawn = await chart(opened)
        picture = await asyncio.to_thread(plots.draw, drawn, dark=dark, kind=kind)
    _write(file, picture)
    print_line(f"{file}: {drawn.description}", Console())


def _write(file: Path, picture: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(picture)
