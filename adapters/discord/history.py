"""Looking for a message in a channel, to tell whether it got there: messages carry their nonce as a component's id."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import discord

from adapters.discord.permissions import may_read
from adapters.discord.polls import asks, count
from adapters.discord.posting import Postable, find_channel, mark, own_threads, thread_under
from bot.domain.messages import Message
from bot.domain.people import Place
from bot.errors import RefusedError, UnclearError

_EARLIER = timedelta(days=1)
"""How long before the given moment one looks: clocks disagree, and time zones get mixed up."""
_ALWAYS = 100
_MOST = 1000


async def find_message(
    client: discord.Client, place: Place, nonce: str, since: datetime, *, message: Message, first: str
) -> str | None:
    """The id of our message with a nonce that was sent at `since` (UTC) or later; None without one.

    A poll has no components to carry a nonce: it is known by its question. Raises UnclearError where the messages
    cannot be read, or there are too many of them.
    """
    channel = await find_channel(client, place.channel)
    within: list[Postable] = [channel]
    if isinstance(channel, discord.ForumChannel):
        within = list(await own_threads(client, channel))
    elif message.inside:
        # Where no thread could be opened it went into the channel.
        within.insert(0, await thread_under(client, channel, first))

    def is_wanted(shown: discord.Message) -> bool:
        if message.poll:
            return asks(shown, message.poll)
        return getattr(next(iter(shown.components), None), "id", None) == mark(nonce)

    for each in within:
        if found := await _find_in(client, each, is_wanted, since - _EARLIER):
            return found
    return None


async def end_poll(client: discord.Client, place: Place, sent: Sequence[str]) -> Mapping[int, int]:
    """End the poll that is the last of some messages and count it: votes by the number of the answer, from 1."""
    if not sent:
        return {}
    channel = await find_channel(client, place.channel)
    if isinstance(channel, discord.ForumChannel):
        channel = await find_channel(client, sent[0])
    if isinstance(channel, discord.ForumChannel):
        raise RefusedError(f"{place.name} has no post {sent[0]}")
    return await count(await channel.fetch_message(int(sent[-1])))


async def _find_in(
    client: discord.Client, channel: Postable, is_wanted: Callable[[discord.Message], bool], oldest: datetime
) -> str | None:
    """The id of our message that is wanted."""
    if isinstance(channel, discord.ForumChannel) or not (isinstance(channel, discord.DMChannel) or may_read(channel)):
        # Without the permission Discord shows an empty channel.
        raise UnclearError(f"Paperboy is not allowed to read the message history of {channel}")
    own, looked = client.user.id if client.user else 0, 0
    async for message in channel.history(limit=_MOST):
        looked += 1
        if message.author.id == own and is_wanted(message):
            return str(message.id)
        if looked >= _ALWAYS and message.created_at < oldest:
            return None
    if looked == _MOST:
        raise UnclearError(f"There are more messages in {channel} than Paperboy looks through")
    return None
