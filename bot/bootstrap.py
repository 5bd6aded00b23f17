"""The composition root: the only module of the core that knows adapters and storage, and puts everything together."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.chat.reactions import Reactions
from bot.config import Settings
from bot.domain.messages import Choice, Message, printable
from bot.domain.people import Account
from bot.errors import IndexDamagedError, UserError
from bot.library.app import App
from bot.library.following import Following
from bot.library.ingest import in_thread, require_same_papers, write_index
from bot.library.lookup import Lookup
from bot.ports import Clock, Encoder, FilePapers, PaperIndex, PaperSource, Services, Sleep, Store, TokenStore
from bot.runtime.clocks import SystemClock
from bot.runtime.limits import NO_LIMITS, Limits
from bot.runtime.private_files import keep_private
from bot.runtime.space import note_backup

if TYPE_CHECKING:
    from rich.console import Console

    from adapters.console.chat import Chat
    from adapters.email.wiring import Email
    from adapters.metrics import Metrics
    from bot.chat.dispatch import Dispatcher, Observer
    from bot.chat.platforms import FirstSteps, OpenPlatform
    from bot.chat.registry import Completion
    from bot.runtime.ticks import Connection
    from storage.sql.backup import Backup
    from storage.sql.store import SqlStore


_PRIVATE = ("paperboy.db", "paperboy.db-wal", "paperboy.db-shm", "chat_history", "index")
"""Of a data directory, what tells of people."""


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


async def sound_index(
    settings: Settings, store: Store, tell: Callable[[str], None], *, thorough: bool = False
) -> PaperIndex:
    """The index, made anew from the store where its files are not as they were written, which `tell` is told in a line.

    `thorough`: every byte is looked at. Raises IndexUnusableError when it cannot be used or made anew.
    """
    try:
        index = open_index(settings.index_dir, settings)
        if thorough:
            await asyncio.to_thread(index.check)
    except IndexDamagedError as error:
        tell(f"The index {error.reason}; it is rebuilt from the papers that are stored.")
        try:
            await rebuild_index(settings, store)
        except OSError as failure:
            raise error from failure
        return open_index(settings.index_dir, settings)
    return index


def _tell(line: str) -> None:
    """A line on standard error."""
    sys.stderr.write(f"{printable(line)}\n")


async def rebuild_index(settings: Settings, store: Store, indexed: Callable[[int], None] = lambda count: None) -> int:
    """Rebuild the index from the store; the old one answers until the new one is complete. Returns how many papers.

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
            keep_private(settings.data_dir / name for name in _PRIVATE)
        elif not (settings.data_dir / "paperboy.db").exists():
            raise UserError(
                f"No papers in {settings.data_dir} yet. Fetch today's with `paperboy sync`, "
                "or bring your own with `paperboy import FILE`."
            )
    async with await SqlStore.open(settings.database, migrate=create) as store:
        yield store


@asynccontextmanager
async def open_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    create: bool = False,
    thorough: bool = False,
    tell: Callable[[str], None] = _tell,
) -> AsyncIterator[App]:
    """Store, index and clock, together, and subscriptions where there is e-mail.

    An index that is damaged is made anew first, which `tell` is told; `thorough` looks at all of it.
    Raises UserError, StoreError and IndexUnusableError, which say what to do.
    """
    async with open_store(settings, create=create) as store:
        index = await sound_index(settings, store, tell, thorough=thorough)
        await require_same_papers(store, index)
        lookup, following = _lookup(settings, store, index), Following(settings)
        try:
            yield App.over(
                store,
                index,
                clock or SystemClock(),
                email=bool(settings.mail_from),
                lookup=lookup,
                following=following,
                data_dir=settings.data_dir,
            )
        finally:
            await lookup.close()


