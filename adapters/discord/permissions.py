"""What the bot may do in a channel, what it lacks there, and how to tell people so."""

import discord

from adapters.discord.places import Channel, Interaction, is_staying, is_talk, place_of

NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    attach_files=True,
    read_message_history=True,
    send_polls=True,
    create_events=True,
)
"""What the bot asks for when it is installed: enough to post papers and for a reading group, and nothing else."""


LEAVE_TO_READ = (
    "Discord does not let the bot read messages: switch on the Message Content Intent under Bot in its developer portal"
)


POSTABLE = discord.TextChannel | discord.Thread | discord.ForumChannel
"""The kinds of channels of a server that posts go to."""


def takes_posts(interaction: Interaction, channel: Channel | None = None) -> bool:
    """Whether posts could go to a channel (where the person is, unless given), were all permissions granted."""
    if interaction.guild_id is None:
        return is_talk(interaction)
    return is_staying(interaction) and isinstance(channel or interaction.channel, POSTABLE)


def opens_threads(interaction: Interaction, channel: Channel | None = None) -> bool:
    """Whether threads can be opened under messages of a channel (where the person is, unless given)."""
    return interaction.guild_id is not None and isinstance(channel or interaction.channel, discord.TextChannel)


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


def deaf(interaction: Interaction) -> str:
    """A sentence on what keeps the bot from seeing the links people share here; empty if nothing does."""
    if not interaction.client.intents.message_content:
        return "⚠️ I cannot read messages yet: whoever runs me must switch on `PAPERBOY_DISCORD_LINKED_PAPERS`."
    here = interaction.channel
    if not isinstance(here, discord.abc.GuildChannel | discord.Thread) or may_read(here):
        return ""
    return f"⚠️ For reactions to count, please allow me in {place_of(here).name}: Read Message History."


def lacking_for_club(interaction: Interaction) -> str:
    """A sentence on what the bot lacks for a reading group here; empty if nothing.

    Without an event in the calendar the group meets all the same, so that is said and nothing more.
    """
    here = interaction.channel
    if warning := lacking(interaction, threads=True):
        return warning
    if interaction.guild_id is None or not isinstance(here, POSTABLE) or here.guild.me is None:
        return ""
    has, where = here.permissions_for(here.guild.me), place_of(here).name
    if not has.send_polls:
        return f"⚠️ I cannot open votes in {where} yet. Please allow me there: Create Polls."
    events = "Meetings are not put into the server's events; for that, allow me: Create Events."
    return "" if has.create_events or has.manage_events else events


def impossible(interaction: Interaction, line: str, channel: Channel | None = None) -> str:
    """Why what a command line sets could never happen in a channel (where the person is, unless given); else empty."""
    if line.startswith(("digest on", "club on")) and not takes_posts(interaction, channel):
        return lacking(interaction, channel)
    if line.startswith("digest threads on") and not opens_threads(interaction, channel):
        return "⚠️ Threads can be opened in text and announcement channels only, so papers get none here."
    return ""


def lacking(interaction: Interaction, channel: Channel | None = None, *, threads: bool = False) -> str:
    """A sentence on what the bot lacks to post in a channel (where the person is, unless given); empty if nothing."""
    if interaction.guild_id is None:
        return ""
    here = channel or interaction.channel
    if not is_staying(interaction):
        return "⚠️ I am not a member of this server, so I cannot post here. Add me to it first."
    if not isinstance(here, discord.abc.GuildChannel | discord.Thread):
        return ""
    where = place_of(here).name
    if not isinstance(here, POSTABLE):
        return f"⚠️ I cannot post in {where}: it is neither a text or announcement channel nor a thread or a forum."
    names = missing(here, threads=threads)
    return f"⚠️ I cannot post in {where} yet. Please allow me there: {', '.join(names)}." if names else ""
