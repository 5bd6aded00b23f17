"""Which of Slack's two ways in the settings ask for; knows nothing of Slack's libraries, which may be absent."""

from collections.abc import Mapping

from bot.config import Settings
from bot.errors import UserError


def transport(settings: Settings) -> str:
    """`socket`, `http` or nothing, as the settings say. Raises UserError, naming what is missing."""
    socket = {"SLACK_BOT_TOKEN": settings.slack_bot_token, "SLACK_APP_TOKEN": settings.slack_app_token}
    http = {
        "SLACK_SIGNING_SECRET": settings.slack_signing_secret.get_secret_value(),
        "SLACK_CLIENT_ID": settings.slack_client_id,
        "SLACK_CLIENT_SECRET": settings.slack_client_secret.get_secret_value(),
        "PAPERBOY_TOKEN_KEYS": settings.token_keys,
    }
    given = {name: value.get_secret_value() for name, value in socket.items()}
    if any(given.values()):
        return _complete("socket", given)
    return _complete("http", http) if any(list(http.values())[:3]) else ""


def _complete(name: str, needed: Mapping[str, object]) -> str:
    missing = [setting for setting, value in needed.items() if not value]
    if missing:
        raise UserError(f"Slack also needs {', '.join(missing)}.")
    return name
