"""The setup of a daily post."""

from typing import Any

from bot.domain.destinations import Destination
from tests.support.discord.world import World


async def destination(world: World, channel: Any) -> Destination:
    """How the post of a channel is set."""
    found = await world.app.store.destination(f"discord:{world.guild.id}:{channel.id}")
    assert found
    return found


async def opened(world: World) -> Any:
    """The panel that the setup opens."""
    result = await world.ana.slash(world.papers, "papers-admin digest on")
    assert result.response
    return result.response
