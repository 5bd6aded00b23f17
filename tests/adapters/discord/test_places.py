"""Who and where: Discord's users and channels as accounts and places."""

from typing import Any, cast

import discord
import pytest

from adapters.discord.places import (
    BETWEEN_PEOPLE,
    Interaction,
    account,
    asked_in,
    is_staying,
    is_talk,
    manages,
    place_of,
)
from bot.domain.people import Account, Place, private_talk
from tests.support.discord.world import World

GUILD_TEXT, DIRECT = 0, 1
MANAGE_GUILD, OTHERS = 1 << 5, 1 << 11
IN_SERVER, WITH_BOT, BETWEEN = 0, 1, 2
BEN: dict[str, Any] = {"id": "301", "username": "ben", "global_name": "Ben", "discriminator": "0", "avatar": None}
TALK = {"id": "31", "type": DIRECT, "last_message_id": None, "recipients": [BEN]}


def asked(world: World, **changed: Any) -> Interaction:
    """An interaction of ben's as discord.py makes it of what Discord sends."""
    known: dict[str, Any] = {"id": "5", "application_id": "9", "type": 2, "token": "t", "version": 1, "data": {}}
    client: Any = world.client
    payload = {**known, "entitlements": [], "attachment_size_limit": 1, "locale": "en-US", **changed}
    return cast("Interaction", discord.Interaction(data=cast("Any", payload), state=client._connection))


def in_server(world: World, guild: object, permissions: int = 0, **changed: Any) -> Interaction:
    """An interaction in the papers channel of a server."""
    member: dict[str, Any] = {"user": BEN, "roles": [], "joined_at": None, "deaf": False, "mute": False, "flags": 0}
    here = {"id": str(world.papers.id), "type": GUILD_TEXT, "name": "papers", "position": 0}
    where = {"guild_id": str(guild), "channel": here, "channel_id": here["id"], "context": IN_SERVER}
    return asked(world, **where, member={**member, "permissions": str(permissions)}, **changed)


def in_talk(world: World, context: int) -> Interaction:
    return asked(world, channel=TALK, channel_id=TALK["id"], context=context, user=BEN)


async def test_a_channel_of_a_server_is_a_place(world: World) -> None:
    expected = Place("discord", str(world.guild.id), str(world.papers.id), "#papers")
    assert asked_in(in_server(world, world.guild.id)) == expected


async def test_a_talk_with_the_bot_is_the_persons_own_and_one_between_people_is_nobodys(world: World) -> None:
    own, between = in_talk(world, WITH_BOT), in_talk(world, BETWEEN)
    assert (is_talk(own), is_talk(between)) == (True, False)
    assert asked_in(own) == private_talk(Account("discord", "301", "Ben"))
    assert asked_in(between) == Place("discord", BETWEEN_PEOPLE, "31", "this conversation")


async def test_a_person_is_known_by_id_and_called_as_others_see_them(world: World) -> None:
    assert account(in_talk(world, WITH_BOT).user) == Account("discord", "301", "Ben")


async def test_every_post_of_a_forum_is_the_same_place_and_a_thread_is_one_of_its_own(world: World) -> None:
    forum = world.guild.create_forum_channel("reading")
    found = world.client.get_channel(forum.id)
    text = world.client.get_channel(world.papers.id)
    assert isinstance(found, discord.ForumChannel)
    assert isinstance(text, discord.TextChannel)
    first, second = [(await found.create_thread(name=name, content="x")).thread for name in ("one", "two")]
    assert place_of(first) == place_of(second) == place_of(found)
    thread = await text.create_thread(name="aside", type=discord.ChannelType.public_thread)
    assert place_of(thread) == Place("discord", str(world.guild.id), str(thread.id), "#aside")


@pytest.mark.parametrize("permissions", [0, OTHERS, MANAGE_GUILD])
async def test_who_may_manage_a_server_manages_its_places(world: World, permissions: int) -> None:
    assert manages(in_server(world, world.guild.id, permissions)) is (permissions == MANAGE_GUILD)


async def test_everybody_manages_their_own_talk_and_nobody_one_between_people(world: World) -> None:
    assert manages(in_talk(world, WITH_BOT))
    assert not manages(in_talk(world, BETWEEN))


async def test_the_bot_stays_where_it_is_a_member(world: World) -> None:
    assert is_staying(in_server(world, world.guild.id))
    assert not is_staying(in_server(world, 77))
    assert not is_staying(in_talk(world, WITH_BOT))
