"""`paperboy init`: the first set-up, and every later one."""

import asyncio
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from bot import bootstrap
from bot.chat.platforms import FirstSteps
from bot.cli.app import BOT, DataDir, app, named_data_dir
from bot.cli.first_setup.answers import Answers
from bot.cli.first_setup.papers import PapersPart
from bot.cli.first_setup.platforms import MissingAnswerError, PlatformPart
from bot.cli.first_setup.terminal import Terminal, keyboard
from bot.cli.health import examine
from bot.cli.output import console
from bot.cli.papers import fetch
from bot.errors import IndexUnusableError, SourceError, UserError
from bot.runtime.logs import configure_logging

_ENV = Path(".env")
_STOPPED = 130
"""The exit status of a command that was interrupted."""
_NONE = {"none", "no", "-"}
_TITLES = {"email": "E-mail"}
"""What people call a platform, where that is not its name; its own module may need libraries that are not here."""
_START = {"discord": "/papers-admin digest setup", "slack": "/papers digest setup"}
"""Platforms -> what an admin types in a channel to start its daily post."""


Platforms = Annotated[
    list[str] | None,
    typer.Option("--platform", metavar="NAME", help="discord, slack or email (repeatable); none: the terminal alone."),
]
Fields = Annotated[
    list[str] | None,
    typer.Option("--field", metavar="NAME", help="What you read: robotics, genomics, cs.CR, all (repeatable)."),
]
Sources = Annotated[
    list[str] | None, typer.Option("--source", metavar="NAME", help="A source beside those of the fields (repeatable).")
]
Others = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Any other setting of .env.example (repeatable)."),
]
Yes = Annotated[
    bool,
    typer.Option("--yes", "-y", help="Ask nothing: what is not given stays as it is set."),
]
Sync = Annotated[bool, typer.Option("--sync/--no-sync", help="Whether to fetch the first papers.")]


@dataclass(frozen=True, slots=True)
class Given:
    """What the options say. `settings` are answers by setting, `channels` where test messages go by platform."""

    platforms: Sequence[str] | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    fields: Sequence[str] = ()
    sources: Sequence[str] = ()
    channels: Mapping[str, str] = field(default_factory=dict)
    sync: bool = True


