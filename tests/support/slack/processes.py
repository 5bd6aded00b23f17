"""Paperboy as processes that share a database, as they come and go; and a Slack that says everything three times."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from aiohttp.test_utils import TestClient, TestServer

from adapters.http import application
from adapters.slack.platform import SlackPlatform
from bot.delivery.composer import PostComposer
from bot.delivery.deliverer import Deliverer
from bot.library.app import App
from bot.ports import Clock, PaperIndex
from storage.sql.store import SqlStore
from storage.sql.tokens import Tokens
from tests.support.slack.fake_slack import FakeSlack
from tests.support.slack.harness import (
    Browser,
    OverHttp,
    OverSocket,
    Transport,
    http_settings,
    settled,
    slack,
    socket_settings,
)
from tests.support.waits import Waits


@dataclass(frozen=True)
class World:
    """What outlives every process: Slack, the time, the data folder, and the operator's settings."""

    fake: FakeSlack
    clock: Clock
    index: PaperIndex
    folder: Path
    transport: str
    key: str

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder / 'paperboy.db'}"


class Process:
    """One process of Paperboy: connections of its own to the database and to Slack."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._open = AsyncExitStack()
        self.transport: Transport
        self.platform: SlackPlatform
        self.deliverer: Deliverer
        self.browser: Browser | None = None

    async def __aenter__(self) -> Self:
        world = self._world
        store = await self._open.enter_async_context(await SqlStore.open(world.database))
        tokens = await self._open.enter_async_context(Tokens(world.database, [world.key]))
        app = App.over(store, world.index, world.clock)
        over_http = world.transport == "http"
        settings = http_settings(world.fake, world.key) if over_http else socket_settings(world.fake)
        made = slack(settings, app, tokens, Waits())
        self.platform = made.platform
        self.deliverer = Deliverer(store, PostComposer(app, timedelta(days=365)), [made.platform], world.clock)
        if over_http:
            browser: Browser = TestClient(TestServer(application(made.routes)))
            self.browser = await self._open.enter_async_context(browser)
            self.transport = OverHttp(browser)
            return self
        self.transport = OverSocket(world.fake, world.fake.connections)
        await self._open.enter_async_context(connected(made.platform, world.fake))
        return self

    async def __aexit__(self, *_: object) -> None:
        await settled()
        await self._open.aclose()


@asynccontextmanager
async def connected(platform: SlackPlatform, fake: FakeSlack) -> AsyncIterator[None]:
    """Have a platform connected by Socket Mode."""
    before = fake.connections
    running = asyncio.create_task(platform.run())
    await fake.until(lambda: fake.connections > before)
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


class Impatient:
    """Delivers everything three times, to two processes, two of them at once; answers what the first acknowledged."""

    def __init__(self, one: Process, other: Process) -> None:
        self._one = one
        self._other = other

    async def send(self, kind: str, payload: Mapping[str, Any]) -> Any:
        both = (self._one.transport.send(kind, payload), self._other.transport.send(kind, payload))
        acknowledged, _ = await asyncio.gather(*both)
        await self._one.transport.send(kind, payload)
        return acknowledged
