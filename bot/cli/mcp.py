"""`paperboy mcp`: the commands as tools for an assistant."""

from typing import Annotated

import typer

from bot import bootstrap
from bot.cli.app import BOT, DataDir, app, logging_settings, waits
from bot.domain.people import Place
from bot.errors import UserError


@app.command(rich_help_panel=BOT)
@waits
async def mcp(
    http: Annotated[
        bool,
        typer.Option("--http", help="Serve /mcp at PAPERBOY_HTTP_HOST and PAPERBOY_HTTP_PORT, behind a token."),
    ] = False,
    person: Annotated[
        str, typer.Option(metavar="NAME", help="Whose papers these are: somebody of `paperboy chat`.")
    ] = "you",
    channel: Annotated[
        str, typer.Option(metavar="KEY", help="A channel whose library it may list, such as slack:T0123:C0456.")
    ] = "",
    data_dir: DataDir = None,
) -> None:
    """Serve an assistant with tools of the Model Context Protocol: search, trending, save, library, export and more.

    The assistant starts this command and talks to it over standard input and output; with --http it connects, with
    PAPERBOY_MCP_TOKEN as its bearer token. What it saves is on the list of one person, who can connect it with their
    list on Discord or Slack: `/papers link` there and in `paperboy chat`.
    """
    place, loaded = _place(channel), logging_settings(data_dir)
    if http and not loaded.mcp_token.get_secret_value():
        raise UserError("--http needs PAPERBOY_MCP_TOKEN: a long random text, which the assistant sends along.")
    async with bootstrap.open_app(loaded) as opened:
        await bootstrap.serve_mcp(opened, person, loaded if http else None, place)


def _place(key: str) -> Place | None:
    """The channel with a key; None where none is named. Raises UserError."""
    parts = key.split(":", 2)
    if not key:
        return None
    if len(parts) < 3 or not all(parts):
        raise UserError("--channel is written like slack:T0123:C0456 or discord:SERVER:CHANNEL, with their ids.")
    platform, workspace, place = parts
    return Place(platform, workspace, place)
