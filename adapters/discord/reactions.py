"""Raw reaction events -> feedback. Discord names no time, so the moment of arrival counts, strictly in order."""

from collections import deque
from datetime import datetime, timedelta

import discord
import structlog

from adapters.discord.command_names import CommandNames
from adapters.discord.direct_messages import send_direct
from adapters.discord.places import PLATFORM, Channel, place_of
from adapters.discord.render import render
from adapters.discord.shared_links import SharedLinks
from bot.chat.reactions import Reaction, Reactions
from bot.domain.messages import Message
from bot.domain.paper_ids import PaperId
from bot.domain.people import Account, private_talk
from bot.ports import Clock
from bot.runtime.trace import begin

log = structlog.get_logger()

_REMEMBERED = 1000
"""Lists under which the question which paper is meant is not asked again."""


class ReactionListener:
    """Takes the reactions of one gateway connection."""

    def __init__(
        self, client: discord.Client, reactions: Reactions, links: SharedLinks, clock: Clock, names: CommandNames
    ) -> None:
        self._client = client
        self._reactions = reactions
        self._links = links
        self._clock = clock
        self._names = names
        self._last: datetime | None = None
        self._asked: deque[int] = deque(maxlen=_REMEMBERED)

    async def take(self, event: discord.RawReactionActionEvent, *, present: bool) -> None:
        """Note a reaction put on a message or taken off it; bots' own count for nothing."""
        begin("reaction")
        at = self._moment()  # before anything is awaited: events begin in the order they arrive
        channel = self._channel(event)
        if self._is_bot(event) or (event.guild_id and channel is None):
            return
        account = Account(PLATFORM, str(event.user_id), event.member.display_name if event.member else "")
        reaction = Reaction(
            account=account,
            place=place_of(channel) if channel else private_talk(account),
            message=str(event.message_id),
            emoji=str(event.emoji),
            present=present,
            at=at,
        )
        linked = await self._linked(event, channel, reaction) if channel else ()
        answer = await self._reactions.take(reaction, linked=linked)
        # Discord has no other private answer to a reaction.
        if answer and not await send_direct(self._client, event.user_id, answer, self._names.write):
            await self._ask_here(channel, event.message_id, answer)

    async def _ask_here(self, channel: Channel | None, message_id: int, question: Message) -> None:
        """Ask under a list what could not be asked in private, once: whoever chooses is answered alone."""
        if not (question.selects and isinstance(channel, discord.abc.Messageable)) or message_id in self._asked:
            return
        self._asked.append(message_id)
        rendered = render(question, self._names.write)
        try:
            under = discord.MessageReference(message_id=message_id, channel_id=channel.id)
            await channel.send(view=rendered.view, reference=under, mention_author=False)
        except discord.HTTPException as error:
            log.info("which paper is meant could not be asked", reason=str(error))

    async def _linked(
        self, event: discord.RawReactionActionEvent, channel: Channel, reaction: Reaction
    ) -> list[PaperId]:
        """The papers of somebody's message, where they matter and the bot may read what people write."""
        ours = self._client.user is not None and event.message_author_id == self._client.user.id
        if ours or not self._client.intents.message_content:
            return []
        wanted = await self._reactions.wants_links(reaction.place, reaction.emoji)
        return await self._links.papers(channel, event.message_id) if wanted else []

    def _moment(self) -> datetime:
        """Now, and later than the event before."""
        now = self._clock.now()
        if self._last is not None and now <= self._last:
            now = self._last + timedelta(microseconds=1)
        self._last = now
        return now

    def _channel(self, event: discord.RawReactionActionEvent) -> Channel | None:
        guild = self._client.get_guild(event.guild_id) if event.guild_id else None
        return guild.get_channel_or_thread(event.channel_id) if guild else None

    def _is_bot(self, event: discord.RawReactionActionEvent) -> bool:
        own = self._client.user is not None and event.user_id == self._client.user.id
        return own or (event.member is not None and event.member.bot)
