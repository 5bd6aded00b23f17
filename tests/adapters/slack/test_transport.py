"""Which way in the settings ask for."""

import pytest
from pydantic import SecretStr

from adapters.slack.transport import transport
from bot.config import Settings
from bot.errors import UserError


def test_the_settings_say_which_transport_and_what_is_missing() -> None:
    nothing = Settings(_env_file=None)
    assert transport(nothing) == ""
    with pytest.raises(UserError, match="SLACK_APP_TOKEN"):
        transport(Settings(_env_file=None, SLACK_BOT_TOKEN=SecretStr("xoxb-1")))
    with pytest.raises(UserError, match="SLACK_CLIENT_SECRET, PAPERBOY_TOKEN_KEYS"):
        transport(Settings(_env_file=None, SLACK_CLIENT_ID="1", SLACK_SIGNING_SECRET=SecretStr("s")))