@app.command(rich_help_panel=BOT)
def init(
    platform: Platforms = None,
    discord_token: Annotated[str | None, typer.Option(metavar="TOKEN", help="Discord's bot token.")] = None,
    slack_bot_token: Annotated[str | None, typer.Option(metavar="TOKEN", help="Slack's bot token (xoxb-…).")] = None,
    slack_app_token: Annotated[
        str | None, typer.Option(metavar="TOKEN", help="Slack's app-level token (xapp-…).")
    ] = None,
    slack_client_id: Annotated[
        str | None, typer.Option(metavar="ID", help="For several workspaces: the app's client ID.")
    ] = None,
    slack_client_secret: Annotated[str | None, typer.Option(metavar="SECRET", help="Its client secret.")] = None,
    slack_signing_secret: Annotated[str | None, typer.Option(metavar="SECRET", help="Its signing secret.")] = None,
    mail_from: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Who mails are from.")] = None,
    public_url: Annotated[
        str | None, typer.Option(metavar="URL", help="Where Slack and links in mails find Paperboy.")
    ] = None,
    smtp_host: Annotated[str | None, typer.Option(metavar="HOST", help="The mail server.")] = None,
    smtp_port: Annotated[int | None, typer.Option(metavar="PORT", help="Its port.")] = None,
    smtp_security: Annotated[str | None, typer.Option(metavar="KIND", help="starttls, tls or none.")] = None,
    smtp_user: Annotated[str | None, typer.Option(metavar="NAME", help="The user there.")] = None,
    smtp_password: Annotated[str | None, typer.Option(metavar="PASSWORD", help="The user's password.")] = None,
    field_: Fields = None,
    source: Sources = None,
    set_: Others = None,
    discord_channel: Annotated[str | None, typer.Option(metavar="ID", help="A channel for a test message.")] = None,
    slack_channel: Annotated[str | None, typer.Option(metavar="ID", help="A channel for a test message.")] = None,
    mail_to: Annotated[str | None, typer.Option(metavar="ADDRESS", help="An address for a test mail.")] = None,
    sync: Sync = True,
    yes: Yes = False,
    data_dir: DataDir = None,
) -> None:
    """Set Paperboy up, question by question; run it again to change an answer.

    Every token is checked as it is entered. The answers go to .env in this folder, which only you can read; all else in
    it stays. Then the first papers come, a test message is sent, and `doctor` looks at everything. What the environment
    or .env sets is offered; in a script pass answers as options, with --yes. A token among the options can be seen by
    other users of the machine; one in the environment or in .env cannot.
    """
    folder = named_data_dir(data_dir)
    settings = {
        "DISCORD_TOKEN": discord_token,
        "SLACK_BOT_TOKEN": slack_bot_token,
        "SLACK_APP_TOKEN": slack_app_token,
        "SLACK_CLIENT_ID": slack_client_id,
        "SLACK_CLIENT_SECRET": slack_client_secret,
        "SLACK_SIGNING_SECRET": slack_signing_secret,
        "PAPERBOY_MAIL_FROM": mail_from,
        "PAPERBOY_PUBLIC_URL": public_url,
        "PAPERBOY_SMTP_HOST": smtp_host,
        "PAPERBOY_SMTP_PORT": None if smtp_port is None else str(smtp_port),
        "PAPERBOY_SMTP_SECURITY": smtp_security,
        "PAPERBOY_SMTP_USER": smtp_user,
        "PAPERBOY_SMTP_PASSWORD": smtp_password,
        "PAPERBOY_DATA_DIR": str(folder) if folder else None,
    }
    channels = {"discord": discord_channel, "slack": slack_channel, "email": mail_to}
    given = Given(
        platforms=None if platform is None else _split(platform),
        settings={name: value for name, value in settings.items() if value is not None} | _named(set_ or ()),
        fields=_split(field_),
        sources=_split(source),
        channels={name: value for name, value in channels.items() if value},
        sync=sync,
    )
    asks = not yes and sys.stdin.isatty()
    if not yes and not asks:
        raise typer.BadParameter("nobody is at the keyboard to be asked; give the answers as options, with --yes")
    terminal = Terminal(console(), keyboard if asks else None)
    try:
        sound = FirstSetup(terminal, _ENV, os.environ, given).run()
    except MissingAnswerError as error:
        raise typer.BadParameter(str(error)) from error
    except (KeyboardInterrupt, EOFError):
        terminal.console.print()
        terminal.mind("Stopped. What was answered for a whole part is in .env; `paperboy init` goes on from there.")
        raise typer.Exit(_STOPPED) from None
    if not sound:
        raise typer.Exit(1)


