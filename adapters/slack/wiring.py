"""Putting Slack together from the settings."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from adapters.slack import PLATFORM
from adapters.slack.brought_files import FILES_HOST, BroughtFiles
from adapters.slack.channels import Channels
from adapters.slack.client import Api, Workspaces, web_client
from adapters.slack.commands import Commands
from adapters.slack.home import Home
from adapters.slack.interactions import Interactions
from adapters.slack.listeners import Listeners
from adapters.slack.oauth import INSTALL_PATH, oauth_flow
from adapters.slack.platform import SlackPlatform, SocketMode
from adapters.slack.posts import Posts
from adapters.slack.reactions import ReactionEvents
from adapters.slack.requester import Profiles
from adapters.slack.responses import Responses
from adapters.slack.shared_links import SharedLinks
from adapters.slack.shortcuts import Shortcuts
from adapters.slack.transport import transport
from adapters.slack.unfurls import Unfurls
from adapters.slack.web import SignedHttp
from adapters.slack.welcome import Welcome
from adapters.slack.workspaces import AuthorizeOne, Credentials, ManyWorkspaces, OneWorkspace
from bot.chat.dispatch import Dispatcher
from bot.chat.reactions import Reactions
from bot.chat.unfurling import Unfurling
from bot.config import Settings
from bot.library.app import App
from bot.ports import TokenStore

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Slack:
    """Slack, ready to run: the platform, and routes for the web server (none with Socket Mode)."""

    platform: SlackPlatform
    routes: Sequence[web.RouteDef] = field(default=())


def from_settings(
    settings: Settings,
    app: App,
    dispatcher: Dispatcher,
    reactions: Reactions,
    tokens: TokenStore,
    *,
    api: Api | None = None,
) -> Slack:
    """Slack as the settings say. Raises UserError, naming what is missing."""
    connect = _socket_mode if transport(settings) == "socket" else _signed_http
    return connect(settings, app, dispatcher, reactions, tokens, api or Api())


def _socket_mode(
    settings: Settings, app: App, dispatcher: Dispatcher, reactions: Reactions, tokens: TokenStore, api: Api
) -> Slack:
    client = web_client(settings.slack_bot_token.get_secret_value(), url=settings.slack_api_url)
    workspace = OneWorkspace(client, api)
    # Without it bolt would make an OAuth flow of its own wherever SLACK_CLIENT_ID is in the environment, even empty.
    authorize = cast("Callable[..., Awaitable[AuthorizeResult]]", AuthorizeOne(workspace))
    bolt = AsyncApp(client=web_client(url=settings.slack_api_url), name="paperboy", authorize=authorize)
    listeners = _listeners(app, dispatcher, reactions, tokens, workspace, api, settings.slack_api_url)
    listeners.listen(bolt)
    connection = SocketMode(bolt, settings.slack_app_token.get_secret_value(), workspace, api)
    return Slack(SlackPlatform(connection, workspace, api, app.clock, listeners.finish))


def _signed_http(
    settings: Settings, app: App, dispatcher: Dispatcher, reactions: Reactions, tokens: TokenStore, api: Api
) -> Slack:
    clock, signing_secret = app.clock, settings.slack_signing_secret.get_secret_value()
    credentials = Credentials(settings.slack_client_id, settings.slack_client_secret.get_secret_value())
    workspaces = ManyWorkspaces(tokens, credentials, clock, api, url=settings.slack_api_url)
    client = web_client(url=settings.slack_api_url)
    flow = oauth_flow(workspaces, tokens, credentials, clock, client, Welcome(app.store, api), Posts(app.store))
    bolt = AsyncApp(
        client=client,
        name="paperboy",
        signing_secret=signing_secret,
        oauth_flow=flow,
        user_facing_authorize_error_message=_not_installed(settings.public_url),
    )
    listeners = _listeners(app, dispatcher, reactions, tokens, workspaces, api, settings.slack_api_url)
    listeners.listen(bolt)
    http = SignedHttp(bolt, flow, signing_secret, clock, proxies=settings.http_proxies)
    return Slack(SlackPlatform(http, workspaces, api, clock, listeners.finish), http.routes())


def _not_installed(public_url: str) -> str:
    """What somebody is told whose workspace is not known, and whose press came from nothing of ours."""
    page = f"{public_url.rstrip('/')}{INSTALL_PATH}"
    how = f"Whoever manages it can add Paperboy at {page}." if public_url else "Whoever manages it can add Paperboy."
    return f"Paperboy is not installed in your workspace, so nothing was done. {how}"


def _listeners(
    app: App,
    dispatcher: Dispatcher,
    reactions: Reactions,
    tokens: TokenStore,
    workspaces: Workspaces,
    api: Api,
    url: str,
) -> Listeners:
    clock = app.clock
    profiles, posts = Profiles(api, clock), Posts(app.store)
    channels = Channels(api)
    commands = Commands(dispatcher, profiles, channels)
    responses = Responses(app, api)
    interactions = Interactions(app, commands, responses, Home(app, commands), api)

    async def uninstalled(workspace: str) -> None:
        """Delete everything of a workspace, or of every workspace of an organisation."""
        lost = {workspace, *await tokens.remove_installation(PLATFORM, workspace)}
        for each in sorted(lost):
            await app.store.forget_workspace(PLATFORM, each)
        log.info("paperboy was removed from a workspace", workspaces=sorted(lost))

    return Listeners(
        dispatcher,
        interactions,
        Shortcuts(app.store, posts, commands, responses),
        ReactionEvents(reactions, posts, profiles, api),
        SharedLinks(app.store, posts, profiles, channels, api),
        Unfurls(Unfurling(app, dispatcher.limits), profiles, channels, api),
        BroughtFiles(commands, profiles, api, {FILES_HOST, urlsplit(url).netloc}),
        Welcome(app.store, api),
        profiles,
        workspaces.includes,
        tokens,
        clock,
        uninstalled,
    )
