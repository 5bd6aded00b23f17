"""Discord, Slack and e-mail, and what is served over HTTP."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.bootstrap.terminal import dispatcher
from bot.config import Settings
from bot.domain.messages import Message
from bot.library.app import App
from bot.ports import Clock, TokenStore

if TYPE_CHECKING:
    from rich.console import Console

    from adapters.email.wiring import Email
    from adapters.metrics import Metrics
    from bot.chat.platforms import FirstSteps, OpenPlatform
    from bot.runtime.ticks import Connection


def platform_names() -> list[str]:
    """The platforms there are besides the terminal, set up or not."""
    from adapters.platforms import PLATFORMS

    return list(PLATFORMS)


def previews() -> Mapping[str, Callable[[Message, "Console"], None]]:
    """Platform -> what prints a message as it would look there. Raises UserError when called without its extra."""
    from adapters.console.render import show

    return {"console": show, **{name: partial(_preview, name) for name in platform_names()}}


def _preview(name: str, message: Message, console: "Console") -> None:
    from adapters.platforms import load_plugin, needing_extra

    with needing_extra(name):
        load_plugin(name).preview(message, console)


def first_steps(name: str) -> "FirstSteps":
    """What leads through the first set-up of a platform. Raises UserError without its extra."""
    from adapters.platforms import load_plugin, needing_extra
    from bot.commands import registry

    with needing_extra(name):
        return load_plugin(name).first_steps(registry)


async def check_platform(name: str, settings: Settings) -> str:
    """How a platform is set up. Raises UserError when something is wrong."""
    from adapters.platforms import load_plugin, needing_extra
    from bot.commands import registry

    with needing_extra(name):
        return await load_plugin(name).check(settings, registry)


def write_mail(message: Message, clock: Clock, path: Path) -> None:
    """Write a message as a mail to look at: a web page, or where the file's name ends in .eml the mail itself."""
    from adapters.platforms import needing_extra

    with needing_extra("email"):
        from adapters.email.preview import write
    write(message, clock, path)


def discord_commands() -> list[dict[str, Any]]:
    """The commands as they are registered with Discord."""
    from adapters.platforms import needing_extra
    from bot.commands import registry

    with needing_extra("discord"):
        from adapters.discord.registration import command_payloads

    return command_payloads(registry)


async def sync_discord(settings: Settings, guild: int | None) -> list[str]:
    """Register the commands with Discord, in one server or everywhere; returns their names. Raises UserError."""
    from adapters.platforms import needing_extra
    from bot.commands import registry

    with needing_extra("discord"):
        from adapters.discord.registration import sync_commands

    token = settings.discord_token.get_secret_value()
    return await sync_commands(registry, token, guild, url=settings.discord_api_url)


def slack_manifest(public_url: str, *, links: bool) -> dict[str, Any]:
    """The manifest of the Slack app; for Socket Mode without a URL, and with `links` for watching links."""
    from adapters.platforms import needing_extra
    from bot.commands import registry

    with needing_extra("slack"):
        from adapters.slack.manifest import manifest

    return manifest(registry, public_url=public_url, links=links)


@asynccontextmanager
async def open_tokens(settings: Settings) -> AsyncIterator[TokenStore]:
    """The tokens that workspaces gave, encrypted with the newest key. Raises StoreError when a key does not fit."""
    from storage.sql.tokens import Tokens

    keys = [key.get_secret_value() for key in settings.token_keys]
    async with Tokens(settings.database, keys) as tokens:
        if keys:
            await tokens.encrypt_anew()
        yield tokens


def open_email(settings: Settings, app: App) -> "Email":
    """E-mail, answering from an app. Raises UserError, naming what is missing."""
    from adapters.platforms import load_plugin, needing_extra

    load_plugin("email").is_set_up(settings)
    with needing_extra("email"):
        from adapters.email.wiring import from_settings
    return from_settings(settings, app, dispatcher(app))


def open_metrics(settings: Settings, app: App) -> "Metrics | None":
    """Figures for Prometheus; None when nobody is to read them."""
    secret = settings.metrics_secret.get_secret_value()
    if not secret:
        return None
    from adapters.metrics import Metrics

    return Metrics(app, secret, settings.data_dir)


@dataclass(frozen=True, slots=True)
class Connected:
    """The platforms that are set up, by name, and the web server, where there is anything to serve."""

    platforms: Mapping[str, "OpenPlatform"]
    server: "Connection | None" = None


@asynccontextmanager
async def open_platforms(settings: Settings, app: App) -> AsyncIterator[Connected]:
    """Every platform that is set up. Raises UserError and StoreError."""
    from adapters.platforms import load_plugin, needing_extra
    from bot.chat.platforms import Host, OpenPlatform
    from bot.chat.reactions import Reactions
    from bot.runtime.limits import Limits

    metrics = open_metrics(settings, app)
    limits = Limits(settings.limit_person, settings.limit_workspace)
    answers = dispatcher(app, metrics.answered if metrics else None, limits)
    reactions = Reactions(app.store, app.library.lookup, limits)
    host = Host(settings, app, answers, reactions, partial(open_tokens, settings))
    opened: dict[str, OpenPlatform] = {}
    async with AsyncExitStack() as stack:
        for name in platform_names():
            plugin = load_plugin(name)
            if plugin.is_set_up(settings):
                with needing_extra(name):
                    opened[name] = await stack.enter_async_context(plugin.open_platform(host))
        routes = [route for each in opened.values() for route in each.routes]
        if settings.public_url:
            with needing_extra("discord"):
                from adapters.feeds.page import FeedPages

            routes += FeedPages(app).routes()
        if metrics:
            from adapters.status.page import StatusPage

            routes += [
                metrics.route({name: each.connected for name, each in opened.items()}),
                StatusPage(app, settings.metrics_secret.get_secret_value()).route(),
            ]
        yield Connected(opened, _server(settings, routes) if routes else None)


def _server(settings: Settings, routes: Sequence[Any]) -> "Connection":
    from adapters.http import application, serve

    return partial(serve, application(routes), settings.http_host, settings.http_port)
