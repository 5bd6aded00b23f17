"""The bot on the wire: the real discord.py, connected to the small Discord."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from adapters.discord.platform import DiscordPlatform, from_settings
from bot.chat.dispatch import Dispatcher
from bot.chat.reactions import Reactions
from bot.commands import registry
from bot.config import Settings
from bot.domain.people import Account, Place
from bot.library.app import App
from tests.support.discord.fake_discord import BOT, FakeDiscord, user
from tests.support.discord.fake_gateway import PATIENCE
from tests.support.discord.fake_people import GUILD, NEWS, Person, channel, forum, guild
from tests.support.waits import Waits

PAPERS, ANNOUNCED, READING = "11", "12", "13"
HERE = Place("discord", GUILD, PAPERS, "#papers")


def small_discord() -> FakeDiscord:
    """A server with a text channel, an announcement channel and a forum."""
    made = FakeDiscord()
    made.channels = {
        PAPERS: channel(PAPERS, "papers"),
        ANNOUNCED: channel(ANNOUNCED, "news", NEWS),
        READING: forum(READING, "reading", "Fun", "Papers"),
    }
    me = {"user": user(BOT, "paperboy", bot=True), "application": {"id": BOT, "flags": 0}}
    places = [each for each in made.channels.values() if each["id"] in {PAPERS, ANNOUNCED, READING}]
    made.gateway.ready = lambda: (
        {**me, "guilds": [{"id": GUILD, "unavailable": True}]},
        [{**guild(places), "threads": made.threads(PAPERS) + made.threads(ANNOUNCED) + made.threads(READING)}],
    )
    return made


def new_platform(app: App, **settings: Any) -> DiscordPlatform:
    """The platform as the settings make it; its pace takes no time."""
    loaded = Settings(_env_file=None, DISCORD_TOKEN="a.token.here", **settings)
    dispatcher, reactions, waits = Dispatcher(registry, app), Reactions(app.store, app.library.lookup), Waits()
    return from_settings(loaded, app, dispatcher, reactions, waits)


@asynccontextmanager
async def connected(fake: FakeDiscord, app: App, **settings: Any) -> AsyncIterator[DiscordPlatform]:
    """The platform, connected and ready, as the settings make it."""
    platform = new_platform(app, **settings)
    async with running(fake, platform):
        yield platform


@asynccontextmanager
async def running(fake: FakeDiscord, platform: DiscordPlatform) -> AsyncIterator[None]:
    """A platform, connected and ready."""
    task = asyncio.create_task(platform.run())
    await fake.until(lambda: fake.gateway.connected)
    await platform.client.wait_until_ready()
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def judged(app: App, person: Person) -> list[tuple[str, str]]:
    """What somebody thinks of papers, as (paper, kind), sorted."""
    known = await app.store.person(Account("discord", person.id))
    return sorted((entry.paper_id, entry.kind.value) for entry in await app.store.feedback_of(known))


async def eventually(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait for the store to say something; it tells nobody when it changes, so it is asked again and again."""
    async with asyncio.timeout(PATIENCE):
        while not await true():  # noqa: ASYNC110
            await asyncio.sleep(0)
