"""Looking for a message that may have arrived."""

from datetime import UTC, datetime, timedelta

import discord
import pytest

from bot.domain.messages import Message
from bot.domain.people import Account, private_talk
from bot.errors import UnclearError
from tests.support.discord.posts import place
from tests.support.discord.world import World

HEADER = Message(title="Trending papers · Monday, 19 Jan 2026")

PAPER = Message(title="A paper")

SINCE = datetime(2020, 1, 1, tzinfo=UTC)


async def test_a_message_is_found_again_by_its_nonce(world: World) -> None:
    here = place(world, world.papers)
    names = [await world.platform.send(here, HEADER, nonce=f"n{n}") for n in range(3)]
    assert [await world.platform.recall(here, f"n{n}", SINCE) for n in range(3)] == names
    assert await world.platform.recall(here, "n9", SINCE) is None


async def test_a_message_in_a_forum_or_a_private_talk_is_found_again(world: World) -> None:
    made = world.guild.create_forum_channel("reading")
    forum = place(world, made)
    first = await world.platform.send(forum, HEADER, nonce="1")
    second = await world.platform.send(forum, PAPER, nonce="2", first=first)
    # Discord gives a post and its first message one id; the simulator gives them two.
    opened = str(made.threads[0].history()[0].id)
    assert [await world.platform.recall(forum, nonce, SINCE) for nonce in ("1", "2", "3")] == [opened, second, None]
    talk = private_talk(Account("discord", str(world.ben.id), "ben"))
    name = await world.platform.send(talk, HEADER, nonce="1")
    assert await world.platform.recall(talk, "1", SINCE) == name


async def test_where_the_history_may_not_be_read_one_cannot_look(world: World) -> None:
    channel = world.client.get_channel(world.papers.id)
    assert isinstance(channel, discord.TextChannel)
    everyone = channel.guild.default_role
    channel._overwrites = [discord.abc._Overwrites({"id": everyone.id, "type": 0, "allow": "0", "deny": str(1 << 16)})]
    with pytest.raises(UnclearError, match="not allowed to read"):
        await world.platform.recall(place(world, world.papers), "n", SINCE)


async def test_a_message_sent_in_the_future_is_not_looked_for_in_the_past(world: World) -> None:
    with pytest.raises(UnclearError, match="clock"):
        await world.platform.recall(place(world, world.papers), "n", datetime.now(UTC) + timedelta(hours=1))
