"""Discord as a Platform: connect, post, tell admins."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import discord

from adapters.discord.address import speak_to
from adapters.discord.client import Client
from adapters.discord.errors import InvalidRequests, translated
from adapters.discord.history import end_poll, find_message
from adapters.discord.permissions import LEAVE_TO_READ
from adapters.discord.places import PLATFORM
from adapters.discord.posting import open_talk, post
from adapters.discord.render import render
from bot.chat.dispatch import Dispatcher
from bot.chat.reactions import Reactions
from bot.config import Settings
from bot.domain.messages import Message
from bot.domain.people import Place
from bot.errors import RefusedError, UnclearError, UserError
from bot.library.app import App
from bot.ports import unheard
from bot.runtime.rate_limit import REAL_TIME, RateLimit, Spacing, Timer

_POSTS, _WITHIN = 50, 1.02
"""Discord takes 50 requests a second of a bot; discord.py knows of that limit only once it was hit."""

_SECONDS_BETWEEN_POSTS = 1.02
"""Discord takes 5 messages in 5 seconds of a channel; what discord.py holds back for that would go out of pace."""


class DiscordPlatform:
    """Everything between the core and Discord; waits for its pace by `timer`."""

    name = PLATFORM
    repeatable = True
    daily_messages = 10  # Discord publishes so many an hour of an announcement channel.

    def __init__(self, client: Client, token: str, invalid: InvalidRequests, timer: Timer = REAL_TIME) -> None:
        self.client = client
        self._token = token
        self._invalid = invalid
        self._timer = timer
        self._limit: RateLimit | None = None
        self._running = False
        self._spacing = Spacing(_SECONDS_BETWEEN_POSTS, timer)

    async def run(self, ready: Callable[[], None] = unheard) -> None:
        """Stay connected, answer commands and take reactions, until cancelled. Raises UserError for a bad token."""
        self._running = True
        async with self.client:
            connecting = asyncio.create_task(self._tell(ready))
            try:
                await self.client.start(self._token)
            except discord.LoginFailure as error:
                raise UserError("Discord does not accept DISCORD_TOKEN. `paperboy doctor` says more.") from error
            except discord.PrivilegedIntentsRequired as error:
                raise UserError(f"PAPERBOY_DISCORD_LINKED_PAPERS is on, but {LEAVE_TO_READ}") from error
            finally:
                connecting.cancel()

    async def _tell(self, ready: Callable[[], None]) -> None:
        await self.client.wait_until_ready()
        ready()

    def connected(self) -> bool | None:
        """Whether every shard of this process is connected; None where it is not run."""
        if not self._running:
            return None
        return self.client.is_ready() and not any(shard.is_closed() for shard in self.client.shards.values())

    def reaches(self, place: Place) -> bool:
        """Whether this process holds the shard of a place; direct messages come to shard 0."""
        if place.platform != PLATFORM or not self.client.is_ready():
            return False
        shards = self.client.shard_count or 1
        shard = 0 if place.private else (int(place.workspace) >> 22) % shards
        return shard in self.client.shards

    async def send(self, place: Place, message: Message, *, nonce: str, first: str = "") -> str:
        """Show a message in a place and return its id. Raises RefusedError, PostponedError or UnclearError."""
        self._invalid.check()
        await self._spacing.turn(place.channel, self._shared_limit())
        with translated(place.name or place.channel):
            return await post(self.client, place, message, nonce=nonce, first=first, code=self.client.names.write)

    def _shared_limit(self) -> RateLimit:
        """The pace of this process: the bot's limit is shared by the processes that hold its shards."""
        if self._limit is None:
            share = len(self.client.shards) / (self.client.shard_count or 1) or 1.0
            most = max(1, int(_POSTS * share))
            self._limit = RateLimit(most, _WITHIN * most / (_POSTS * share), self._timer)
        return self._limit

    async def recall(
        self, place: Place, nonce: str, since: datetime, *, message: Message, first: str = ""
    ) -> str | None:
        """The id of the message that was sent with a nonce, None where the channel does not show it.

        Raises UnclearError where the channel cannot be read, and PostponedError.
        """
        self._invalid.check()
        if since > datetime.now(UTC) + timedelta(minutes=5):
            raise UnclearError("The clock was set back since")
        try:
            with translated(place.name or place.channel, looking=True):
                return await find_message(self.client, place, nonce, since, message=message, first=first)
        except RefusedError as error:
            raise UnclearError(str(error)) from error

    async def end_poll(self, place: Place, sent: Sequence[str]) -> Mapping[int, int] | None:
        """End the poll that is the last of some messages and count it. Raises RefusedError and PostponedError."""
        self._invalid.check()
        with translated(place.name or place.channel, looking=True):
            return await end_poll(self.client, place, sent)

    async def tell_admins(self, place: Place, message: Message) -> None:
        """Send a message to the server's moderators' channel, else to its owner. Raises DeliveryError."""
        self._invalid.check()
        with translated(f"the admins of {place.name or place.workspace}"):
            for target in await self._admins(place):
                try:
                    shown = render(message, self.client.names.write)
                    await target.send(view=shown.view, files=shown.files)
                except discord.Forbidden:
                    continue
                return
        raise RefusedError("Nobody who manages the server could be told")

    async def _admins(self, place: Place) -> list[discord.abc.Messageable]:
        if place.private:
            return [await open_talk(self.client, place.channel)]
        guild = self.client.get_guild(int(place.workspace))
        if guild is None:
            return []
        talk = await self.client.create_dm(discord.Object(guild.owner_id)) if guild.owner_id else None
        return [target for target in (guild.public_updates_channel, talk) if target]


def from_settings(
    settings: Settings, app: App, dispatcher: Dispatcher, reactions: Reactions, timer: Timer = REAL_TIME
) -> DiscordPlatform:
    """Discord as the settings describe it. Raises UserError for shards that make no sense."""
    shard_ids, shard_count = parse_shards(settings.discord_shards)
    speak_to(settings.discord_api_url)
    invalid = InvalidRequests(app.clock)
    client = Client(
        app,
        dispatcher,
        reactions,
        reading=settings.discord_linked_papers,
        shard_ids=shard_ids,
        shard_count=shard_count,
        http_trace=invalid.trace,
    )
    token = settings.discord_token.get_secret_value()
    return DiscordPlatform(client, token, invalid, timer)


def parse_shards(typed: str) -> tuple[list[int] | None, int | None]:
    """Shards of this process and of all, from `0-3/8`; all that Discord recommends when empty. Raises UserError."""
    if not typed:
        return None, None
    match = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?/(\d{1,5})", typed.replace(" ", ""))
    if match:
        first, last, count = int(match[1]), int(match[2] or match[1]), int(match[3])
        if first <= last < count:
            return list(range(first, last + 1)), count
    raise UserError(
        f"“{typed}” is not a range of shards; write 0/2 and 1/2, or 0-3/8 and 4-7/8, for processes that share them."
    )
