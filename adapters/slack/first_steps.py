"""The first set-up of Slack: of one workspace with Socket Mode, or of many by OAuth."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import PLATFORM
from adapters.slack.client import Api, said_by_slack, web_client
from adapters.slack.health import check_app_token, check_bot_token
from adapters.slack.manifest import manifest
from adapters.slack.oauth import INSTALL_PATH
from adapters.slack.platform import post_joining
from adapters.slack.render import render
from bot.chat.platforms import Question
from bot.chat.registry import Registry
from bot.config import Settings, make_key
from bot.domain.messages import Message
from bot.domain.people import Place
from bot.errors import DeliveryError, UserError

_BOT, _APP = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"
_CLIENT, _SECRET, _SIGNING = "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET"
_URL = "PAPERBOY_PUBLIC_URL"
_BEGINNINGS = {_BOT: "xoxb-", _APP: "xapp-"}
_CREDENTIALS = "it is under Basic Information, App Credentials at https://api.slack.com/apps"
_WHERE = {
    _BOT: "it is under Install App at https://api.slack.com/apps",
    _APP: "it is under Basic Information, App-Level Tokens at https://api.slack.com/apps",
}
_NO_CODE = "none"
"""Stands for what Slack gives at an installation. It looks at the app's credentials first."""
_MOST_PAGES = 5


