"""The composition root: the only module of the core that knows adapters and storage, and puts everything together."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from bot.chat.reactions import Reactions
from bot.config import Settings
from bot.domain.messages import Message
from bot.errors import UserError
from bot.library.ingest import in_thread, require_same_papers, write_index
from bot.library.library import Library
from bot.library.subscriptions import Subscriptions
from bot.ports import Clock, Encoder, FilePapers, PaperIndex, PaperSource, Platform, Sleep, Store
from bot.runtime.clocks import SystemClock

if TYPE_CHECKING:
    from rich.console import Console

    from adapters.console.chat import Chat
    from adapters.email.wiring import Email
    from adapters.metrics import Metrics
    from adapters.slack.wiring import Slack
    from bot.chat.dispatch import Dispatcher, Observer
    from bot.runtime.ticks import Connection
    from storage.sql.store import SqlStore


def load_encoder(settings: Settings | None = None) -> Encoder:
    """The transformer that the settings name, else the bundled science encoder. Raises UserError."""
    if settings and settings.encoder:
        from adapters.transformer import TransformerEncoder

        return TransformerEncoder.load(settings.encoder, settings.data_dir / "models")
    from bot.engine.encoder import StaticEncoder

    return StaticEncoder.load()


def open_index(path: Path, settings: Settings | None = None) -> PaperIndex:
    """The index in a folder, with the encoder of the settings; an empty one where there is none."""
    from storage.index.disk_index import DiskIndex

    return DiskIndex.open(path, load_encoder(settings))


async def rebuild_index(settings: Settings, store: Store, indexed: Callable[[int], None]) -> int:
    """Make the index anew from the store; the old one answers until the new one is whole. OptionHelp how many papers.

    `indexed` is called with the number of papers added so far.
    """
    from storage.index.disk_index import DiskIndex

    async with in_thread(DiskIndex.rebuild(settings.index_dir, load_encoder(settings))) as writer:
        return await write_index(store, writer, after=0, indexed=indexed)


@asynccontextmanager
async def open_store(settings: Settings, *, create: bool = False) -> AsyncIterator["SqlStore"]:
    """The store; `create` makes the database of a new data directory, otherwise its absence is an error."""
    from storage.sql.store import SqlStore

    if not settings.database_url.get_secret_value():
        if create:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
        elif not (settings.data_dir / "paperboy.db").exists():
            raise UserError(
                f"No papers in {settings.data_dir} yet. Fetch today's with `paperboy sync`, "
                "or bring your own with `paperboy import FILE`."
            )
    async with await SqlStore.open(settings.database, migrate=create) as store:
        yield store


@asynccontextmanager
async def open_library(
    settings: Settings, *, clock: Clock | None = None, create: bool = False
) -> AsyncIterator[Library]:
    """Store, index and clock, together, and mailboxes where there is e-mail.

    Raises UserError, StoreError and IndexUnusableError, which say what to do.
    """
    now = clock or SystemClock()
    async with open_store(settings, create=create) as store:
        mail = Subscriptions(store, now) if settings.mail_from else None
        index = open_index(settings.index_dir, settings)
        await require_same_papers(store, index)
        yield Library(store, index, now, mail=mail)


async def schema_versions(settings: Settings) -> tuple[str | None, str]:
    """The version of the database's tables, None where there are none, and the newest. Raises StoreError."""
    from storage.sql.schema import known_versions, schema_version

    if not settings.database_url.get_secret_value() and not (settings.data_dir / "paperboy.db").exists():
        return None, known_versions()[-1]  # asking SQLite would make the file
    return await asyncio.to_thread(schema_version, settings.database), known_versions()[-1]


async def migrate(settings: Settings) -> None:
    """Bring the database to the newest version; nothing happens when it is there already."""
    async with open_store(settings, create=True):
        pass


def paper_sources(
    settings: Settings, names: Iterable[str], *, clock: Clock | None = None, sleep: Sleep = asyncio.sleep
) -> list[PaperSource]:
    """The network sources of these names, which wait by `sleep`. Raises UserError for a name nobody knows."""
    from adapters.sources import build_sources

    return build_sources(settings, clock or SystemClock(), names, sleep)


def file_source(path: Path) -> FilePapers:
    """A file of papers; its format is detected. Raises SourceError when it cannot be read."""
    from adapters.sources.files import FileSource

    return FileSource(path)


@contextmanager
def sample() -> Iterator[Path]:
    """The bundled sample as a file."""
    with as_file(files("bot") / "sample" / "papers.jsonl") as path:
        yield path


def previews() -> dict[str, Callable[[Message, "Console"], None]]:
    """Platform -> what prints a message as it would look there."""
    from adapters.console.render import show

    return {"console": show, "discord": _show_in_discord, "slack": _show_in_slack, "email": _show_mail}


def _show_in_discord(message: Message, console: "Console") -> None:
    """The components that Discord is sent, as JSON."""
    from adapters.discord.render import render

    view = cast("Any", render(message).view)  # discord.py says nothing of what `to_components` gives
    console.print_json(data=view.to_components())


def _show_in_slack(message: Message, console: "Console") -> None:
    """The blocks that Slack is sent, as JSON: its Block Kit Builder shows them."""
    from adapters.slack.render import render

    console.print_json(data={"blocks": render(message).blocks})


def _show_mail(message: Message, console: "Console") -> None:
    from adapters.email.preview import show

    show(message, SystemClock(), console)


def write_mail(message: Message, clock: Clock, path: Path) -> None:
    """Write a message as a mail to look at: a web page, or where the file's name ends in .eml the mail itself."""
    from adapters.email.preview import write

    write(message, clock, path)


