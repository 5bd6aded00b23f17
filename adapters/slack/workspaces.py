"""Where Paperboy is installed: one workspace with a token of the settings, or many with tokens of the store."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import PLATFORM
from adapters.slack.client import API_URL, Api, web_client
from adapters.slack.posts import Posts
from bot.errors import DeliveryError, RefusedError
from bot.ports import Clock, Installation, Installations

ROTATE_BEFORE = 2 * 60 * 60
"""Seconds before a token expires at which it is changed for a new one."""
_STRANGER_FOR = 10 * 60
_MOST_PAGES = 100

log = structlog.get_logger()


class OneWorkspace:
    """The workspace of a token."""

    def __init__(self, client: AsyncWebClient, api: Api) -> None:
        self._client = client
        self._api = api
        self._team = ""
        self.bot: AuthorizeResult | None = None

    async def connect(self) -> None:
        """Find out which workspace it is. Raises DeliveryError when the token is not good."""
        answer = await self._api.call(self._client.auth_test)
        self._team = answer["team_id"]
        self.bot = AuthorizeResult(
            enterprise_id=answer.get("enterprise_id"),
            team_id=answer["team_id"],
            bot_id=answer.get("bot_id"),
            bot_user_id=answer["user_id"],
            bot_token=self._client.token,
        )

    def knows(self, workspace: str) -> bool:
        """Whether it is this workspace; any may be, before `connect`."""
        return self._team in {"", workspace}

    async def client(self, workspace: str) -> AsyncWebClient:
        """The client with the token. Raises RefusedError for another workspace."""
        if not self.knows(workspace):
            raise RefusedError(f"Paperboy is not installed in {workspace}")
        return self._client

    async def includes(self, organisation: str, workspace: str) -> bool:
        """Whether it is this workspace; no other counts."""
        return self.knows(workspace)

    async def installer(self, workspace: str) -> str:
        """Nobody knows."""
        return ""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What identifies the app to Slack."""

    client_id: str
    client_secret: str


class ManyWorkspaces:
    """The workspaces that installed the app, each with a token that is renewed before it expires."""

    def __init__(
        self, kept: Installations, credentials: Credentials, clock: Clock, api: Api, *, url: str = API_URL
    ) -> None:
        self._kept = kept
        self._credentials = credentials
        self._clock = clock
        self._api = api
        self._url = url
        self._strangers: dict[tuple[str, str], int] = {}
        """Organisations and workspaces that are not theirs -> until when (seconds) Slack is not asked again."""

    def knows(self, workspace: str) -> bool:
        """Whether any may be known: asking the store comes with sending."""
        return bool(workspace)

    async def client(self, workspace: str) -> AsyncWebClient:
        """A client with the workspace's token. Raises RefusedError where Paperboy is not installed."""
        bot = await self.bot(workspace)
        if bot is None:
            raise RefusedError(f"Paperboy is not installed in {workspace}")
        return web_client(bot.bot_token, url=self._url)

    async def installer(self, workspace: str) -> str:
        """Who installed it there, as a user id; empty when that is not known."""
        kept = await self._kept.installation(PLATFORM, workspace)
        return str(read_bot(kept.secrets).get_custom_value("installer") or "") if kept else ""

    async def save(self, bot: Bot) -> str:
        """Keep leave to act, in place of what was kept of the workspace or organisation."""
        workspace = (bot.enterprise_id if bot.is_enterprise_install else bot.team_id) or ""
        await self._kept.save_installation(Installation(PLATFORM, workspace, write_bot(bot)))
        return workspace

    async def includes(self, organisation: str, workspace: str) -> bool:
        """Whether a workspace belongs to an organisation in which Paperboy is installed; Slack is asked once.

        One that does is remembered as acting with the leave of its organisation, so that posts can be sent there.
        """
        if kept := await self._kept.installation(PLATFORM, workspace):
            return organisation in {kept.workspace, kept.parent}
        if self._strangers.get((organisation, workspace), 0) > self._now():
            return False
        if not await self._is_listed(organisation, workspace):
            self._strangers[organisation, workspace] = self._now() + _STRANGER_FOR
            return False
        await self._kept.save_installation(Installation(PLATFORM, workspace, parent=organisation))
        return True

    async def _is_listed(self, organisation: str, workspace: str) -> bool:
        """Whether Slack names a workspace among those of an organisation that approved Paperboy."""
        client, cursor = await self.client(organisation), ""
        for _ in range(_MOST_PAGES):
            try:
                page = await self._api.call(client.auth_teams_list, limit=200, cursor=cursor or None)
            except DeliveryError as error:
                log.warning("slack does not tell the workspaces of an organisation", reason=str(error))
                return False
            if any(each["id"] == workspace for each in page["teams"]):
                return True
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return False

    async def acting_bot(self, workspace: str) -> Bot | None:
        """The token with which Paperboy acts in a workspace: its own, else that of its organisation."""
        kept = await self._kept.installation(PLATFORM, workspace)
        return await self.bot(kept.parent or workspace) if kept else None

    async def bot(self, workspace: str) -> Bot | None:
        """The token of a workspace or organisation, good for a while; None where Paperboy is not installed."""
        kept = await self._kept.installation(PLATFORM, workspace)
        if kept is None or not kept.secrets:
            return None
        bot = read_bot(kept.secrets)
        if bot.bot_token_expires_at is None or bot.bot_token_expires_at > self._now() + ROTATE_BEFORE:
            return bot
        return await self._renewed(bot, workspace)

    async def _renewed(self, bot: Bot, workspace: str) -> Bot | None:
        """The bot with a new token. Where another process was faster its token is taken."""
        try:
            answer = await self._api.call(
                web_client(url=self._url).oauth_v2_access,
                client_id=self._credentials.client_id,
                client_secret=self._credentials.client_secret,
                grant_type="refresh_token",
                refresh_token=bot.bot_refresh_token,
            )
        except DeliveryError:
            kept = await self._kept.installation(PLATFORM, workspace)
            if kept and (other := read_bot(kept.secrets)).bot_token != bot.bot_token:
                return other
            if (bot.bot_token_expires_at or 0) > self._now():
                return bot
            raise
        renewed = Bot(**{**bot.to_dict_for_copying(), **_new_token(answer, self._now())})
        await self.save(renewed)
        return renewed

    def _now(self) -> int:
        return int(self._clock.now().timestamp())


