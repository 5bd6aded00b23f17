"""The first set-up of Slack with Socket Mode: the manifest, two tokens, a test message."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import PLATFORM
from adapters.slack.client import Api, web_client
from adapters.slack.health import check_app_token, check_bot_token
from adapters.slack.manifest import manifest
from adapters.slack.platform import post_joining
from adapters.slack.render import render
from bot.chat.platforms import Question
from bot.chat.registry import Registry
from bot.config import Settings
from bot.domain.messages import Message
from bot.domain.people import Place
from bot.errors import DeliveryError, UserError

_BOT, _APP = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"
_BEGINNINGS = {_BOT: "xoxb-", _APP: "xapp-"}
_WHERE = {
    _BOT: "it is under Install App at https://api.slack.com/apps",
    _APP: "it is under Basic Information, App-Level Tokens at https://api.slack.com/apps",
}
_MOST_PAGES = 5


class SlackSteps:
    """The `FirstSteps` of Slack."""

    title = "Slack"
    where = "channel"

    def __init__(self, registry: Registry, api: Api | None = None) -> None:
        self._registry = registry
        self._api = api or Api()

    def questions(self, settings: Settings) -> Sequence[Question]:
        """Two tokens; nothing where Slack is set up for many workspaces."""
        if settings.slack_signing_secret.get_secret_value():
            return []
        pasted = json.dumps(manifest(self._registry))
        return [
            Question(
                setting=_BOT,
                text="Bot token (xoxb-…)",
                how=(
                    "Open https://api.slack.com/apps, Create New App, From a manifest, and pick your workspace.",
                    "Paste the manifest above (`paperboy slack-manifest` prints it again).",
                    "Under Install App install it, and copy the Bot User OAuth Token.",
                ),
                paste=pasted,
                secret=True,
            ),
            Question(
                setting=_APP,
                text="App-level token (xapp-…)",
                how=("Under Basic Information, App-Level Tokens, generate one with the scope connections:write.",),
                secret=True,
            ),
        ]

    def made(self, _settings: Settings) -> Mapping[str, str]:
        """Nothing."""
        return {}

    async def check(self, setting: str, settings: Settings) -> str:
        """In which workspace the bot is, and that the connection opens."""
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

    async def arrive(self, _settings: Settings) -> Sequence[str]:
        """The manifest has done it all."""
        return []

    async def places(self, settings: Settings) -> Sequence[Place]:
        """The channels of the workspace, those the bot is in first."""
        if not settings.slack_bot_token.get_secret_value():
            return []
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
