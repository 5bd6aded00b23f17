"""What the bot lacks."""

from typing import Any

import discord

from tests.support.discord.setups import opened
from tests.support.discord.world import World, texts


async def test_missing_permissions_are_named(world: World) -> None:
    everyone = world.guild.default_role
    bot = discord.PermissionOverwrite(send_messages=False, attach_files=False)
    quiet = world.guild.create_text_channel("quiet", overwrites={everyone: bot, _own_role(world): bot})
    panel = await opened(world)
    await world.ana.select(panel, [quiet], custom_id="setup:channel")
    assert "Please allow me there: Attach Files, Send Messages" in texts(world.papers.history(viewer=world.ana)[-1])


async def test_a_thread_for_each_paper_needs_leave_to_open_them(world: World) -> None:
    no_threads = discord.PermissionOverwrite(create_public_threads=False)
    overwrites = {world.guild.default_role: no_threads, _own_role(world): no_threads}
    calm = world.guild.create_text_channel("calm", overwrites=overwrites)
    await world.ana.select(await opened(world), [calm], custom_id="setup:channel")
    assert "Please allow me" not in texts(world.papers.history(viewer=world.ana)[-1])
    await world.ana.select(world.papers.history(viewer=world.ana)[-1], ["threads"], custom_id=f"setup:{calm.id}:layout")
    assert "Please allow me there: Create Public Threads" in texts(world.papers.history(viewer=world.ana)[-1])
    typed = await world.ana.slash(calm, "papers-admin digest threads", threads="on")
    assert "Please allow me there: Create Public Threads" in texts(typed.response)


def _own_role(world: World) -> Any:
    return next(role for role in world.guild.roles.values() if role.name not in {"Admins", "@everyone"})


async def test_a_channel_that_takes_no_posts_is_told(world: World) -> None:
    result = await world.ana.slash(world.guild.create_voice_channel("lounge"), "papers-admin digest on")
    assert "I cannot post in" in texts(result.response)


async def test_a_reading_group_needs_polls_and_says_so_where_it_cannot_make_events(world: World) -> None:
    async def told(**allowed: bool) -> str:
        lacks = discord.PermissionOverwrite(**allowed)
        overwrites = {world.guild.default_role: lacks, _own_role(world): lacks}
        channel = world.guild.create_text_channel("-".join(allowed), overwrites=overwrites)
        result = await world.ana.slash(channel, "papers-admin club on", when="thursday 16:00")
        return texts(result.response or result.followups[0])

    assert "Please allow me there: Create Polls" in await told(send_polls=False)
    no_events = await told(create_events=False, manage_events=False)
    assert "not put into the server's events; for that, allow me: Create Events" in no_events
    assert "⚠️" not in no_events
    assert "allow me" not in await told()
