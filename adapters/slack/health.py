"""Whether Slack is set up as it must be: what `paperboy doctor` tells."""

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import Api, web_client
from adapters.slack.manifest import missing_scopes
from adapters.slack.oauth import INSTALL_PATH
from adapters.slack.transport import transport
from bot.config import Settings
from bot.errors import DeliveryError, UserError


async def check(settings: Settings, api: Api) -> str:
    """How Slack, which the settings speak of, is set up. Raises UserError, which names what is missing or wrong."""
    match transport(settings):
        case "socket":
            return await _check_socket_mode(settings, api)
        case _:
            return _check_http(settings)


async def _check_socket_mode(settings: Settings, api: Api) -> str:
    client = web_client(settings.slack_bot_token.get_secret_value(), url=settings.slack_api_url)
    answer = await check_bot_token(client, api)
    await check_app_token(client, settings.slack_app_token.get_secret_value(), api)
    return f"Socket Mode in {answer['team']} as {answer['user']}"


async def check_bot_token(client: AsyncWebClient, api: Api) -> Any:
    """What Slack says of the bot whose token a client has. Raises UserError, also where a scope was not granted."""
    try:
        answer = await api.call(client.auth_test)
    except DeliveryError as error:
        raise UserError(f"SLACK_BOT_TOKEN does not work: {error}") from error
    if missing := missing_scopes(answer.headers):
        raise UserError(
            f"the app lacks {', '.join(missing)}; update it from `paperboy slack-manifest` and install it again"
        )
    return answer


async def check_app_token(client: AsyncWebClient, token: str, api: Api) -> None:
    """Raises UserError for an app-level token that opens no connection."""
    try:
        await api.call(client.apps_connections_open, app_token=token)
    except DeliveryError as error:
        raise UserError(f"SLACK_APP_TOKEN does not work (it needs connections:write): {error}") from error


def _check_http(settings: Settings) -> str:
    if not settings.public_url.startswith("https://"):
        raise UserError("Slack needs PAPERBOY_PUBLIC_URL, an https address that leads here")
    return f"OAuth; install at {settings.public_url.rstrip('/')}{INSTALL_PATH}"
