"""`paperboy zotero`: connecting a library from the terminal, where a key is typed unseen."""

import os
import sys
from getpass import getpass
from typing import Annotated

import typer

from bot import bootstrap
from bot.chat.dispatch import Request
from bot.cli.app import READING, DataDir, app, logging_settings, waits
from bot.cli.command_group import CommandGroup
from bot.cli.output import console
from bot.domain.people import Account, private_talk

zotero = typer.Typer(cls=CommandGroup, help="Keep a Zotero library in step with what you saved.", no_args_is_help=True)
app.add_typer(zotero, name="zotero", rich_help_panel=READING)

Person = Annotated[str, typer.Option(metavar="NAME", help="Whose papers: somebody of `paperboy chat`.")]


@zotero.command()
@waits
async def connect(
    person: Person = "you",
    group: Annotated[str, typer.Option(metavar="GROUP", help="A group's library, by its number or address.")] = "",
    collection: Annotated[str, typer.Option(metavar="NAME", help="One collection alone, by its name.")] = "",
    data_dir: DataDir = None,
) -> None:
    """Connect a library; the API key is asked for and not shown, or read from ZOTERO_API_KEY or standard input."""
    filled = {"key": _key(), "library": group, "collection": collection}
    await _ask("zotero connect", person, data_dir, filled)


@zotero.command()
@waits
async def sync(person: Person = "you", data_dir: DataDir = None) -> None:
    """Bring your library in step now; the running bot does so every ten minutes."""
    await _ask("zotero sync", person, data_dir)


def _key() -> str:
    if given := os.environ.get("ZOTERO_API_KEY"):
        return given
    return getpass("API key of Zotero (not shown): ") if sys.stdin.isatty() else sys.stdin.readline()


async def _ask(line: str, person: str, data_dir: DataDir, filled: dict[str, str] | None = None) -> None:
    """Run a command for somebody of the terminal, and show its answer."""
    account = Account("console", person, person)
    async with bootstrap.open_app(logging_settings(data_dir)) as opened:
        asked = Request(account, private_talk(account), line, {}, admin=True, filled=filled or {})
        answer = await bootstrap.dispatcher(opened).answer(asked)
    bootstrap.previews()["console"](answer, console())
