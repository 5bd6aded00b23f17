"""What `paperboy doctor` tells of Slack."""

import pytest

from adapters.slack.client import Api
from adapters.slack.health import check
from bot.bootstrap import check_platform
from bot.config import Settings
from bot.errors import UserError
from tests.support.slack.fake_slack import FakeSlack, Fault
from tests.support.slack.harness import http_settings, socket_settings
from tests.support.slack.world import KEY
from tests.support.waits import Waits


async def test_without_settings_it_is_not_set_up() -> None:
    assert "not set up" in await check_platform("slack", Settings(_env_file=None))


async def test_good_tokens_name_their_workspace(fake: FakeSlack, waits: Waits) -> None:
    assert await check(socket_settings(fake), Api(waits)) == "Socket Mode in T1 as paperboy"


async def test_a_scope_that_was_not_granted_is_named(fake: FakeSlack, waits: Waits) -> None:
    fake.scopes = "commands,chat:write"
    with pytest.raises(UserError, match="lacks channels:history, channels:join"):
        await check(socket_settings(fake), Api(waits))


@pytest.mark.parametrize(
    ("method", "setting"), [("auth.test", "SLACK_BOT_TOKEN"), ("apps.connections.open", "SLACK_APP_TOKEN")]
)
async def test_a_token_that_is_not_good_is_named(fake: FakeSlack, waits: Waits, method: str, setting: str) -> None:
    fake.fail(method, Fault(error="invalid_auth"))
    with pytest.raises(UserError, match=f"{setting} does not work"):
        await check(socket_settings(fake), Api(waits))


async def test_oauth_needs_an_address(fake: FakeSlack, waits: Waits) -> None:
    with pytest.raises(UserError, match="PAPERBOY_PUBLIC_URL"):
        await check(http_settings(fake, KEY), Api(waits))
    told = await check(http_settings(fake, KEY, public_url="https://papers.example.org/"), Api(waits))
    assert told == "OAuth; install at https://papers.example.org/slack/install"
