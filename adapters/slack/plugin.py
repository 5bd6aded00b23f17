"""Slack for those who start Paperboy; Slack's libraries are loaded when they are needed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from adapters.slack.transport import transport
from bot.chat.platforms import FirstSteps, Host, OpenPlatform
from bot.chat.registry import Registry
from bot.config import Settings
from bot.domain.messages import Message

if TYPE_CHECKING:
    from rich.console import Console


def is_set_up(settings: Settings) -> bool:
    """Whether the settings ask for Slack. Raises UserError, naming the settings that are missing."""
    return bool(transport(settings))


def first_steps(registry: Registry) -> FirstSteps:
    """What leads through the first set-up."""
    from adapters.slack.first_steps import SlackSteps

    return SlackSteps(registry)


@asynccontextmanager
async def open_platform(host: Host) -> AsyncIterator[OpenPlatform]:
    """Slack, ready to run. Raises UserError, and StoreError when a key does not fit."""
    from adapters.slack.wiring import from_settings

    async with host.open_tokens() as tokens:
        slack = from_settings(host.settings, host.app, host.dispatcher, host.reactions, tokens)
        yield OpenPlatform(slack.platform, slack.routes, connected=slack.platform.connected)


async def check(settings: Settings, _registry: Registry) -> str:
    """How Slack is set up. Raises UserError when something is wrong."""
    if not is_set_up(settings):
        return "not set up (SLACK_BOT_TOKEN or SLACK_SIGNING_SECRET and their companions are empty)"
    from adapters.slack.client import Api
    from adapters.slack.health import check as check_health

    return await check_health(settings, Api())


def preview(message: Message, console: "Console") -> None:
    """The blocks that Slack is sent, as JSON: its Block Kit Builder shows them."""
    from adapters.slack.render import render

    console.print_json(data={"blocks": render(message).blocks})
