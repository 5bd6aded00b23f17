"""Places to post to."""

from typing import Any

import discord

from adapters.discord.places import place_of
from bot.domain.people import Place
from tests.support.discord.world import World


def place(world: World, channel: Any) -> Place:
    """A channel of the simulated server as a place."""
    found = world.client.get_channel(channel.id)
    assert isinstance(found, discord.abc.GuildChannel | discord.Thread)
    return place_of(found)
