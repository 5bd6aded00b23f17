"""The first set-up of Discord: the bot's token, the commands, the invitation, a test message."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from secrets import token_hex

import discord

from adapters.discord.client import BareClient
from adapters.discord.command_names import CommandNames
from adapters.discord.errors import translated
from adapters.discord.places import PLATFORM
from adapters.discord.posting import post
from adapters.discord.registration import PORTAL, invite_link, logged_in
from bot.chat.platforms import Question
from bot.chat.registry import Registry
from bot.config import Settings
from bot.domain.messages import Message
from bot.domain.people import Place
from bot.errors import DeliveryError, UserError

_TOKEN = Question(
    setting="DISCORD_TOKEN",
    text="Bot token",
    how=(
        f"Open {PORTAL} and make a New Application, say Paperboy.",
        "Under Bot press Reset Token and copy what it shows. No privileged intent is needed.",
    ),
    secret=True,
)
_MOST_SERVERS = 10


class DiscordSteps:
    """The `FirstSteps` of Discord."""

    title = "Discord"
    where = "channel"

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def questions(self, _settings: Settings) -> Sequence[Question]:
        """The bot's token."""
        return [_TOKEN]

    def made(self, _settings: Settings) -> Mapping[str, str]:
        """Nothing."""
        return {}

    async def check(self, _setting: str, settings: Settings) -> str:
        """Who the bot is to Discord."""
        async with self._client(settings) as client:
            application = await client.application_info()
        return f"Discord knows the bot as {application.name}."

    async def arrive(self, settings: Settings) -> Sequence[str]:
        """Register the commands; gives the link that invites the bot."""
        async with self._client(settings) as client:
            commands = await client.tree.sync()
            application = await client.application_info()
        names = ", ".join(f"/{each.name}" for each in commands if each.type is discord.AppCommandType.chat_input)
        return [
            f"Registered {names}.",
            f"Open this link to add {application.name} to your server: {invite_link(application.id)}",
        ]

    def greets(self, _settings: Settings) -> bool:
        """It can."""
        return True

    async def places(self, settings: Settings) -> Sequence[Place]:
        """The text channels of the servers the bot is in."""
        found: list[Place] = []
        async with self._client(settings) as client:
            async for guild in client.fetch_guilds(limit=_MOST_SERVERS, with_counts=False):
                channels = await guild.fetch_channels()
                found += [
                    Place(PLATFORM, str(guild.id), str(each.id), f"#{each.name} in {guild.name}")
                    for each in sorted(channels, key=lambda channel: channel.position)
                    if isinstance(each, discord.TextChannel)
                ]
        return found

    async def greet(self, channel: str, message: Message, settings: Settings) -> None:
        """Send a test message to a channel by its id."""
        if not channel.isdecimal():
            raise UserError(
                f"“{channel}” is not the id of a channel; with Developer Mode on (User Settings, Advanced) "
                "a right click on the channel copies it."
            )
        place = Place(PLATFORM, "", channel, "the channel")
        names = CommandNames(self._registry)
        async with self._client(settings) as client:
            names.ids.update({each.name: each.id for each in await client.tree.fetch_commands()})
            try:
                with translated(place.name):
                    await post(client, place, message, nonce=token_hex(), first="", code=names.write)
            except DeliveryError as error:
                raise UserError(f"Discord did not take the test message: {error}.") from error

    @asynccontextmanager
    async def _client(self, settings: Settings) -> AsyncIterator[BareClient]:
        token = settings.discord_token.get_secret_value()
        async with logged_in(self._registry, token, url=settings.discord_api_url) as client:
            yield client
