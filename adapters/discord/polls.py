"""Discord's own polls, in which people vote."""

from datetime import timedelta
from math import ceil

import discord

from adapters.discord.escape import cut
from bot.domain.messages import Poll

QUESTION, ANSWER, ANSWERS = 300, 55, 10
"""Characters of a question and of an answer, and how many answers a poll has."""

_LONGEST = 32 * 24
"""Hours that Discord keeps a poll open."""


def poll(wanted: Poll) -> discord.Poll:
    """A poll to send: whoever opened it closes it, and Discord does so a little later, after a whole hour."""
    left = wanted.closes_at - discord.utils.utcnow()
    hours = min(max(1, ceil(left / timedelta(hours=1)) + 1), _LONGEST)
    made = discord.Poll(cut(wanted.question, QUESTION), timedelta(hours=hours))
    for number, choice in enumerate(wanted.choices[:ANSWERS], start=1):
        made.add_answer(text=cut(f"{number}. {choice}", ANSWER))
    return made


async def count(message: discord.Message) -> dict[int, int]:
    """The votes in a message's poll by the number of the answer, from 1; it is ended where it was not."""
    if message.poll and not message.poll.is_finalised():
        message = await message.end_poll()
    return {answer.id: answer.vote_count for answer in message.poll.answers} if message.poll else {}


def asks(message: discord.Message, wanted: Poll) -> bool:
    """Whether a message is the poll with a question."""
    return message.poll is not None and message.poll.question == cut(wanted.question, QUESTION)
