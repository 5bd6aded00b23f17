"""Posting a message to a channel, whatever its kind: text, announcement, thread or forum."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from hashlib import blake2b

import discord
import structlog

from adapters.discord.events import add_event
from adapters.discord.polls import poll
from adapters.discord.render import Rendered, mentioned, post_name, render, thread_name
from adapters.discord.spans import Code
from bot.domain.messages import Message
from bot.domain.people import Place
from bot.errors import RefusedError

log = structlog.get_logger()

Talk = discord.TextChannel | discord.Thread | discord.DMChannel
"""Where messages stand one after the other."""

Postable = Talk | discord.ForumChannel

_BEYOND = 10.0
"""Seconds for what comes after a message was sent: short of what its sender waits for the whole."""

_TAGS = ("papers", "paper", "digest", "research", "reading")


async def post(client: discord.Client, place: Place, message: Message, *, nonce: str, first: str, code: Code) -> str:
    """Show a message in a place; returns its id. In a forum it opens a post, or goes into the one named by `first`."""
    channel = await find_channel(client, place.channel)
    if isinstance(channel, discord.ForumChannel):
        if not first:
            return await _open_post(client, channel, message, nonce, code)
        channel = await find_channel(client, first)
    if isinstance(channel, discord.ForumChannel):
        raise RefusedError(f"{place.name} has no post {first}")
    if message.inside:
        channel = await thread_under(client, channel, first)
    if message.poll:
        sent = await channel.send(poll=poll(message.poll), nonce=_nonce(place, nonce))
        return str(sent.id)
    shown = _marked(message, nonce, code)
    sent = await channel.send(
        view=shown.view, files=shown.files, nonce=_nonce(place, nonce), allowed_mentions=_allowed(message)
    )
    if isinstance(channel, discord.TextChannel) and channel.is_news():
        await _beyond("publishing", sent, sent.publish())
    if isinstance(channel, discord.TextChannel) and message.thread and not sent.thread:
        await _beyond("a thread", sent, sent.create_thread(name=thread_name(message)))
    if message.event and not isinstance(channel, discord.DMChannel):
        await _beyond("an event", sent, add_event(channel, message.event))
    return str(sent.id)


def mark(nonce: str) -> int:
    """A number for a nonce that Discord takes as a component's id: 31 bits, out of reach of those it counts itself."""
    digest = blake2b(nonce.encode(), digest_size=4).digest()
    return 1 << 30 | int.from_bytes(digest) >> 2


def _marked(message: Message, nonce: str, code: Code) -> Rendered:
    """A message with its nonce in it: Discord tells no nonces of messages it shows, but the ids of their components."""
    shown = render(message, code)
    shown.view.children[0].id = mark(nonce)
    return shown


def _allowed(message: Message) -> discord.AllowedMentions:
    """Whom Discord may tell of a message: the roles it names as mentioned, and nobody else."""
    roles: list[discord.abc.Snowflake] = [discord.Object(role) for role in mentioned(message)]
    return discord.AllowedMentions(everyone=False, users=False, replied_user=False, roles=roles or False)


async def thread_under(client: discord.Client, channel: Talk, first: str) -> Talk:
    """The thread under the first message of a post, which has that message's id; the channel where there is none."""
    if isinstance(channel, discord.TextChannel) and first:
        with suppress(discord.NotFound):
            found = channel.get_thread(int(first)) or await client.fetch_channel(int(first))
            return found if isinstance(found, discord.Thread) else channel
    return channel


async def open_talk(client: discord.Client, channel_id: str) -> discord.DMChannel:
    """The private talk with somebody, whose channel is `@` and their id."""
    return await client.create_dm(discord.Object(int(channel_id.removeprefix("@"))))


async def find_channel(client: discord.Client, channel_id: str) -> Postable:
    """The channel, from what the gateway sent or else from Discord."""
    if channel_id.startswith("@"):
        return await open_talk(client, channel_id)
    channel = client.get_channel(int(channel_id)) or await client.fetch_channel(int(channel_id))
    if not isinstance(channel, Postable):
        raise RefusedError(f"{channel} is not a channel to post in")
    return channel


def _nonce(place: Place, nonce: str) -> str:
    """25 characters at most; Discord compares nonces over all channels of a bot, so the place is part of it."""
    return blake2b(f"{place.key} {nonce}".encode(), digest_size=12).hexdigest()


async def _beyond(what: str, sent: discord.Message, act: Awaitable[object]) -> None:
    """Do something more with a message that is there; it stays there, whatever comes of it.

    Ten messages an hour of an announcement channel can be published, and threads have limits too.
    """
    try:
        async with asyncio.timeout(_BEYOND):
            await act
    except (discord.HTTPException, discord.RateLimited, TimeoutError) as error:
        log.warning("a message was posted, but that is all", failed=what, message=sent.id, reason=str(error))


async def _open_post(
    client: discord.Client, forum: discord.ForumChannel, message: Message, nonce: str, code: Code
) -> str:
    """A post in a forum. Discord has no nonce for these: one of the same name that we opened is taken as this one."""
    name = post_name(message)
    if already := await _opened(client, forum, name):
        return str(already.id)
    shown = _marked(message, nonce, code)
    made = await forum.create_thread(
        name=name, view=shown.view, files=shown.files, applied_tags=_tags(forum), allowed_mentions=_allowed(message)
    )
    return str(made.thread.id)  # the message it begins with has the same id


async def _opened(client: discord.Client, forum: discord.ForumChannel, name: str) -> discord.Thread | None:
    """The post of this name that we have open; the title holds the date, so there is one a day."""
    return next((thread for thread in await own_threads(client, forum) if thread.name == name), None)


async def own_threads(client: discord.Client, forum: discord.ForumChannel) -> list[discord.Thread]:
    """The posts in a forum that we have open."""
    own = client.user.id if client.user else 0
    threads = await forum.guild.active_threads()
    return [thread for thread in threads if thread.parent_id == forum.id and thread.owner_id == own]


def _tags(forum: discord.ForumChannel) -> list[discord.ForumTag]:
    """The forum's tag for papers, if it has one; some tag where it needs one."""
    moderates = forum.permissions_for(forum.guild.me).manage_threads
    tags = [tag for tag in forum.available_tags if moderates or not tag.moderated]
    fitting = [tag for tag in tags if tag.name.casefold() in _TAGS]
    return (fitting or (tags if forum.flags.require_tag else []))[:1]
