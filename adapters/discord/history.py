"""Looking for a message in a channel, to tell whether it got there: messages carry their nonce as a component's id."""

from datetime import datetime, timedelta

import discord

from adapters.discord.permissions import may_read
from adapters.discord.posting import Postable, find_channel, mark, own_threads
from bot.domain.people import Place
from bot.errors import UnclearError

_EARLIER = timedelta(days=1)
"""How long before the given moment one looks: clocks disagree, and time zones get mixed up."""
_ALWAYS = 100
_MOST = 1000


async def find_message(client: discord.Client, place: Place, nonce: str, since: datetime) -> str | None:
    """The id of our message with a nonce that was sent at `since` (UTC) or later; None without one.

    Raises UnclearError where the messages cannot be read, or there are too many of them.
    """
    channel = await find_channel(client, place.channel)
    within = await own_threads(client, channel) if isinstance(channel, discord.ForumChannel) else [channel]
    for each in within:
        if found := await _find_in(client, each, mark(nonce), since - _EARLIER):
            return found
    return None


async def _find_in(client: discord.Client, channel: Postable, wanted: int, oldest: datetime) -> str | None:
    """The id of our message whose first component has an id."""
    if isinstance(channel, discord.ForumChannel) or not (isinstance(channel, discord.DMChannel) or may_read(channel)):
        # Without the permission Discord shows an empty channel.
        raise UnclearError(f"Paperboy is not allowed to read the message history of {channel}")
    own, looked = client.user.id if client.user else 0, 0
    async for message in channel.history(limit=_MOST):
        looked += 1
        first = next(iter(message.components), None)
        if message.author.id == own and getattr(first, "id", None) == wanted:
            return str(message.id)
        if looked >= _ALWAYS and message.created_at < oldest:
            return None
    if looked == _MOST:
        raise UnclearError(f"There are more messages in {channel} than Paperboy looks through")
    return None