def _lookup(settings: Settings, store: Store, index: PaperIndex) -> Lookup:
    """What asks the services of the settings, by the machine's own clock: `--as-of` is about papers, not about them."""

    clock = SystemClock()

    def services() -> Services:
        from adapters.lookup import build_services

        return build_services(settings, clock, asyncio.sleep, store)

    searches = bool(settings.search_services)
    return Lookup(store, index, clock, services, patience=settings.lookup_seconds, searches=searches)


async def require_sound_database(settings: Settings) -> None:
    """Raises StoreError when an SQLite file is damaged; reads all of it."""
    from storage.sql.schema import require_sound

    await asyncio.to_thread(require_sound, settings.database)


async def schema_versions(settings: Settings) -> tuple[str | None, str]:
    """The version of the database's tables, None where there are none, and the newest. Raises StoreError."""
    from storage.sql.schema import known_versions, schema_version

    if not settings.database_url.get_secret_value() and not (settings.data_dir / "paperboy.db").exists():
        return None, known_versions()[-1]  # asking SQLite would make the file
    return await asyncio.to_thread(schema_version, settings.database), known_versions()[-1]


async def back_up(settings: Settings, file: Path) -> "Backup":
    """Write a backup of the database to a file. Raises UserError and StoreError."""
    from importlib.metadata import version

    from storage.sql.backup import back_up as written

    async with open_store(settings):  # An absent database is told, not made.
        made_with = version("paperboy-bot")
        names = tuple(sorted(settings.model_fields_set - {"data_dir"}))
        now = SystemClock().now()
        made = await asyncio.to_thread(written, settings.database, file, now=now, paperboy=made_with, settings=names)
    note_backup(settings.data_dir, file, now)
    return made


async def restore(settings: Settings, file: Path) -> tuple["Backup", int]:
    """Fill an empty data directory or PostgreSQL database from a backup. Raises StoreError.

    Returns what the backup says of itself, and how many posts may have been sent since: they are not sent again.
    """
    from storage.sql.backup import move_in_place, unpack
    from storage.sql.store import SqlStore

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    made, unpacked = await asyncio.to_thread(unpack, file, settings.database)
    async with await SqlStore.open(unpacked, migrate=True) as store:
        doubted = await _doubt_what_was_due(store, SystemClock().now())
    await asyncio.to_thread(move_in_place, settings.database)
    return made, doubted


async def _doubt_what_was_due(store: Store, now: datetime) -> int:
    """Take every post that was due since the backup as perhaps sent: nobody gets one twice. Returns how many."""
    while await store.claim_due(now=now, limit=1_000):
        pass
    return await store.doubt_open(now=now, error="restored from a backup; it may have been sent before")


async def migrate(settings: Settings) -> None:
    """Bring the database to the newest version; nothing happens when it is there already."""
    async with open_store(settings, create=True):
        pass


def source_names() -> list[str]:
    """The sources there are."""
    from adapters.sources import SOURCES

    return list(SOURCES)


def paper_sources(
    settings: Settings, names: Iterable[str], *, clock: Clock | None = None, sleep: Sleep = asyncio.sleep
) -> list[PaperSource]:
    """The network sources of these names, which wait by `sleep`. Raises UserError for a name nobody knows."""
    from adapters.sources import build_sources

    return build_sources(settings, clock or SystemClock(), names, sleep)


def share_pace(sources: Iterable[PaperSource], store: Store) -> None:
    """Let sources keep the pace of their services together with lookups and with other processes."""
    from adapters.sources import share_pace

    share_pace(sources, store)


def service_names(settings: Settings) -> tuple[list[str], list[str]]:
    """The services that are asked for single papers, and those that are searched. Raises UserError for an unknown one.

    Both are in the order in which they are asked.
    """
    from adapters.lookup import LOOKUPS, SEARCHES, require_known

    require_known(settings)
    lookups = [name for name in LOOKUPS if name in settings.lookup]
    return lookups, [name for name in SEARCHES if name in settings.search_services]


