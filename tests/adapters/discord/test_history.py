"""Looking for a message that may have arrived."""

from datetime import UTC, datetime, timedelta

import discord
import pytest

from bot.domain.messages import Message
from bot.domain.people import Account, private_talk
from bot.errors import RefusedError, UnclearError
from tests.support.discord.posts import place
from tests.support.discord.world import World

HEADER = Message(title="Trending papers · Monday, 19 Jan 2026")

PAPER = Message(title="A paper")

SINCE = datetime(2020, 1, 1, tzinfo=UTC)


async def test_a_message_is_found_again_by_its_nonce(world: World) -> None:
    here = place(world, world.papers)
    names = [await world.platform.send(here, HEADER, nonce=f"n{n}") for n in range(3)]
    assert [await world.platform.recall(here, f"n{n}", SINCE, message=Message()) for n in range(3)] == names
    assert await world.platform.recall(here, "n9", SINCE, message=Message()) is None


async def test_a_message_in_a_forum_or_a_private_talk_is_found_again(world: World) -> None:
    made = world.guild.create_forum_channel("reading")
    forum = place(world, made)
    first = await world.platform.send(forum, HEADER, nonce="1")
    second = await world.platform.send(forum, PAPER, nonce="2", first=first)
    # Discord gives a post and its first message one id; the simulator gives them two.
    opened = str(made.threads[0].history()[0].id)
    assert [await world.platform.recall(forum, nonce, SINCE, message=Message()) for nonce in ("1", "2", "3")] == [
        opened,
        second,
        None,
    ]
    talk = private_talk(Account("discord", str(world.ben.id), "ben"))
    name = await world.platform.send(talk, HEADER, nonce="1")
    assert await world.platform.recall(talk, "1", SINCE, message=Message()) == name


async def test_where_the_history_may_not_be_read_one_cannot_look(world: World) -> None:
    channel = world.client.get_channel(world.papers.id)
    assert isinstance(channel, discord.TextChannel)
    everyone = channel.guild.default_role
    channel._overwrites = [discord.abc._Overwrites({"id": everyone.id, "type": 0, "allow": "0", "deny": str(1 << 16)})]
    with pytest.raises(UnclearError, match="not allowed to read"):
        await world.platform.recall(place(world, world.papers), "n", SINCE, message=Message())


async def test_a_message_sent_in_the_future_is_not_looked_for_in_the_past(world: World) -> None:
    with pytest.raises(UnclearError, match="clock"):
        await world.platform.recall(
            place(world, world.papers), "n", datetime.now(UTC) + timedelta(hours=1), message=Message()
        )


async def test_a_message_in_the_thread_of_its_post_is_found_there(world: World) -> None:
    here, inside = place(world, world.papers), Message(title="Its abstract", inside=True)
    first = await world.platform.send(here, Message(title="Chosen", thread=True), nonce="1")
    name = await world.platform.send(here, inside, nonce="2", first=first)
    [thread] = world.papers.threads
    assert str(thread.history()[-1].id) == name
    assert await world.platform.recall(here, "2", SINCE, message=inside, first=first) == name


async def test_without_a_thread_what_belongs_there_stands_in_the_channel(world: World) -> None:
    here, inside = place(world, world.papers), Message(title="Its abstract", inside=True)
    first = await world.platform.send(here, HEADER, nonce="1")
    name = await world.platform.send(here, inside, nonce="2", first=first)
    assert str(world.papers.history()[-1].id) == name
    assert await world.platform.recall(here, "2", SINCE, message=inside, first=first) == name


async def test_a_poll_that_is_gone_is_refused_and_no_poll_has_no_votes(world: World) -> None:
    here = place(world, world.papers)
    name = await world.platform.send(here, HEADER, nonce="1")
    assert await world.platform.end_poll(here, [name]) == {}
    assert await world.platform.end_poll(here, []) == {}
    with pytest.raises(RefusedError, match="gone"):
        await world.platform.end_poll(here, [name, "123"])