class SlackSteps:
    """The `FirstSteps` of Slack."""

    title = "Slack"
    where = "channel"

    def __init__(self, registry: Registry, api: Api | None = None) -> None:
        self._registry = registry
        self._api = api or Api()

    def questions(self, settings: Settings) -> Sequence[Question]:
        """Two tokens for one workspace; without a client ID nothing is asked of what many workspaces need."""
        tokens = self._tokens()
        return tokens if settings.slack_bot_token.get_secret_value() else [*_of_many(), *tokens]

    def _tokens(self) -> list[Question]:
        return [
            Question(
                setting=_BOT,
                text="Bot token (xoxb-…)",
                how=(
                    "Open https://api.slack.com/apps, Create New App, From a manifest, and pick your workspace.",
                    "Paste the manifest above (`paperboy slack-manifest` prints it again).",
                    "Under Install App install it, and copy the Bot User OAuth Token.",
                ),
                paste=json.dumps(manifest(self._registry)),
                secret=True,
                unless_set=_CLIENT,
            ),
            Question(
                setting=_APP,
                text="App-level token (xapp-…)",
                how=("Under Basic Information, App-Level Tokens, generate one with the scope connections:write.",),
                secret=True,
                unless_set=_CLIENT,
            ),
        ]

    def made(self, settings: Settings) -> Mapping[str, str]:
        """A key that encrypts the tokens of many workspaces."""
        return {"PAPERBOY_TOKEN_KEYS": make_key()} if _is_of_many(settings) and not settings.token_keys else {}

    async def check(self, setting: str, settings: Settings) -> str:
        """In which workspace the bot is, that the connection opens, or that Slack knows the app."""
        if setting not in _BEGINNINGS:
            return await self._check_of_many(setting, settings)
        token = (settings.slack_bot_token if setting == _BOT else settings.slack_app_token).get_secret_value()
        if not token.startswith(_BEGINNINGS[setting]):
            raise UserError(f"{setting} begins with {_BEGINNINGS[setting]}; {_WHERE[setting]}.")
        try:
            if setting == _BOT:
                answer = await check_bot_token(self._client(settings), self._api)
                return f"Slack knows the bot as {answer['user']} in {answer['team']}."
            await check_app_token(self._client(settings), token, self._api)
        except UserError as error:
            raise UserError(f"{error}; {_WHERE[setting]}.") from error
        return "Slack opens the connection."

    async def _check_of_many(self, setting: str, settings: Settings) -> str:
        """What can be told of an app for many workspaces before it is installed in any. Raises UserError."""
        if setting == _URL and not settings.public_url.startswith("https://"):
            raise UserError(f"Slack needs {_URL}, an https address that leads to Paperboy's port {settings.http_port}.")
        client, signing = settings.slack_client_id, settings.slack_signing_secret.get_secret_value()
        if setting == _CLIENT and client and not re.fullmatch(r"\d+\.\d+", client):
            raise UserError(f"{_CLIENT} is two numbers with a dot between them; {_CREDENTIALS}.")
        if setting == _SIGNING and not re.fullmatch(r"[0-9a-f]{32}", signing):
            raise UserError(f"{_SIGNING} is 32 digits and letters from a to f; {_CREDENTIALS}.")
        return await self._check_client(settings) if setting == _SECRET else ""

    async def _check_client(self, settings: Settings) -> str:
        """Asks for a token with no code: Slack has something against the code alone where ID and secret are right."""
        secret = settings.slack_client_secret.get_secret_value()
        asking = web_client(url=settings.slack_api_url).oauth_v2_access
        try:
            await self._api.call(asking, client_id=settings.slack_client_id, client_secret=secret, code=_NO_CODE)
        except DeliveryError as error:
            if said_by_slack(error) != "invalid_code":
                raise UserError(f"{_CLIENT} or {_SECRET} does not work: {error}; {_CREDENTIALS}.") from error
        return "Slack knows the app."

    async def arrive(self, settings: Settings) -> Sequence[str]:
        """What is left to do once it runs; for one workspace the manifest has done it all."""
        if not _is_of_many(settings):
            return []
        return [
            "When it runs, let Slack verify the address under Event Subscriptions.",
            f"Then each workspace adds it at: {settings.public_url.rstrip('/')}{INSTALL_PATH}",
        ]

    def greets(self, settings: Settings) -> bool:
        """Only with the token of one workspace."""
        return bool(settings.slack_bot_token.get_secret_value())

    async def places(self, settings: Settings) -> Sequence[Place]:
        """The channels of the workspace, those the bot is in first."""
        found: list[dict[str, Any]] = []
        cursor, client = "", self._client(settings)
        for _ in range(_MOST_PAGES):
            try:
                page = await self._api.call(
                    client.conversations_list,
                    types="public_channel,private_channel",
                    exclude_archived=True,
                    limit=200,
                    cursor=cursor or None,
                )
            except DeliveryError as error:
                raise UserError(f"Slack does not list its channels: {error}.") from error
            found += page["channels"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        found.sort(key=lambda each: not each.get("is_member"))
        return [Place(PLATFORM, "", str(each["id"]), f"#{each['name']}") for each in found]

    async def greet(self, channel: str, message: Message, settings: Settings) -> None:
        """Send a test message to a channel by its id; a public one is joined first when need be."""
        try:
            await post_joining(self._api, self._client(settings), channel, render(message))
        except DeliveryError as error:
            raise UserError(f"Slack did not take the test message: {error}.") from error

    @staticmethod
    def _client(settings: Settings) -> AsyncWebClient:
        return web_client(settings.slack_bot_token.get_secret_value(), url=settings.slack_api_url)


def _is_of_many(settings: Settings) -> bool:
    """Whether it is an app for many workspaces."""
    return bool(settings.slack_client_id) and not settings.slack_bot_token.get_secret_value()


def _of_many() -> list[Question]:
    """What an app for many workspaces needs."""
    return [
        Question(
            setting=_CLIENT,
            text="For several workspaces: Client ID (Enter: there is one workspace)",
            how=(
                "For one workspace press Enter. For several you need an https address that leads to Paperboy.",
                "`paperboy slack-manifest --url https://papers.example.org` prints the manifest of an app for it.",
                "Create the app at https://api.slack.com/apps, From a manifest.",
                "Its Client ID, Client Secret and Signing Secret are under Basic Information, App Credentials.",
            ),
            may_be_empty=True,
        ),
        Question(setting=_SECRET, text="Client Secret", secret=True, if_set=_CLIENT),
        Question(setting=_SIGNING, text="Signing Secret", secret=True, if_set=_CLIENT),
        Question(setting=_URL, text="The address, e.g. https://papers.example.org", if_set=_CLIENT),
    ]
