"""A fake Slack, and Paperboy in it over both transports."""

import pytest

from adapters.slack.platform import SlackPlatform
from bot.domain.paper_ids import PaperId
from bot.library.app import App
from storage.sql.tokens import Tokens
from tests.support.slack.fake_slack import FakeSlack
from tests.support.slack.harness import slack, socket_settings
from tests.support.slack.world import browser, fake, over_http, over_socket, tokens, waits, workspace
from tests.support.waits import Waits

__all__ = [
    "browser",
    "fake",
    "over_http",
    "over_socket",
    "tokens",
    "waits",
    "workspace",
]


@pytest.fixture
def platform(fake: FakeSlack, app: App, tokens: Tokens, waits: Waits) -> SlackPlatform:
    return slack(socket_settings(fake), app, tokens, waits).platform


@pytest.fixture
async def paper(app: App) -> PaperId:
    """A paper that message 5.5 of the channel shows."""
    found = (await app.library.trending("month", 1))[0].stored.paper.id
    await app.store.record_post("slack:T1:C1", "5.5", [found])
    return found
