"""Events in a server's calendar."""

from datetime import UTC, datetime

import discord

from adapters.discord.events import add_event
from bot.domain.messages import Event
from tests.support.discord.world import World

EVENT = Event("Reading group: looms", "Kumquat looms weave algebra", datetime(2036, 1, 29, 15, tzinfo=UTC))


async def test_an_event_is_in_the_calendar_once_also_when_it_is_added_again(world: World) -> None:
    channel = world.client.get_channel(world.papers.id)
    assert isinstance(channel, discord.TextChannel)
    for _ in range(2):
        await add_event(channel, EVENT)
    [planned] = await channel.guild.fetch_scheduled_events()
    assert (planned.name, planned.description, planned.start_time) == (EVENT.name, EVENT.description, EVENT.begins_at)
    assert planned.location == "#papers"
