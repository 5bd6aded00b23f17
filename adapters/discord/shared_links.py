"""The papers that messages of people link to: read where an admin had links watched, and nowhere else."""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

import discord
import structlog

from adapters.discord.command_names import CommandNames
from adapters.discord.permissions import may_read
from adapters.discord.places import Channel, account, permalinks, place_of
from adapters.discord.render import render
from bot.chat.shared_links import LinkWatch, SharedMessage
from bot.domain.messages import Message
from bot.domain.paper_ids import PaperId
from bot.domain.people import Place
from bot.domain.references import find_paper_ids

log = structlog.get_logger()

_REMEMBERED = 512
"""Messages whose papers are remembered, so that ten reactions to one do not read it ten times."""


def papers_in(message: discord.Message) -> list[PaperId]:
    """The papers a message links to or names, in its text, embeds and components, each once."""
    return list(dict.fromkeys(paper for words in _texts(message) for paper in find_paper_ids(words)))


class SharedLinks:
    """What people share in the channels of one connection; what else they write is not kept."""

    def __init__(self, client: discord.Client, watch: LinkWatch, names: CommandNames) -> None:
        self._client = client
        self._watch = watch
        self._names = names
        self._papers: OrderedDict[int, list[PaperId]] = OrderedDict()

    async def heard(self, message: discord.Message, *, changed: bool = False) -> None:
        """Take a message that somebody wrote, and say under a new one that the channel knows its papers.

        Those of bots and webhooks are no sharing.
        """
        channel, papers = message.channel, papers_in(message)
        if message.author.bot or not papers or not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
            return
        where = place_of(channel)
        shared = SharedMessage(
            _called(where, message.id, channel.id), account(message.author), where, message.created_at
        )
        await self._watch.shared(shared, papers)
        known = None if changed else await self._watch.known(shared, papers, permalinks(self._client, where))
        if known:
            await self._reply(message, known)

    async def _reply(self, message: discord.Message, said: Message) -> None:
        """Say something under a message, without telling anybody of it."""
        try:
            view = render(said, self._names.write).view
            await message.reply(view=view, mention_author=False, silent=True)
        except discord.HTTPException as error:
            log.info("a word about a shared paper was not shown", reason=str(error))

    async def deleted(self, event: discord.RawMessageDeleteEvent) -> None:
        """Lead nobody to a message that was deleted."""
        guild = self._client.get_guild(event.guild_id) if event.guild_id else None
        channel = guild.get_channel_or_thread(event.channel_id) if guild else None
        if channel is not None:
            where = place_of(channel)
            await self._watch.deleted(where, _called(where, event.message_id, channel.id))

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


def _called(where: Place, message_id: int, channel_id: int) -> str:
    """A message by its id; one in a post of a forum, which is one place, by that of the post, too."""
    return str(message_id) if where.channel == str(channel_id) else f"{channel_id}/{message_id}"


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
