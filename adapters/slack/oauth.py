"""Installing into many workspaces: Slack's OAuth, with state and installations in our own store."""

import logging
import secrets
from datetime import timedelta
from typing import Any

import aiohttp
import structlog
from slack_bolt.oauth.async_callback_options import (
    AsyncCallbackOptions,
    AsyncFailureArgs,
    DefaultAsyncCallbackOptions,
)
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import Installation as SlackInstallation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.manifest import SCOPES
from adapters.slack.posts import Posts
from adapters.slack.welcome import Welcome
from adapters.slack.workspaces import Authorize, Credentials, ManyWorkspaces
from bot.ports import Clock, Installations

log = structlog.get_logger()

INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"
_STATE_LASTS = timedelta(minutes=10)


class States(AsyncOAuthStateStore):
    """One-time secrets that tie the end of an installation to its beginning."""

    def __init__(self, kept: Installations, clock: Clock) -> None:
        self._kept = kept
        self._clock = clock

    async def async_issue(self, *_args: Any, **_kwargs: Any) -> str:
        """A new secret."""
        state, now = secrets.token_urlsafe(32), self._clock.now()
        await self._kept.issue_state(state, now=now, expires=now + _STATE_LASTS)
        return state

    async def async_consume(self, state: str) -> bool:
        """Whether this secret was issued here, not long ago, and not used before."""
        return await self._kept.consume_state(state, now=self._clock.now())


class KeptInstallations(AsyncInstallationStore):
    """Where bolt puts what an installation brought; reading goes through `Authorize`."""

    def __init__(self, workspaces: ManyWorkspaces, welcome: Welcome) -> None:
        self._workspaces = workspaces
        self._welcome = welcome

    async def async_save(self, installation: SlackInstallation) -> None:
        """Keep the bot's token, and who installed it, who is greeted. User tokens are not asked for."""
        bot = installation.to_bot()
        bot.set_custom_value("installer", installation.user_id)
        workspace = await self._workspaces.save(bot)
        await self._welcome.installer(await self._workspaces.client(workspace), str(installation.user_id))


class OAuthFlow(AsyncOAuthFlow):
    """Bolt's flow, with a page also for a Slack that cannot be reached."""

    async def handle_callback(self, request: AsyncBoltRequest) -> BoltResponse:
        """What Slack leads back to: exchanges the code for a token."""
        try:
            return await super().handle_callback(request)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.info("slack could not be asked for a token", error=type(error).__name__)
            return await _failed(self._failure(request, "slack_unreachable", 502))
        except SlackApiError as error:  # the token is good, but Slack does not say whose it is
            return await _failed(self._failure(request, str(error.response["error"]), 502))

    def _failure(self, request: AsyncBoltRequest, reason: str, status: int) -> AsyncFailureArgs:
        return AsyncFailureArgs(
            request=request,
            reason=reason,
            suggested_status_code=status,
            settings=self.settings,
            default=self.default_callback_options,
        )


async def _failed(failure: AsyncFailureArgs) -> BoltResponse:
    """The page for an installation that came to nothing, which is logged without the code: that is a secret."""
    log.warning("an installation failed", reason=failure.reason)
    return await failure.default.failure(failure)


def _quiet_logger() -> logging.Logger:
    """Bolt logs a rejected code itself, as it was given; why it was rejected is logged here."""
    logger = logging.getLogger(f"{__name__}.bolt")
    logger.setLevel(logging.ERROR)
    return logger


def oauth_flow(
    workspaces: ManyWorkspaces,
    kept: Installations,
    credentials: Credentials,
    clock: Clock,
    client: AsyncWebClient,
    welcome: Welcome,
    posts: Posts,
) -> AsyncOAuthFlow:
    """Bolt's flow: the page to install from, and what Slack leads back to."""
    settings = AsyncOAuthSettings(
        client_id=credentials.client_id,
        client_secret=credentials.client_secret,
        scopes=list(SCOPES),
        user_scopes=[],
        install_path=INSTALL_PATH,
        redirect_uri_path=REDIRECT_PATH,
        state_store=States(kept, clock),
        state_expiration_seconds=int(_STATE_LASTS.total_seconds()),
        installation_store=KeptInstallations(workspaces, welcome),
    )
    pages = DefaultAsyncCallbackOptions(
        logger=_quiet_logger(),
        state_utils=settings.state_utils,
        redirect_uri_page_renderer=settings.redirect_uri_page_renderer,
    )
    settings.callback_options = AsyncCallbackOptions(success=pages.success, failure=_failed)
    settings.authorize = Authorize(workspaces, posts)
    return OAuthFlow(client=client, logger=_quiet_logger(), settings=settings)