def file_source(path: Path) -> FilePapers:
    """A file of papers; its format is detected. Raises SourceError when it cannot be read."""
    from adapters.sources.files import FileSource

    return FileSource(path)


@contextmanager
def sample() -> Iterator[Path]:
    """The bundled sample as a file."""
    with as_file(files("bot") / "sample" / "papers.jsonl") as path:
        yield path


def platform_names() -> list[str]:
    """The platforms there are besides the terminal, set up or not."""
    from adapters.platforms import PLATFORMS

    return list(PLATFORMS)


def previews() -> Mapping[str, Callable[[Message, "Console"], None]]:
    """Platform -> what prints a message as it would look there. Raises UserError when called without its extra."""
    from adapters.console.render import show

    return {"console": show, **{name: partial(_preview, name) for name in platform_names()}}


def _preview(name: str, message: Message, console: "Console") -> None:
    from adapters.platforms import load_plugin, needing_extra

    with needing_extra(name):
        load_plugin(name).preview(message, console)


def first_steps(name: str) -> "FirstSteps":
    """What leads through the first set-up of a platform. Raises UserError without its extra."""
    from adapters.platforms import load_plugin, needing_extra
    from bot.commands import registry

    with needing_extra(name):
        return load_plugin(name).first_steps(registry)


async def check_platform(name: str, settings: Settings) -> str:
    """How a platform is set up. Raises UserError when something is wrong."""
    from adapters.platforms import load_plugin, needing_extra
    from bot.commands import registry

    with needing_extra(name):
        return await load_plugin(name).check(settings, registry)


def write_mail(message: Message, clock: Clock, path: Path) -> None:
    """Write a message as a mail to look at: a web page, or where the file's name ends in .eml the mail itself."""
    from adapters.platforms import needing_extra

    with needing_extra("email"):
        from adapters.email.preview import write
    write(message, clock, path)


def dispatcher(app: App, observer: "Observer | None" = None, limits: Limits = NO_LIMITS) -> "Dispatcher":
    """Every command, answering from an app; `observer` is told of each answer, costly ones count for `limits`."""
    from bot.chat.dispatch import Dispatcher
    from bot.commands import registry

    return Dispatcher(registry, app, observer, limits)


def console_chat(app: App, console: "Console", *, person: str = "you", channel: str = "#general") -> "Chat":
    """The terminal as a chat."""
    from adapters.console.chat import Chat

    reactions = Reactions(app.store, app.library.lookup)
    return Chat(app, dispatcher(app), reactions, console, person=person, channel=channel, admins={person})


async def talk(chat: "Chat", app: App, console: "Console", *, history: Path | None = None) -> None:
    """Hold a conversation with whoever is at the keyboard."""
    from adapters.console.chat import talk
    from adapters.console.keyboard import Keyboard
    from bot.chat.completion import complete
    from bot.commands import registry

    async def completed(kind: "Completion", typed: str, given: Mapping[str, str]) -> Sequence[Choice]:
        return await complete(registry, app, kind, typed, chat.asker(given))

    keyboard = Keyboard(registry, completed, history)
    await talk(chat, keyboard.read, console, forget=keyboard.forget)


async def play(chat: "Chat", lines: Iterable[str], console: "Console") -> None:
    """Hold the conversation of a script."""
    from adapters.console.chat import play

    await play(chat, lines, console)


async def serve_mcp(app: App, person: str, settings: Settings | None = None) -> None:
    """Serve the assistant of somebody in the terminal over standard input and output; given settings, over HTTP."""
    from adapters.platforms import needing_extra

    with needing_extra("mcp"):
        from adapters.mcp.server import mcp_server, serve_http, serve_stdio

    server = mcp_server(dispatcher(app), Account("console", person, person))
    if settings:
        token = settings.mcp_token.get_secret_value()
        await serve_http(server, token, settings.http_host, settings.http_port)
    else:
        await serve_stdio(server)


