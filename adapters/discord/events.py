"""Scheduled events of a server: what a message announces is in its calendar, too."""

from datetime import timedelta

import discord

from adapters.discord.escape import cut
from bot.domain.messages import Event

_NAME, _DESCRIPTION, _LOCATION = 100, 1000, 100
_LENGTH = timedelta(hours=1)
"""Discord wants to know when an event ends."""


async def add_event(channel: discord.TextChannel | discord.Thread, event: Event) -> None:
    """Put an event that takes place in a channel into its server's calendar, once. Raises what discord.py raises."""
    name = cut(event.name, _NAME)
    planned = await channel.guild.fetch_scheduled_events(with_counts=False)
    if any((each.name, each.start_time) == (name, event.begins_at) for each in planned):
        return
    await channel.guild.create_scheduled_event(
        name=name,
        description=cut(event.description, _DESCRIPTION),
        start_time=event.begins_at,
        end_time=event.begins_at + _LENGTH,
        entity_type=discord.EntityType.external,
        privacy_level=discord.PrivacyLevel.guild_only,
        location=cut(f"#{channel.name}", _LOCATION),
    )
