"""The connection to Discord: which events come in, and who takes them."""

import asyncio
from dataclasses import replace
from typing import Any

import aiohttp
import discord
import structlog
from discord.ext import commands

from adapters.discord.command_names import CommandNames
from adapters.discord.commands import slash_commands
from adapters.discord.components import CommandButton, CommandSelect
from adapters.discord.context_menus import menus
from adapters.discord.error_replies import apologise, apologising
from adapters.discord.interactions import Interactions
from adapters.discord.note_form import noted
from adapters.discord.places import PLATFORM, Interaction
from adapters.discord.reactions import ReactionListener
from adapters.discord.responses import Responses
from adapters.discord.setup import Setup
from adapters.discord.setup_items import SetupButton, SetupChannel, SetupPost, SetupSelect
from adapters.discord.shared_links import SharedLinks
from adapters.discord.zotero_form import connected
from bot.chat.dispatch import Dispatcher
from bot.chat.reactions import Reactions
from bot.chat.registry import Registry
from bot.chat.shared_links import LinkWatch
from bot.domain.people import Place
from bot.library.app import App
from bot.runtime.trace import begin

log = structlog.get_logger()

# There is no voice here, so discord.py need not warn that packages for it are missing.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

INTENTS = discord.Intents(guilds=True, guild_reactions=True, dm_reactions=True)
"""None is privileged: servers with their channels, and reactions. What people write is not read."""
READING = INTENTS | discord.Intents(guild_messages=True, message_content=True)
"""To watch the links that people share, what they write must be read; Discord asks leave for that in its portal."""

LONGEST_WAIT = 60.0
"""Seconds discord.py waits for a rate limit by itself; beyond that the sender decides."""

_PATIENCE = 3.0
"""Seconds that commands have to be answered when the bot stops."""


class Tree(discord.app_commands.CommandTree["BareClient"]):
    """The commands, menus and completions: each interaction has an id in the log from here on."""

    async def interaction_check(self, _interaction: Interaction) -> bool:
        """Begin, and let everybody in: the dispatcher says who may do what."""
        begin("interaction")
        if task := asyncio.current_task():
            self.client.at_work.add(task)
            task.add_done_callback(self.client.at_work.discard)
        return True


class BareClient(commands.AutoShardedBot):
    """A client that knows the commands and nothing else: enough to register them and to ask Discord about itself."""

    def __init__(self, registry: Registry, *, reading: bool = False, **options: Any) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            tree_cls=Tree,
            help_command=None,
            intents=READING if reading else INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            max_ratelimit_timeout=LONGEST_WAIT,
            **options,
        )
        self.at_work: set[asyncio.Task[Any]] = set()
        """What answers commands and menus."""
        for command in slash_commands(registry):
            self.tree.add_command(command)
        for menu in menus():
            self.tree.add_command(menu)