def discord_commands() -> list[dict[str, Any]]:
    """The commands as they are registered with Discord."""
    from adapters.platforms import needing_extra
    from bot.commands import registry

    with needing_extra("discord"):
        from adapters.discord.registration import command_payloads

    return command_payloads(registry)


async def sync_discord(settings: Settings, guild: int | None) -> list[str]:
    """Register the commands with Discord, in one server or everywhere; returns their names. Raises UserError."""
    from adapters.platforms import needing_extra
    from bot.commands import registry

    with needing_extra("discord"):
        from adapters.discord.registration import sync_commands

    token = settings.discord_token.get_secret_value()
    return await sync_commands(registry, token, guild, url=settings.discord_api_url)


@asynccontextmanager
async def open_tokens(settings: Settings) -> AsyncIterator[TokenStore]:
    """The tokens that workspaces gave, encrypted with the newest key. Raises StoreError when a key does not fit."""
    from storage.sql.tokens import Tokens

    keys = [key.get_secret_value() for key in settings.token_keys]
    async with Tokens(settings.database, keys) as tokens:
        if keys:
            await tokens.encrypt_anew()
        yield tokens


def open_email(settings: Settings, app: App) -> "Email":
    """E-mail, answering from an app. Raises UserError, naming what is missing."""
    from adapters.platforms import load_plugin, needing_extra

    load_plugin("email").is_set_up(settings)
    with needing_extra("email"):
        from adapters.email.wiring import from_settings
    return from_settings(settings, app)


def open_metrics(settings: Settings, app: App) -> "Metrics | None":
    """Figures for Prometheus; None when nobody is to read them."""
    secret = settings.metrics_secret.get_secret_value()
    if not secret:
        return None
    from adapters.metrics import Metrics

    return Metrics(app, secret, settings.data_dir)


@dataclass(frozen=True, slots=True)
class Connected:
    """The platforms that are set up, by name, and the web server, where there is anything to serve."""

    platforms: Mapping[str, "OpenPlatform"]
    server: "Connection | None" = None


@asynccontextmanager
async def open_platforms(settings: Settings, app: App) -> AsyncIterator[Connected]:
    """Every platform that is set up. Raises UserError and StoreError."""
    from adapters.platforms import load_plugin, needing_extra
    from bot.chat.platforms import Host, OpenPlatform

    metrics = open_metrics(settings, app)
    limits = Limits(settings.limit_person, settings.limit_workspace)
    answers = dispatcher(app, metrics.answered if metrics else None, limits)
    reactions = Reactions(app.store, app.library.lookup, limits)
    host = Host(settings, app, answers, reactions, partial(open_tokens, settings))
    opened: dict[str, OpenPlatform] = {}
    async with AsyncExitStack() as stack:
        for name in platform_names():
            plugin = load_plugin(name)
            if plugin.is_set_up(settings):
                with needing_extra(name):
                    opened[name] = await stack.enter_async_context(plugin.open_platform(host))
        routes = [route for each in opened.values() for route in each.routes]
        if metrics:
            from adapters.status.page import StatusPage

            routes += [
                metrics.route({name: each.connected for name, each in opened.items()}),
                StatusPage(app, settings.metrics_secret.get_secret_value()).route(),
            ]
        yield Connected(opened, _server(settings, routes) if routes else None)


def _server(settings: Settings, routes: Sequence[Any]) -> "Connection":
    from adapters.http import application, serve

    return partial(serve, application(routes), settings.http_host, settings.http_port)


def slack_manifest(public_url: str, *, links: bool) -> dict[str, Any]:
    """The manifest of the Slack app; for Socket Mode without a URL, and with `links` for watching links."""
    from adapters.platforms import needing_extra
    from bot.commands import registry

    with needing_extra("slack"):
        from adapters.slack.manifest import manifest

    return manifest(registry, public_url=public_url, links=links)