def dispatcher(library: Library, observer: "Observer | None" = None) -> "Dispatcher":
    """Every command, answering from a library; `observer` is told of each answer."""
    from bot.chat.dispatch import Dispatcher
    from bot.commands import registry

    return Dispatcher(registry, library, observer)


def console_chat(library: Library, console: "Console", *, person: str = "you", channel: str = "#general") -> "Chat":
    """The terminal as a chat."""
    from adapters.console.chat import Chat

    return Chat(dispatcher(library), Reactions(library.store), console, person=person, channel=channel, admins={person})


async def talk(chat: "Chat", library: Library, console: "Console", *, history: Path | None = None) -> None:
    """Hold a conversation with whoever is at the keyboard."""
    from adapters.console.chat import talk
    from adapters.console.keyboard import Keyboard
    from bot.chat.completion import complete
    from bot.commands import registry

    keyboard = Keyboard(registry, partial(complete, registry, library), history)
    await talk(chat, keyboard.read, console)


async def play(chat: "Chat", lines: Iterable[str], console: "Console") -> None:
    """Hold the conversation of a script."""
    from adapters.console.chat import play

    await play(chat, lines, console)


def discord_platform(settings: Settings, library: Library, observer: "Observer | None" = None) -> Platform:
    """Discord, answering from a library."""
    from adapters.discord import from_settings

    return from_settings(settings, dispatcher(library, observer), Reactions(library.store))


def discord_commands() -> list[dict[str, Any]]:
    """The commands as they are registered with Discord."""
    from adapters.discord.registration import command_payloads
    from bot.commands import registry

    return command_payloads(registry)


async def sync_discord(settings: Settings, guild: int | None) -> list[str]:
    """Register the commands with Discord, in one server or everywhere; returns their names. Raises UserError."""
    from adapters.discord.registration import sync_commands
    from bot.commands import registry

    return await sync_commands(registry, settings.discord_token.get_secret_value(), guild)


async def check_discord(settings: Settings) -> str:
    """How Discord is set up, with the link that invites the bot. Raises UserError when something is wrong."""
    token = settings.discord_token.get_secret_value()
    if not token:
        return "not set up (DISCORD_TOKEN is empty)"
    from adapters.discord.registration import check
    from bot.commands import registry

    return await check(registry, token, reading=settings.discord_linked_papers)


@asynccontextmanager
async def open_slack(
    settings: Settings, library: Library, observer: "Observer | None" = None
) -> AsyncIterator["Slack | None"]:
    """Slack, answering from a library: its platform and its routes for the web server; None when it is not set up.

    Raises UserError, naming the settings that are missing, and StoreError when a key does not fit.
    """
    from adapters.slack.transport import transport

    if not transport(settings):
        yield None
        return
    from adapters.slack.wiring import from_settings
    from storage.sql.tokens import Tokens

    keys = [key.get_secret_value() for key in settings.token_keys]
    async with Tokens(settings.database, keys) as tokens:
        if keys:
            await tokens.encrypt_anew()
        yield from_settings(settings, dispatcher(library, observer), Reactions(library.store), tokens)


def open_email(settings: Settings, library: Library) -> "Email | None":
    """E-mail, answering from a library; None when it is not set up. Raises UserError, naming what is missing."""
    if library.mail is None and not settings.smtp_host:
        return None
    from adapters.email.wiring import from_settings

    return from_settings(settings, library)


async def check_email(settings: Settings) -> str:
    """How e-mail is set up. Raises UserError when something is wrong."""
    if not settings.mail_from and not settings.smtp_host:
        return "not set up (PAPERBOY_MAIL_FROM is empty)"
    from adapters.email.health import check

    return await check(settings)


def open_metrics(settings: Settings, library: Library) -> "Metrics | None":
    """Figures for Prometheus; None when nobody is to read them."""
    secret = settings.metrics_secret.get_secret_value()
    if not secret:
        return None
    from adapters.metrics import Metrics

    return Metrics(library, secret)


@dataclass(frozen=True, slots=True)
class Connected:
    """The platforms that are set up, and the servers some of them need. `email` is among the platforms, too."""

    platforms: list[Platform]
    servers: list["Connection"]
    email: "Email | None" = None


@asynccontextmanager
async def open_platforms(settings: Settings, library: Library) -> AsyncIterator[Connected]:
    """Every platform that is set up: a new one is one more line here. Raises UserError and StoreError."""
    email, metrics = open_email(settings, library), open_metrics(settings, library)
    observer = metrics.answered if metrics else None
    connected = Connected([], [], email)
    routes = list(email.routes) if email else []
    if email:
        connected.platforms.append(email.platform)
    if settings.discord_token.get_secret_value():
        connected.platforms.append(discord_platform(settings, library, observer))
    async with open_slack(settings, library, observer) as slack:
        if slack:
            connected.platforms.append(slack.platform)
            routes += slack.routes
        if metrics:
            routes.append(metrics.route([each.name for each in connected.platforms]))
        if routes:
            from adapters.http import application, serve

            app = application(routes)
            connected.servers.append(partial(serve, app, settings.http_host, settings.http_port))
        yield connected


def slack_manifest(public_url: str) -> dict[str, Any]:
    """The manifest of the Slack app; for Socket Mode without a URL."""
    from adapters.slack.manifest import manifest
    from bot.commands import registry

    return manifest(registry, public_url=public_url)


async def check_slack(settings: Settings) -> str:
    """How Slack is set up. Raises UserError when something is wrong."""
    from adapters.slack.transport import transport

    if not transport(settings):
        return "not set up (SLACK_BOT_TOKEN or SLACK_SIGNING_SECRET and their companions are empty)"
    from adapters.slack.client import Api
    from adapters.slack.health import check

    return await check(settings, Api())
