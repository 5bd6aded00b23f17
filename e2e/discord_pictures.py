"""Takes the pictures of Discord for README: simcord shows what the bot says, a browser photographs it.

    python -m e2e.discord_pictures docs/images

Papers are those of the bundled sample, at the moment it ends. Needs chromium.
"""

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

import discord
from PIL import Image
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle
from simcord.env import Env

from adapters.discord.client import Client
from adapters.discord.errors import InvalidRequests
from adapters.discord.places import place_of
from adapters.discord.platform import DiscordPlatform
from bot import bootstrap
from bot.chat.reactions import Reactions
from bot.config import Settings
from bot.delivery.composer import PostComposer
from bot.delivery.deliverer import Deliverer
from bot.domain.destinations import Destination
from bot.library.app import App
from bot.library.ingest import read_source, update_index
from bot.runtime.clocks import RunningClock
from e2e.browser import Page, browser
from tests.support.discord.world import answered

EVENING = datetime(2026, 1, 19, 22, 59, 30, tzinfo=UTC)
WIDTH, HEIGHT = 760, 1600

_BARE = "document.querySelector('#toolbar').remove()"
_MESSAGES = """(() => {
    const header = document.querySelector('.channel-header').getBoundingClientRect()
    const list = document.querySelector('#channel-message-list').getBoundingClientRect()
    return {x: header.left, y: header.top, width: header.width, height: list.bottom - header.top + 8}
})()"""


@dataclass(frozen=True, slots=True)
class Scene:
    """A server in which ana, who manages it, and ben talk to the bot."""

    env: Env
    platform: DiscordPlatform
    app: App
    guild: GuildHandle
    ana: MemberActor
    ben: MemberActor

    def channel(self, name: str) -> ChannelHandle:
        return self.guild.create_text_channel(name)


async def digest(scene: Scene) -> ChannelHandle:
    """The daily post: a message for each paper, and what people think of them."""
    channel = scene.channel("papers")
    found = scene.platform.client.get_channel(channel.id)
    assert isinstance(found, discord.TextChannel)
    await scene.app.store.save_destination(
        Destination(place=place_of(found), at=time(23), count=3), now=scene.app.clock.now()
    )
    await scene.env.advance_time(31)
    later = RunningClock(datetime(2026, 1, 19, 23, 0, 1, tzinfo=UTC))
    await Deliverer(scene.app.store, PostComposer(scene.app), [scene.platform], later).tick()
    for message, emoji in zip(channel.history()[1:], ("🔖", "👍", "🔖"), strict=True):
        await scene.ana.react(message, emoji)
        await scene.ben.react(message, "🔖")
    return channel


async def compact(scene: Scene) -> ChannelHandle:
    """The daily post in one message."""
    channel = scene.channel("news")
    found = scene.platform.client.get_channel(channel.id)
    assert isinstance(found, discord.TextChannel)
    settings = Destination(place=place_of(found), at=time(23), count=5)
    await scene.app.store.save_destination(settings, now=scene.app.clock.now())
    later = RunningClock(datetime(2026, 1, 19, 23, 0, 1, tzinfo=UTC))
    await Deliverer(scene.app.store, PostComposer(scene.app), [scene.platform], later).tick()
    return channel


async def search(scene: Scene) -> ChannelHandle:
    """A search, as everybody in the channel sees it."""
    channel = scene.channel("robots")
    await scene.ana.slash(channel, "papers search", query="robot manipulation video after:2026-01")
    return channel


async def setup(scene: Scene) -> ChannelHandle:
    """Setting a channel's daily post up."""
    channel = scene.channel("reading-group")
    panel = answered(await scene.ana.slash(channel, "papers-admin digest on"))
    for what, value in (("layout", "threads"), ("days", "weekdays")):
        await scene.ana.select(panel, [value], custom_id=f"setup:{channel.id}:{what}")
    form = await scene.ana.click(panel, custom_id=f"setup:{channel.id}:form")
    topics = "robot learning\nvision-language-action models\n-crypto"
    await scene.ana.submit_modal(form, {"time": "09:00", "timezone": "Europe/Berlin", "topics": topics})
    await scene.ana.click(panel, custom_id=f"setup:{channel.id}:start")
    return channel


async def saved(scene: Scene) -> ChannelHandle:
    """A person's list."""
    channel = scene.channel("general")
    for paper in await scene.app.library.search("robot", 3):
        await scene.ana.slash(scene.channel("elsewhere"), "papers save", paper=paper.stored.paper.id)
    await scene.ana.slash(channel, "papers saved")
    return channel


PICTURES: dict[str, Callable[[Scene], Awaitable[ChannelHandle]]] = {
    "digest": digest,
    "compact": compact,
    "search": search,
    "setup": setup,
    "saved": saved,
}


async def main(folder: Path) -> None:
    """Take every picture."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:  # the browser may still write
        async with (
            browser(Path(made)) as page,
            sample_library(Path(made) / "data") as app,
            _scene(app) as scene,
        ):
            for name, play in PICTURES.items():
                await _take(scene, await play(scene), page, folder / f"discord-{name}.png")


async def _take(scene: Scene, channel: ChannelHandle, page: Page, path: Path) -> None:
    async with scene.env.preview(
        channel,
        viewers=[scene.ana],
        layout="channel",
        width=WIDTH,
        height=HEIGHT,
        timezone="Europe/Berlin",
        presentation_time=scene.env.now(),
    ) as preview:
        await page.open(preview.url)
        await page.until("window.simcordPreview && window.simcordPreview.ready === true")
        await page.run(_BARE)
        await page.screenshot(path, width=WIDTH, height=HEIGHT, clip=_MESSAGES)
    Image.open(path).quantize(256).save(path, optimize=True)


@asynccontextmanager
async def sample_library(folder: Path) -> AsyncIterator[App]:
    """The bundled sample, on the evening it ends."""
    settings = Settings(_env_file=None, data_dir=folder)
    async with bootstrap.open_app(settings, clock=RunningClock(EVENING), create=True) as app:
        with bootstrap.sample() as path:
            await read_source(bootstrap.file_source(path), app.store, app.clock)
        await update_index(app.store, app.index)
        yield app


@asynccontextmanager
async def _scene(app: App) -> AsyncIterator[Scene]:
    client = Client(app, bootstrap.dispatcher(app), Reactions(app.store), shard_count=1)
    env = Env(client, settle_timeout=60)
    env.backend.bot_user.name = "Paperboy"
    await env.start()
    try:
        await env.advance_time((EVENING - env.now()).total_seconds())
        guild = env.create_guild(name="A lab")
        await client.tree.sync()
        admins = guild.create_role("Admins", permissions=discord.Permissions(manage_guild=True))
        ana = guild.add_member(env.create_user("ana"), roles=[admins])
        ben = guild.add_member(env.create_user("ben"))
        platform = DiscordPlatform(client, "token", InvalidRequests(app.clock))
        yield Scene(env, platform, app, guild, ana, ben)
    finally:
        await env.shutdown()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("folder", type=Path)
    asyncio.run(main(arguments.parse_args().folder))
