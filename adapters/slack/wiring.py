"""Putting Slack together from the settings."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, cast

import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from adapters.slack import PLATFORM
from adapters.slack.client import Api, web_client
from adapters.slack.home import Home
from adapters.slack.interactions import Interactions
from adapters.slack.listeners import Listeners
from adapters.slack.oauth import oauth_flow
from adapters.slack.platform import SlackPlatform, SocketMode
from adapters.slack.reactions import ReactionEvents
from adapters.slack.requester import Profiles
from adapters.slack.responses import Conversation
from adapters.slack.shared_links import SharedLinks
from adapters.slack.shortcuts import Shortcuts
from adapters.slack.transport import transport
from adapters.slack.web import SignedHttp
from adapters.slack.workspaces import AuthorizeOne, Credentials, ManyWorkspaces, OneWorkspace
from bot.chat.dispatch import Dispatcher
from bot.chat.reactions import Reactions
from bot.chat.shared_links import LinkWatch
from bot.config import Settings
from bot.ports import Installations, SeenEvents

log = structlog.get_logger()


class Kept(Installations, SeenEvents, Protocol):
    """What Slack needs kept."""


@dataclass(frozen=True, slots=True)
class Slack:
    """Slack, ready to run: the platform, and routes for the web server (none with Socket Mode)."""

    platform: SlackPlatform
    routes: Sequence[web.RouteDef] = field(default=())


def from_settings(
    settings: Settings, dispatcher: Dispatcher, reactions: Reactions, kept: Kept, *, api: Api | None = None
) -> Slack | None:
    """Slack as the settings say; None when they say nothing of it. Raises UserError, naming what is missing."""
    match transport(settings):
        case "socket":
            return _socket_mode(settings, dispatcher, reactions, kept, api or Api())
        case "http":
            return _signed_http(settings, dispatcher, reactions, kept, api or Api())
        case _:
            return None


def _socket_mode(settings: Settings, dispatcher: Dispatcher, reactions: Reactions, kept: Kept, api: Api) -> Slack:
    client = web_client(settings.slack_bot_token.get_secret_value(), url=settings.slack_api_url)
    workspace = OneWorkspace(client, api)
    # Without it bolt would make an OAuth flow of its own wherever SLACK_CLIENT_ID is in the environment, even empty.
    authorize = cast("Callable[..., Awaitable[AuthorizeResult]]", AuthorizeOne(workspace))
    app = AsyncApp(client=web_client(url=settings.slack_api_url), name="paperboy", authorize=authorize)
    listeners = _listeners(dispatcher, reactions, kept, api)
    listeners.listen(app)
    connection = SocketMode(app, settings.slack_app_token.get_secret_value(), workspace)
    return Slack(SlackPlatform(connection, workspace, api, listeners.finish))


def _signed_http(settings: Settings, dispatcher: Dispatcher, reactions: Reactions, kept: Kept, api: Api) -> Slack:
    clock = dispatcher.library.clock
    credentials = Credentials(settings.slack_client_id, settings.slack_client_secret.get_secret_value())
    workspaces = ManyWorkspaces(kept, credentials, clock, api, url=settings.slack_api_url)
    client = web_client(url=settings.slack_api_url)
    flow = oauth_flow(workspaces, kept, credentials, clock, client)
    app = AsyncApp(
        client=client,
        name="paperboy",
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        oauth_flow=flow,
    )
    listeners = _listeners(dispatcher, reactions, kept, api)
    listeners.listen(app)
    http = SignedHttp(app, flow)
    return Slack(SlackPlatform(http, workspaces, api, listeners.finish), http.routes())


def _listeners(dispatcher: Dispatcher, reactions: Reactions, kept: Kept, api: Api) -> Listeners:
    clock = dispatcher.library.clock
    conversation = Conversation(dispatcher, Profiles(api, clock), api)
    presses = Interactions(conversation, Home(dispatcher))

    async def uninstalled(workspace: str) -> None:
        """Delete everything of a workspace, or of every workspace of an organisation."""
        lost = {workspace, *await kept.remove_installation(PLATFORM, workspace)}
        for each in sorted(lost):
            await dispatcher.library.store.forget_workspace(PLATFORM, each)
        log.info("paperboy was removed from a workspace", workspaces=sorted(lost))

    return Listeners(
        presses,
        Shortcuts(conversation, presses),
        ReactionEvents(reactions, api),
        SharedLinks(LinkWatch(dispatcher.library.store)),
        kept,
        clock,
        uninstalled,
    )
