"""Two processes share a Discord and a store: each posts to the servers of its own shard, and to no other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from structlog.testing import capture_logs
from yarl import URL

from adapters.discord.places import BETWEEN_PEOPLE
from adapters.discord.platform import DiscordPlatform
from bot.delivery.deliverer import Deliverer
from bot.domain.deliveries import Status
from bot.domain.destinations import Destination
from bot.domain.people import Account, Place, private_talk
from bot.library.app import App
from tests.support.delivery_world import FakeComposer
from tests.support.discord.fake_discord import FakeDiscord
from tests.support.discord.fake_shards import guild_on, sharded_discord
from tests.support.discord.wire import eventually, new_platform

CHANNELS = 6
NOW = datetime(2026, 1, 19, 23, tzinfo=UTC)


@pytest.fixture
async def fake(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    discord_ = sharded_discord(2, CHANNELS)
    async with discord_.running():
        monkeypatch.setattr(Route, "BASE", discord_.url)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", URL(discord_.gateway.url))
        yield discord_
    assert discord_.violations == []


@asynccontextmanager
async def process(fake: FakeDiscord, app: App, shards: str) -> AsyncIterator[DiscordPlatform]:
    """One process with its part of the shards, connected and ready."""
    platform = new_platform(app, discord_shards=shards)
    holders: Any = fake.gateway
    before = len(holders.holders)
    running = asyncio.create_task(platform.run())
    await fake.until(lambda: len(holders.holders) > before)
    await platform.client.wait_until_ready()
    try:
        yield platform
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def _due(app: App) -> list[Destination]:
    places = [Place("discord", guild_on(number % 2), str(1000 + number)) for number in range(CHANNELS)]
    places.append(private_talk(Account("discord", "42", "ana")))
    destinations = [Destination(place=place, at=time(9)) for place in places]
    for destination in destinations:
        await app.store.save_destination(destination, now=NOW - timedelta(days=1))
    return destinations


def _deliverer(app: App, platform: DiscordPlatform) -> Deliverer:
    return Deliverer(app.store, FakeComposer(2), [platform], app.clock)


async def test_each_process_posts_to_the_servers_of_its_shard(fake: FakeDiscord, app: App) -> None:
    destinations = await _due(app)
    even, odd = [str(1000 + n) for n in range(0, CHANNELS, 2)], [str(1000 + n) for n in range(1, CHANNELS, 2)]
    async with process(fake, app, "1/2") as second:
        assert [second.reaches(each.place) for each in destinations] == [False, True] * 3 + [False]
        assert await _deliverer(app, second).tick() == len(odd)
        assert [len(fake.shown(channel)) for channel in odd] == [2] * len(odd)
        assert [fake.shown(channel) for channel in even] == [[]] * len(even)
        async with process(fake, app, "0/2") as first:
            assert [first.reaches(each.place) for each in destinations] == [True, False] * 3 + [True]
            await asyncio.gather(_deliverer(app, first).tick(), _deliverer(app, second).tick())
    assert [len(fake.shown(str(1000 + n))) for n in range(CHANNELS)] == [2] * CHANNELS
    assert len(fake.shown("942")) == 2
    told = await app.store.upcoming()
    assert {delivery.status for each in told for delivery in each.deliveries} == {Status.SENT}


async def test_a_process_that_is_not_connected_leaves_the_posts_to_others(fake: FakeDiscord, app: App) -> None:
    await _due(app)
    platform = new_platform(app, discord_shards="0/2")
    assert await _deliverer(app, platform).tick() == 0
    told = await app.store.upcoming()
    assert {delivery.status for each in told for delivery in each.deliveries} == {Status.CLAIMED}


async def test_servers_that_removed_the_bot_meanwhile_are_forgotten_by_the_process_of_their_shard(
    fake: FakeDiscord, app: App
) -> None:
    kept, gone, elsewhere = guild_on(0), str(6 << 22), str(7 << 22)
    for guild in (kept, gone, elsewhere, BETWEEN_PEOPLE):
        await app.store.watch(f"discord:{guild}:1", on=True)
        await app.store.save_destination(Destination(place=Place("discord", guild, "2")), now=NOW)
    talk = Destination(place=private_talk(Account("discord", "42", "ana")))
    await app.store.save_destination(talk, now=NOW)
    async with process(fake, app, "0/2"):
        await eventually(lambda: _knows(app, {kept, elsewhere, BETWEEN_PEOPLE}))
    async with process(fake, app, "1/2"):
        await eventually(lambda: _knows(app, {kept, BETWEEN_PEOPLE}))
    assert await app.store.is_watched(f"discord:{kept}:1")
    assert await app.store.destination(talk.place.key)


async def test_another_bot_on_the_same_data_forgets_no_server_and_says_so(fake: FakeDiscord, app: App) -> None:
    absent = str(6 << 22)
    await app.store.watch(f"discord:{absent}:1", on=True)
    assert await app.store.is_kept_for("discord", "4711"), "the bot that connected first"
    with capture_logs() as logged:
        async with process(fake, app, "0/2"):
            await eventually(lambda: _told(logged, "this data folder is another bot's"))
    assert await app.store.is_watched(f"discord:{absent}:1")


async def _told(logged: list[Any], words: str) -> bool:
    return any(words in entry["event"] for entry in logged)


async def test_a_server_with_an_outage_is_not_forgotten(fake: FakeDiscord, app: App) -> None:
    holders: Any = fake.gateway
    down, gone = guild_on(0), str(6 << 22)
    holders.unavailable = {down}
    for guild in (down, gone):
        await app.store.watch(f"discord:{guild}:1", on=True)
    async with process(fake, app, "0/2"):
        await eventually(lambda: _knows(app, {down}))
    assert await app.store.is_watched(f"discord:{down}:1")


async def _knows(app: App, servers: set[str]) -> bool:
    return await app.store.workspaces("discord") == servers
