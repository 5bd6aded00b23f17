"""Who and where, and what may be done there: Discord's users and channels as Paperboy's accounts and places."""

from typing import Any

import discord

from bot.domain.people import Account, Place, private_talk

PLATFORM = "discord"
BETWEEN_PEOPLE = "people"
"""Stands for the workspace of talks the bot is asked in but takes no part in."""

Interaction = discord.Interaction[Any]
Channel = discord.abc.GuildChannel | discord.Thread

NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    attach_files=True,
    read_message_history=True,
)
"""What the bot asks for when it is installed: enough to post papers, and nothing else."""

LEAVE_TO_READ = (
    "Discord does not let the bot read messages: switch on the Message Content Intent under Bot in its developer portal"
)


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


def may_read(channel: Channel) -> bool:
    """Whether the bot may read messages in a channel that people react to."""
    me = channel.guild.me
    return me is not None and channel.permissions_for(me).read_message_history


def missing(channel: Channel, *, threads: bool = False) -> list[str]:
    """Names of the permissions the bot lacks to post in a channel, as Discord's settings call them.

    `threads` says whether papers are to get threads there, which they do in text and announcement channels.
    """
    me = channel.guild.me
    if me is None:
        return ["to be a member of this server"]
    has = channel.permissions_for(me)
    return [title for name, title in _wanted(channel, threads=threads).items() if not getattr(has, name)]


def _wanted(channel: Channel, *, threads: bool) -> dict[str, str]:
    """The permissions needed to post in a channel, and their titles."""
    wanted = {
        "view_channel": "View Channel",
        "attach_files": "Attach Files",
        "read_message_history": "Read Message History",
    }
    if isinstance(channel, discord.Thread):
        return wanted | {"send_messages_in_threads": "Send Messages in Threads"}
    if isinstance(channel, discord.ForumChannel):
        wanted |= {"send_messages": "Create Posts", "send_messages_in_threads": "Send Messages in Posts"}
        tags = {"manage_threads": "Manage Posts (its tags are for moderators)"} if _moderated(channel) else {}
        return wanted | tags
    wanted["send_messages"] = "Send Messages"
    return wanted | {"create_public_threads": "Create Public Threads"} if threads else wanted


def _moderated(forum: discord.ForumChannel) -> bool:
    """Whether a forum takes no post without a tag, and its tags are for moderators."""
    return forum.flags.require_tag and all(tag.moderated for tag in forum.available_tags)
