"""A simulated Discord server with the real client in it, answering from the bundled sample."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import discord
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from simcord import InteractionResult, ResponseMessage
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle
from simcord.env import Env
from yarl import URL

from adapters.discord.client import Client
from adapters.discord.command_names import ADMIN
from adapters.discord.errors import InvalidRequests
from adapters.discord.platform import DiscordPlatform
from bot.chat.dispatch import Dispatcher
from bot.chat.reactions import Reactions
from bot.commands import registry
from bot.domain.people import Account
from bot.library.app import App
from tests.support.discord.fake_discord import FakeDiscord
from tests.support.discord.limits import BUTTON, check_request, walk
from tests.support.discord.wire import small_discord
from tests.support.waits import Waits


def pytest_itemcollected(item: pytest.Item) -> None:
    """The simulator gives up on a bot after five seconds; a disk that others write to can take longer for a commit."""
    item.add_marker(pytest.mark.simcord(settle_timeout=60))


def new_client(app: App) -> Client:
    return Client(app, Dispatcher(registry, app), Reactions(app.store, app.library.lookup), shard_count=1)


def answered(result: InteractionResult) -> ResponseMessage:
    """The answer to what somebody did, of which there must be one."""
    assert result.response, "nothing was answered"
    return result.response


def newest(channel: ChannelHandle) -> discord.Message:
    """The last message of a channel, which must have one."""
    assert channel.last_message, "nothing was said there"
    return channel.last_message


@pytest.fixture
def simcord_bot(app: App) -> Client:
    return new_client(app)


@dataclass(frozen=True, slots=True)
class World:
    """A server with a channel, an admin (ana) and a member (ben)."""

    env: Env
    client: Client
    app: App
    platform: DiscordPlatform
    waits: Waits
    guild: GuildHandle
    papers: ChannelHandle
    ana: MemberActor
    ben: MemberActor

    async def papers_about(self, words: str) -> list[str]:
        return [found.stored.paper.id for found in await self.app.library.search(words, 5)]

    async def allow_admin_commands(self, member: MemberActor) -> None:
        """Let somebody who may not manage the server use `/papers-admin`, as its admins can."""
        command = next(each for each in await self.client.tree.fetch_commands() if each.name == ADMIN)
        self.guild.set_command_permissions(command, {member: True})

    async def feedback_of(self, member: MemberActor) -> list[tuple[str, str]]:
        """What somebody thinks of papers, as (paper, kind)."""
        person = await self.app.store.person(Account("discord", str(member.id)))
        return sorted((entry.paper_id, entry.kind.value) for entry in await self.app.store.feedback_of(person))


@pytest.fixture
async def world(simcord_env: Env, simcord_bot: Client, app: App) -> AsyncIterator[World]:
    """The server; in the end every request the bot sent is checked against Discord's limits."""
    guild = simcord_env.create_guild()
    papers = guild.create_text_channel("papers")
    admins = guild.create_role("Admins", permissions=discord.Permissions(manage_guild=True))
    await simcord_bot.tree.sync()
    waits = Waits()
    invalid = InvalidRequests(app.clock)
    platform = DiscordPlatform(simcord_bot, "token", invalid, waits)
    ana = guild.add_member(simcord_env.create_user("ana"), roles=[admins])
    ben = guild.add_member(simcord_env.create_user("ben"))
    yield World(simcord_env, simcord_bot, app, platform, waits, guild, papers, ana, ben)
    for request in simcord_env.http_requests:
        check_request(request.method, request.path, request.json)


@pytest.fixture
async def fake(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    """The small Discord; in the end no request may have broken a limit."""
    made = small_discord()
    async with made.running():
        monkeypatch.setattr(Route, "BASE", made.url)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", URL(made.gateway.url))
        yield made
    assert made.violations == []


def texts(message: Any) -> str:
    """All the text a message shows, whatever its components."""
    components = [c if isinstance(c, dict) else c.to_dict() for c in message.components]
    return "\n".join(part["content"] for part in walk(components) if "content" in part)


def labels(message: Any) -> list[str]:
    """The labels of a message's buttons."""
    components = [c if isinstance(c, dict) else c.to_dict() for c in message.components]
    return [part.get("label", "") for part in walk(components) if part["type"] == BUTTON]


def texts_of(message: Any) -> str:
    """All the text a raw message shows; empty where there is none."""
    components = (message or {}).get("components", [])
    return "\n".join(part["content"] for part in walk(components) if "content" in part)
