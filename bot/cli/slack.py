"""Commands that bring Paperboy to Slack: slack-manifest, make-key."""

import json
from typing import Annotated

import typer

from bot import bootstrap, config
from bot.cli.app import BOT, DataDir, app, logging_settings
from bot.errors import UserError

Url = Annotated[
    str | None,
    typer.Option(
        "--url",
        metavar="URL",
        help="The https address of this server, for many workspaces (default PAPERBOY_PUBLIC_URL; '' for Socket Mode).",
        show_default=False,
    ),
]
Links = Annotated[
    bool,
    typer.Option(
        "--links/--no-links",
        help="Whether the app is sent what people say in its channels, which watching links to papers needs.",
    ),
]


@app.command("slack-manifest", rich_help_panel=BOT)
def slack_manifest(url: Url = None, links: Links = True, data_dir: DataDir = None) -> None:
    """Print the app manifest to paste into Slack, made from the commands."""
    chosen = logging_settings(data_dir).public_url if url is None else url
    if chosen and not chosen.startswith("https://"):
        raise UserError(f"Slack takes an https address alone, e.g. https://papers.example.org, not {chosen}.")
    print(json.dumps(bootstrap.slack_manifest(chosen, links=links), indent=2))  # noqa: T201


@app.command("make-key", rich_help_panel=BOT)
def make_key() -> None:
    """Print a new key for PAPERBOY_TOKEN_KEYS."""
    print(config.make_key())  # noqa: T201