class Client(BareClient):
    """The client that answers commands, presses and reactions."""

    def __init__(
        self,
        app: App,
        dispatcher: Dispatcher,
        reactions: Reactions,
        *,
        reading: bool = False,
        shard_ids: list[int] | None = None,
        shard_count: int | None = None,
        http_trace: aiohttp.TraceConfig | None = None,
    ) -> None:
        super().__init__(
            dispatcher.registry, reading=reading, shard_ids=shard_ids, shard_count=shard_count, http_trace=http_trace
        )
        self.names = CommandNames(dispatcher.registry)
        responses = Responses(app, self.names)
        self.interactions = Interactions(app, dispatcher, responses)
        self.setup = Setup(app, self.interactions, responses, self.names)
        self._store, self._clock = app.store, app.clock
        self._links = SharedLinks(self, LinkWatch(self._store), self.names)
        self._listener = ReactionListener(self, reactions, self._links, self._clock, self.names)
        self._cleaning = asyncio.Lock()
        self.tree.error(apologise)

    async def setup_hook(self) -> None:
        """Let the buttons and selects of every message ever sent work, and learn the ids of our commands."""
        self.add_dynamic_items(CommandButton, CommandSelect, SetupChannel, SetupPost, SetupSelect, SetupButton)
        await self._learn_ids()

    async def _learn_ids(self) -> None:
        try:
            self.names.ids.update({command.name: command.id for command in await self.tree.fetch_commands()})
        except discord.HTTPException as error:
            log.warning("commands are named without being pressed, because their ids are not known", reason=str(error))

    async def close(self) -> None:
        """Disconnect, once commands are answered (those that take long are not) and nothing is being deleted."""
        if others := self.at_work - {asyncio.current_task()}:
            await asyncio.wait(others, timeout=_PATIENCE)
        async with self._cleaning:
            await super().close()

    @apologising
    async def on_interaction(self, interaction: Interaction) -> None:
        """Take forms that were filled in; commands and components find their own way.

        A command with an id that is not known was registered after the start: its messages can name it from now on.
        """
        if self.names.learn(interaction.data or {}):
            await self._learn_ids()
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        if sent := noted(interaction.data or {}):
            await self.interactions.take_note(interaction, *sent)
        elif filled := connected(interaction.data or {}):
            await self.interactions.take_form(interaction, *filled)
            return
        await self.setup.submit(interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Take the links of a message; the client hears of none unless links may be watched."""
        begin("message")
        await self._links.heard(message)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Take the links of a message that was changed."""
        begin("message")
        self._links.changed(event.message_id)
        await self._links.heard(event.message, changed=True)

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Forget the links of a message that is gone."""
        begin("message")
        self._links.changed(event.message_id)
        await self._links.deleted(event)

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Take a reaction put on a message."""
        await self._listener.take(event, present=True)

    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        """Take a reaction taken off a message."""
        await self._listener.take(event, present=False)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Post no more to a channel that was deleted."""
        await self._switch_off(Place(PLATFORM, str(channel.guild.id), str(channel.id)))

    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """Post no more to a thread that was deleted."""
        await self._switch_off(Place(PLATFORM, str(event.guild_id), str(event.thread_id)))

    async def _switch_off(self, place: Place) -> None:
        for known in await self._store.posts_of(place.key):
            if known.enabled:
                log.info("a channel with a daily post was deleted", place=known.key)
                await self._store.save_destination(replace(known, enabled=False), now=self._clock.now())
        club = await self._store.club(place.key)
        if club and club.enabled:
            log.info("a channel with a reading group was deleted", place=place.key)
            await self._store.save_club(replace(club, enabled=False), now=self._clock.now())

    async def on_ready(self) -> None:
        """Delete what is known of servers that removed the bot while nobody was connected.

        A server with an outage is among those Discord names, so it is not taken for one that is gone.
        """
        async with self._cleaning:
            if not self.is_closed() and await self._is_own():
                await self._forget_absent()

    async def _is_own(self) -> bool:
        """Whether what is kept was kept for this bot: another one is in other servers, and those of the first go on."""
        bot = str(self.user.id) if self.user else ""
        if own := await self._store.is_kept_for(PLATFORM, bot):
            return own
        log.warning("this data folder is another bot's, so servers this bot is not in are not forgotten", bot=bot)
        return False

    async def _forget_absent(self) -> None:
        for workspace in await self._store.workspaces(PLATFORM):
            if workspace.isdecimal() and self._holds(int(workspace)) and self.get_guild(int(workspace)) is None:
                log.info("removed from a server meanwhile", guild=workspace)
                await self._store.forget_workspace(PLATFORM, workspace)

    def _holds(self, guild_id: int) -> bool:
        """Whether a server falls to a shard of this process."""
        return (guild_id >> 22) % (self.shard_count or 1) in self.shards

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Delete what is known of a server that removed the bot. An outage of Discord's is not this event."""
        log.info("removed from a server", guild=guild.id)
        await self._store.forget_workspace(PLATFORM, str(guild.id))
