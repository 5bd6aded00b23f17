"""Bringing the bot to Discord: registering its commands, inviting it, and what can be wrong with it there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord

from adapters.discord.address import API_URL, speak_to
from adapters.discord.client import BareClient
from adapters.discord.permissions import LEAVE_TO_READ, NEEDED
from bot.chat.registry import Registry
from bot.errors import UserError

PORTAL = "https://discord.com/developers/applications"


async def sync_commands(
    registry: Registry, token: str, guild_id: int | None = None, *, url: str = API_URL
) -> list[str]:
    """Register the commands everywhere, or in one server, at once; returns their names. Raises UserError."""
    async with logged_in(registry, token, url=url) as client:
        guild = discord.Object(guild_id) if guild_id else None
        if guild:
            client.tree.copy_global_to(guild=guild)
        return [command.name for command in await client.tree.sync(guild=guild)]


def command_payloads(registry: Registry) -> list[dict[str, Any]]:
    """What `sync_commands` would send."""
    client = BareClient(registry)
    return [command.to_dict(client.tree) for command in client.tree.get_commands()]


async def check(registry: Registry, token: str, *, reading: bool = False, url: str = API_URL) -> str:
    """Who the bot is, what it hears, and the link that invites it; `reading` is whether links are to be watched.

    Raises UserError when something is wrong.
    """
    async with logged_in(registry, token, url=url) as client:
        application = await client.application_info()
        if application.interactions_endpoint_url:
            raise UserError(
                f"{application.name} sends what is asked to {application.interactions_endpoint_url}, not to this bot; "
                "empty the Interactions Endpoint URL in Discord's developer portal"
            )
        if reading and not _may_read(application):
            raise UserError(f"PAPERBOY_DISCORD_LINKED_PAPERS is on, but {LEAVE_TO_READ}")
        registered = await client.tree.fetch_commands()
    parts = [
        application.name,
        _heard(reading=reading),
        "" if registered else "no commands are registered yet: `paperboy sync-commands`",
        "" if application.user_integration_config else _NO_USER_INSTALL,
        f"invite it: {invite_link(application.id)}",
    ]
    return "; ".join(filter(None, parts))


_NO_USER_INSTALL = "people cannot add it to their own account: switch on User Install under Installation in the portal"


def _may_read(application: discord.AppInfo) -> bool:
    """Whether the portal grants the intent; an application in few servers has it `limited`."""
    return application.flags.gateway_message_content or application.flags.gateway_message_content_limited


def _heard(*, reading: bool) -> str:
    if reading:
        return "intents guilds, guild_reactions, dm_reactions, guild_messages and message_content (granted)"
    return "intents guilds, guild_reactions and dm_reactions (none is privileged)"


def invite_link(application_id: int) -> str:
    """The link that adds the bot to a server with exactly the permissions it needs."""
    return discord.utils.oauth_url(application_id, permissions=NEEDED, scopes=("bot", "applications.commands"))


@asynccontextmanager
async def logged_in(registry: Registry, token: str, *, url: str = API_URL) -> AsyncIterator[BareClient]:
    """A client that may ask Discord, without a gateway. Raises UserError, also for what Discord then refuses."""
    speak_to(url)
    if not token:
        raise UserError(f"DISCORD_TOKEN is empty; make a bot at {PORTAL}")
    async with BareClient(registry) as client:
        try:
            await client.login(token)
            yield client
        except discord.LoginFailure:
            raise UserError(
                f"Discord does not accept DISCORD_TOKEN; reset it in Discord's developer portal ({PORTAL}, Bot)"
            ) from None
        except discord.HTTPException as error:
            raise UserError(f"Discord answers {error.status}: {error.text or error.response.reason}") from None
        except (aiohttp.ClientError, OSError) as error:
            raise UserError(f"Discord cannot be reached: {error}") from None