def _new_token(answer: Mapping[str, Any], now: int) -> dict[str, Any]:
    return {
        "bot_token": answer["access_token"],
        "bot_refresh_token": answer["refresh_token"],
        "bot_token_expires_at": now + int(answer["expires_in"]),
    }


def write_bot(bot: Bot) -> str:
    """A bot as JSON."""
    return json.dumps({**bot.to_dict_for_copying(), "bot_token_expires_at": bot.bot_token_expires_at}, default=str)


def read_bot(secrets: str) -> Bot:
    """A bot from JSON."""
    return Bot(**json.loads(secrets))


PRESSED = "pressed_message"
"""Under which name a request's context holds the timestamp of the message whose button was pressed."""


class AuthorizeOne(AsyncAuthorize):
    """The token of the settings, for whatever comes."""

    def __init__(self, workspace: OneWorkspace) -> None:
        self._workspace = workspace

    async def __call__(self, **_: Any) -> AuthorizeResult | None:
        """Leave to act; None before the workspace is connected."""
        return self._workspace.bot


class Authorize(AsyncAuthorize):
    """Finds the token for what comes from a workspace; `posts` tell for which workspace something was posted."""

    def __init__(self, workspaces: ManyWorkspaces, posts: Posts) -> None:
        self._workspaces = workspaces
        self._posts = posts

    async def __call__(
        self, *, context: AsyncBoltContext, enterprise_id: str | None, team_id: str | None, **_: Any
    ) -> AuthorizeResult | None:
        """Leave to act in the workspace, in its organisation, or where a press comes from; None where there is none."""
        bot = await self._workspaces.bot(team_id) if team_id else None
        if bot is None and enterprise_id:
            bot = await self._workspaces.bot(enterprise_id)
            if bot and team_id and not await self._workspaces.includes(enterprise_id, team_id):
                # Somebody of another company, in a channel that is shared with them.
                team_id = None
        if bot is None and context.channel_id:
            # Somebody of another company pressed what was posted in a channel that is shared with them.
            team_id = await self._posts.workspace(context.channel_id, context.get(PRESSED) or "")
            bot = await self._workspaces.acting_bot(team_id) if team_id else None
            enterprise_id = bot.enterprise_id if bot else None
        if bot is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_id=bot.bot_id,
            bot_user_id=bot.bot_user_id,
            bot_token=bot.bot_token,
            bot_scopes=bot.bot_scopes,
        )
