"""A lab on Discord and Slack at once, with one bot that can be stopped and started again."""

import io
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import simcord
from aiohttp.test_utils import TestClient, TestServer
from mcp import Client as Assistant
from rich.console import Console
from sqlalchemy import func, select

from adapters.console.chat import Chat, play
from adapters.discord.client import Client
from adapters.discord.errors import InvalidRequests
from adapters.discord.platform import DiscordPlatform
from adapters.feeds.page import FeedPages
from adapters.http import application
from adapters.mcp.server import mcp_server
from adapters.sources.uploads import read_upload
from bot.chat.dispatch import Dispatcher
from bot.chat.reactions import Reactions
from bot.commands import registry
from bot.delivery.clubs import ClubKeeper
from bot.delivery.composer import PostComposer
from bot.delivery.deliverer import Deliverer
from bot.domain.people import Account
from bot.engine.encoder import StaticEncoder
from bot.library.app import App
from bot.ports import Platform
from storage.index.disk_index import DiskIndex
from storage.sql.store import SqlStore
from storage.sql.tables.every import metadata
from storage.sql.tokens import Tokens
from tests.conftest import TickingClock
from tests.support.semester.discord_side import DiscordSide
from tests.support.semester.slack_side import SlackSide
from tests.support.slack.fake_slack import FakeSlack
from tests.support.slack.harness import OverHttp, http_settings, slack
from tests.support.slack.world import INSTALLED, KEY, install
from tests.support.waits import Waits

BASE = "https://papers.example.org"
ADMIN = "ana"
ON_DISCORD = ["ana", "ben", "chloe", "dan", "eve", "finn"]
IN_SLACK = ["ana", "ben", "chloe", "dan", "gita", "hugo"]

_STEP = timedelta(days=1)
"""How often the bot looks what is due while nothing happens."""


@dataclass
class Bot:
    """Paperboy as one process, from its start to its stop."""

    app: App
    browser: TestClient[Any, Any]
    keeper: ClubKeeper
    deliverer: Deliverer
    resources: AsyncExitStack

    async def tick(self) -> None:
        """Do what is due: open and count votes, then post."""
        await self.keeper.tick()
        await self.deliverer.tick()


@dataclass
class Lab:
    """The lab; `files` is where its people keep theirs."""

    env: simcord.env.Env
    fake: FakeSlack
    folder: Path
    encoder: StaticEncoder
    files: Path
    clock: TickingClock
    discord: DiscordSide = field(init=False)
    slack: SlackSide = field(init=False)
    bot: Bot = field(init=False)

    def __post_init__(self) -> None:
        self.discord = DiscordSide(self.env, ON_DISCORD, ADMIN)
        self.slack = SlackSide(self.fake, IN_SLACK)
        self.fake.admins = {f"U{ADMIN.upper()}"}
        self.fake.oauth["code-1"] = {**INSTALLED, "authed_user": {"id": f"U{ADMIN.upper()}"}}
        self.fake.seconds = lambda: self.clock.moment.timestamp()  # noqa: PLW0108  (the moment is another each time)

    async def start(self) -> None:
        """Start the bot on what is in the folder."""
        resources = AsyncExitStack()
        database = f"sqlite:///{self.folder / 'paperboy.db'}"
        store = await resources.enter_async_context(await SqlStore.open(database))
        tokens = await resources.enter_async_context(Tokens(database, [KEY]))
        index = DiskIndex.open(self.folder / "index", self.encoder)
        app = App.over(store, index, self.clock, read_file=read_upload, public_url=BASE)
        client = new_client(app)
        made = slack(http_settings(self.fake, KEY), app, tokens, Waits())
        await self.discord.restart(client)
        platforms: list[Platform] = [
            DiscordPlatform(client, "token", InvalidRequests(self.clock), Waits()),
            made.platform,
        ]
        routes = [*made.routes, *FeedPages(app, Waits()).routes()]
        browser: Any = await resources.enter_async_context(TestClient(TestServer(application(routes))))
        self.slack.connect(OverHttp(browser))
        keeper = ClubKeeper(store, platforms, self.clock)
        self.bot = Bot(app, browser, keeper, Deliverer(store, PostComposer(app), platforms, self.clock), resources)

    async def stop(self) -> None:
        """Stop the bot."""
        await self.bot.resources.aclose()

    async def install(self) -> None:
        """Install it in the workspace."""
        await install(self.bot.browser)

    async def be(self, moment: datetime) -> None:
        """Let it become some moment; the bot looks every day what is due, and then."""
        while self.clock.moment < moment:
            self.clock.moment = min(self.clock.moment + _STEP, moment)
            await self.discord.go_on(self.clock.moment.timestamp() - self.discord.seconds)
            await self.bot.tick()

    async def terminal(self, person: str, line: str) -> list[str]:
        """What a terminal shows when somebody types a line there."""
        screen = io.StringIO()
        console = Console(file=screen, width=100, color_system=None, legacy_windows=False)
        app = self.bot.app
        chat = Chat(app, Dispatcher(registry, app), Reactions(app.store), console)
        await play(chat, [f"/as {person}"], console)
        before = len(screen.getvalue())
        await play(chat, [line], console)
        return screen.getvalue()[before:].strip().splitlines()[1:]

    async def assistant(self, person: str, tool: str, **options: Any) -> list[str]:
        """The papers that the assistant of somebody gets of a tool, by id and title."""
        dispatcher = Dispatcher(registry, self.bot.app)
        async with Assistant(mcp_server(dispatcher, Account("console", person, person))) as client:
            result = await client.call_tool(tool, options)
        assert not result.is_error, result.content
        papers = (result.structured_content or {}).get("papers", [])
        return [f"{paper['id']} {paper['title']}" for paper in papers]

    def handed(self, name: str) -> bytes:
        """The newest file of a name that the bot handed over."""
        return {**self.slack.handed(), **self.discord.handed()}[name]

    async def fetch(self, path: str) -> tuple[int, bytes]:
        """What a feed reader gets."""
        async with self.bot.browser.get(path) as answer:
            return answer.status, await answer.read()

    async def kept(self) -> dict[str, int]:
        """How many rows each table has."""
        store = self.bot.app.store
        assert isinstance(store, SqlStore)
        async with store.reading() as connection:
            counts = {
                t.name: await connection.scalar(select(func.count()).select_from(t)) for t in metadata.sorted_tables
            }
        return {name: count for name, count in counts.items() if count}


def new_client(app: App) -> Client:
    """A bot on Discord that may read what people write."""
    reactions = Reactions(app.store, app.library.lookup)
    return Client(app, Dispatcher(registry, app), reactions, reading=True, shard_count=1)