class FirstSetup:
    """All parts of the set-up, one after the other."""

    def __init__(self, terminal: Terminal, env: Path, environment: Mapping[str, str], given: Given) -> None:
        """Raises UserError for settings there are not."""
        self._terminal = terminal
        self._env = env
        self._given = given
        self._answers = Answers(env, environment, given.settings)

    def run(self) -> bool:
        """Ask, write, fetch, greet and check; returns whether all is well. Raises UserError."""
        terminal, answers, given = self._terminal, self._answers, self._given
        configure_logging(answers.settings())
        if terminal.asks:
            terminal.heading("Paperboy: setting up")
            terminal.say(f"The answers go to {self._env.absolute()}, which only you can read.")
            terminal.say("Enter keeps what stands in brackets. Ctrl-C stops, and leaves the file whole.", "dim")
        steps = self._platforms()
        for each in steps.values():
            terminal.heading(each.title)
            PlatformPart(terminal, answers, each).set_up()
            self._write()
        terminal.heading("Papers")
        PapersPart(terminal, answers, bootstrap.source_names()).choose(given.fields, given.sources)
        self._write()
        self._fetch()
        for name, each in steps.items():
            if terminal.asks or name in given.channels:
                terminal.heading(f"A test message: {each.title}")
                PlatformPart(terminal, answers, each).greet(given.channels.get(name, ""))
        return self._check(steps)

    def _platforms(self) -> dict[str, FirstSteps]:
        """The platforms to set up, by name. Raises UserError for one there is not."""
        names = bootstrap.platform_names()
        standing = [name for name in names if self._is_begun(name)]
        if self._given.platforms is not None:
            return self._steps_of(self._given.platforms)
        titles = {name: _TITLES.get(name, name.title()) for name in names}
        while self._terminal.asks:
            self._terminal.heading("Platforms")
            self._terminal.say("Where are your people?")
            self._terminal.listed((titles[name], name in standing) for name in names)
            kept = ", ".join(titles[name] for name in standing) or "the terminal alone"
            typed = self._terminal.ask("Platforms, by number or name", hint=f"Enter: {kept}")
            try:
                return self._steps_of(typed.split(",") if typed else standing)
            except UserError as error:
                self._terminal.bad(str(error))
        return self._steps_of(standing)

    def _is_begun(self, name: str) -> bool:
        """Whether an answer for a platform stands or is given."""
        begun = {"discord": ["DISCORD_TOKEN"], "slack": ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"]}
        return any(self._answers.value(each) for each in begun.get(name, ["PAPERBOY_MAIL_FROM"]))

    def _steps_of(self, typed: Iterable[str]) -> dict[str, FirstSteps]:
        names = bootstrap.platform_names()
        numbered = {str(number): name for number, name in enumerate(names, start=1)} | {"e-mail": "email"}
        chosen = [numbered.get(each.strip().lower(), each.strip().lower()) for each in typed if each.strip()]
        if unknown := [name for name in chosen if name not in {*names, *_NONE}]:
            raise UserError(f"There is no platform {unknown[0]}; choose from {', '.join(names)}.")
        return {name: bootstrap.first_steps(name) for name in names if name in chosen}

    def _write(self) -> None:
        changed = self._answers.write()
        self._terminal.good(f"Kept in {self._env}." if changed else f"{self._env} stays as it is.")
        for name in self._answers.overruled():
            self._terminal.mind(f"{name} is also in the environment, which takes precedence over {self._env}.")

    def _fetch(self) -> None:
        """Make the database and fetch the first papers; what fails there is told and does not end the set-up."""
        terminal, loaded = self._terminal, self._answers.settings()
        terminal.wait("making the database …", bootstrap.migrate(loaded))
        where = "on its server" if loaded.database_url.get_secret_value() else f"in {loaded.data_dir}"
        terminal.good(f"The database is ready {where}.")
        if not self._given.sync or not loaded.sources:
            return
        if not terminal.agrees("Fetch the first papers now?", default=True):
            terminal.say("`paperboy sync` fetches them later.")
            return
        try:
            complete = asyncio.run(fetch(loaded, None, terminal.console))
        except (SourceError, IndexUnusableError, UserError) as error:
            terminal.bad(str(error))
            complete = False
        if not complete:
            terminal.mind("Not all of it came; `paperboy run` and `paperboy sync` go on from there.")

    def _check(self, steps: Mapping[str, FirstSteps]) -> bool:
        terminal, loaded = self._terminal, self._answers.settings()
        terminal.heading("Is everything as it must be?")
        found = terminal.wait("looking …", examine(loaded))
        for each in found:
            tell = terminal.mind if each["concern"] else terminal.good if each["ok"] else terminal.bad
            tell(f"{each['name']}: {each['text']}")
        sound = all(each["ok"] for each in found)
        terminal.heading("What now")
        if not sound:
            terminal.bad("Mend what is marked with ✗, then run `paperboy init` or `paperboy doctor` again.")
            return False
        terminal.steps(
            [
                "`paperboy run` in this folder starts the bot."
                if steps
                else "`paperboy chat` talks to it in the terminal.",
                *(
                    f"In a channel of {steps[name].title}, as an admin: {_START[name]}"
                    for name in steps
                    if name in _START
                ),
                *(
                    ["`paperboy email subscribe you@example.org` gets the day's papers by mail."]
                    if "email" in steps
                    else []
                ),
            ]
        )
        return True


def _named(pairs: Iterable[str]) -> dict[str, str]:
    """`NAME=VALUE`s by name. Raises UserError for another shape."""
    split = [pair.partition("=") for pair in pairs]
    if wrong := [name for name, sign, _ in split if not sign]:
        raise UserError(f"--set takes NAME=VALUE, not {wrong[0]}.")
    return {name.strip(): value for name, _, value in split}


def _split(given: Sequence[str] | None) -> list[str]:
    return [part.strip() for each in given or () for part in each.split(",") if part.strip()]
