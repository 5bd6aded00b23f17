"""Discord for those who start Paperboy; discord.py is loaded when it is needed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

from bot.chat.platforms import FirstSteps, Host, OpenPlatform
from bot.chat.registry import Registry
from bot.config import Settings
from bot.domain.messages import Message

if TYPE_CHECKING:
    from rich.console import Console


def is_set_up(settings: Settings) -> bool:
    """Whether there is a bot's token."""
    return bool(settings.discord_token.get_secret_value())


def first_steps(registry: Registry) -> FirstSteps:
    """What leads through the first set-up."""
    from adapters.discord.first_steps import DiscordSteps

    return DiscordSteps(registry)


@asynccontextmanager
async def open_platform(host: Host) -> AsyncIterator[OpenPlatform]:
    """Discord, ready to run. Raises UserError for shards that make no sense."""
    from adapters.discord.platform import from_settings

    platform = from_settings(host.settings, host.app, host.dispatcher, host.reactions)
    yield OpenPlatform(platform, connected=platform.connected)


async def check(settings: Settings, registry: Registry) -> str:
    """How Discord is set up, with the link that invites the bot. Raises UserError when something is wrong."""
    if not is_set_up(settings):
        return "not set up (DISCORD_TOKEN is empty)"
    from adapters.discord.registration import check as check_registration

    token = settings.discord_token.get_secret_value()
    return await check_registration(
        registry, token, reading=settings.discord_linked_papers, url=settings.discord_api_url
    )


def preview(message: Message, console: "Console") -> None:
    """The components that Discord is sent, as JSON."""
    from adapters.discord.render import render

    view = cast("Any", render(message).view)  # discord.py says nothing of what `to_components` gives
    console.print_json(data=view.to_components())
