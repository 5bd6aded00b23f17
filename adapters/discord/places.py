"""Who and where, and what may be done there: Discord's users and channels as Paperboy's accounts and places."""

from typing import Any

import discord

from adapters.discord.links import JUMP
from bot.domain.people import Account, Place, private_talk
from bot.library.reminders import Permalink

PLATFORM = "discord"
BETWEEN_PEOPLE = "people"
"""Stands for the workspace of talks the bot is asked in but takes no part in."""

Interaction = discord.Interaction[discord.Client]

AnyInteraction = discord.Interaction[Any]
"""As discord.py types the callbacks of its items, which may belong to any client."""

Channel = discord.abc.GuildChannel | discord.Thread


def is_ephemeral(interaction: Interaction) -> bool:
    """Whether the message under a button is for the presser alone."""
    return interaction.message is not None and interaction.message.flags.ephemeral


def is_own_answer(interaction: Interaction) -> bool:
    """Whether the message under a button is the presser's own answer: others must not turn its pages."""
    message = interaction.message
    if message is None:
        return False
    asked = message.interaction_metadata
    return message.flags.ephemeral or (asked is not None and asked.user.id == interaction.user.id)


def account(user: discord.abc.User) -> Account:
    """Somebody on Discord."""
    return Account(PLATFORM, str(user.id), user.display_name)


def is_talk(interaction: Interaction) -> bool:
    """Whether somebody asks in their private talk with the bot, and not in one between people."""
    return isinstance(interaction.channel, discord.DMChannel) and not interaction.context.private_channel


def asked_in(interaction: Interaction) -> Place:
    """Where somebody asks. A forum is one place, whatever the post."""
    channel = interaction.channel
    if is_talk(interaction):
        return private_talk(account(interaction.user))
    if interaction.guild_id is None:
        return Place(PLATFORM, BETWEEN_PEOPLE, str(interaction.channel_id), "this conversation")
    if isinstance(channel, discord.Thread):
        return place_of(channel)
    return Place(PLATFORM, str(interaction.guild_id), str(interaction.channel_id), f"#{getattr(channel, 'name', '')}")


def place_of(channel: Channel) -> Place:
    """A channel of a server as a place. A forum is one place, whatever the post."""
    if isinstance(channel, discord.Thread) and isinstance(channel.parent, discord.ForumChannel):
        channel = channel.parent
    return Place(PLATFORM, str(channel.guild.id), str(channel.id), f"#{channel.name}")


def permalinks(client: discord.Client, place: Place) -> Permalink:
    """What tells the addresses of the messages of a place of a server."""
    channel = client.get_channel(int(place.channel)) if place.channel.isdecimal() else None

    async def address(message: str) -> str:
        if not place.workspace.isdecimal():
            return ""
        # A post of a forum has the id of the message that it begins with.
        within = isinstance(channel, discord.ForumChannel) or "/" in message
        return f"{JUMP}{place.workspace}/{message if within else f'{place.channel}/{message}'}"

    return address


def manages(interaction: Interaction) -> bool:
    """Whether Discord lets this person manage the place: their server, or their own talk with the bot."""
    if interaction.guild_id is None:
        return is_talk(interaction)
    return interaction.permissions.manage_guild


def is_staying(interaction: Interaction) -> bool:
    """Whether the bot is there beyond this answer, so that reactions reach it.

    Added to somebody's account alone it is asked in servers of which nothing but the interaction tells.
    """
    return interaction.guild_id is not None and interaction.client.get_guild(interaction.guild_id) is not None
