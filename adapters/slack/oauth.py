"""Installing into many workspaces: Slack's OAuth, with state and installations in our own store."""

import secrets
from datetime import timedelta
from typing import Any

from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import Installation as SlackInstallation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.manifest import SCOPES
from adapters.slack.workspaces import Authorize, Credentials, ManyWorkspaces
from bot.ports import Clock, Installations

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
        state = secrets.token_urlsafe(32)
        await self._kept.issue_state(state, expires=self._clock.now() + _STATE_LASTS)
        return state

    async def async_consume(self, state: str) -> bool:
        """Whether this secret was issued here, not long ago, and not used before."""
        return await self._kept.consume_state(state, now=self._clock.now())


class KeptInstallations(AsyncInstallationStore):
    """Where bolt puts what an installation brought; reading goes through `Authorize`."""

    def __init__(self, workspaces: ManyWorkspaces) -> None:
        self._workspaces = workspaces

    async def async_save(self, installation: SlackInstallation) -> None:
        """Keep the bot's token, and who installed it. User tokens are not asked for."""
        bot = installation.to_bot()
        bot.set_custom_value("installer", installation.user_id)
        await self._workspaces.save(bot)


def oauth_flow(
    workspaces: ManyWorkspaces, kept: Installations, credentials: Credentials, clock: Clock, client: AsyncWebClient
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
        installation_store=KeptInstallations(workspaces),
    )
    settings.authorize = Authorize(workspaces)
    return AsyncOAuthFlow(client=client, settings=settings)
