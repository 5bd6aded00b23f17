"""The papers that messages of people link to: read where an admin had links watched, and nowhere else."""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

import discord
import structlog

from adapters.discord.permissions import may_read
from adapters.discord.places import Channel, place_of
from bot.chat.shared_links import LinkWatch
from bot.domain.paper_ids import PaperId
from bot.domain.references import find_paper_ids

log = structlog.get_logger()

_REMEMBERED = 512
"""Messages whose papers are remembered, so that ten reactions to one do not read it ten times."""


def papers_in(message: discord.Message) -> list[PaperId]:
    """The papers a message links to or names, in its text, embeds and components, each once."""
    return list(dict.fromkeys(paper for words in _texts(message) for paper in find_paper_ids(words)))


class SharedLinks:
    """What people share in the channels of one connection; what else they write is not kept."""

    def __init__(self, watch: LinkWatch) -> None:
        self._watch = watch
        self._papers: OrderedDict[int, list[PaperId]] = OrderedDict()

    async def heard(self, message: discord.Message) -> None:
        """Take a message that somebody wrote; those of bots and webhooks are no sharing."""
        if message.author.bot or not isinstance(message.channel, discord.abc.GuildChannel | discord.Thread):
            return
        if papers := papers_in(message):
            await self._watch.shared(place_of(message.channel), papers, message.created_at)

    def changed(self, message_id: int) -> None:
        """Forget what a message said: it says something else now."""
        self._papers.pop(message_id, None)

    async def papers(self, channel: Channel, message_id: int) -> list[PaperId]:
        """The papers of a message, read once; none where the bot may not read it."""
        if message_id not in self._papers:
            self._papers[message_id] = await _read(channel, message_id)
        self._papers.move_to_end(message_id)
        while len(self._papers) > _REMEMBERED:
            self._papers.popitem(last=False)
        return self._papers[message_id]


async def _read(channel: Channel, message_id: int) -> list[PaperId]:
    # Asking where it is not allowed would count as an invalid request.
    if not isinstance(channel, discord.abc.Messageable) or not may_read(channel):
        return []
    try:
        message = await channel.fetch_message(message_id)
    except (discord.HTTPException, discord.RateLimited) as error:
        log.info("a message could not be read", message=message_id, reason=str(error))
        return []
    return [] if message.author.bot else papers_in(message)


def _texts(message: discord.Message) -> Iterator[str]:
    yield message.content
    for embed in message.embeds:
        yield from filter(None, (embed.url, embed.title, embed.description))
    for component in message.components:
        yield from _component_texts(component.to_dict())
    for snapshot in message.message_snapshots:
        yield snapshot.content


def _component_texts(part: Any) -> Iterator[str]:
    """Every text and link in a component, however deep."""
    if isinstance(part, dict):
        yield from (part[name] for name in ("content", "url") if isinstance(part.get(name), str))
        for value in part.values():
            yield from _component_texts(value)
    elif isinstance(part, list):
        for each in part:
            yield from _component_texts(each)
