"""Slack, put together."""

import asyncio
from contextlib import suppress

import pytest

from bot.library.app import App
from storage.sql.tokens import Tokens
from tests.support.slack.fake_slack import FakeSlack
from tests.support.slack.harness import (
    OverSocket,
    Workspace,
    shown,
    slack,
    socket_settings,
)
from tests.support.waits import Waits


@pytest.mark.parametrize("value", ["", "1.2"])
async def test_socket_mode_is_not_led_astray_by_the_environment(
    fake: FakeSlack, app: App, tokens: Tokens, waits: Waits, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    for name in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET"):
        monkeypatch.setenv(name, value)
    settings = socket_settings(fake)
    running = asyncio.create_task(slack(settings, app, tokens, waits).platform.run())
    await fake.until(lambda: fake.connections)
    answer = await Workspace(fake, OverSocket(fake)).command("status")
    assert "papers" in shown(answer)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
