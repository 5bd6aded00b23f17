"""A fake Slack, and Paperboy connected to it in both ways."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from cryptography.fernet import Fernet

from adapters.http import application
from bot.library.app import App
from storage.sql.tokens import Tokens
from tests.support.secret_watch import note
from tests.support.slack.fake_slack import Channel, FakeSlack
from tests.support.slack.harness import (
    Browser,
    OverHttp,
    OverSocket,
    Workspace,
    http_settings,
    slack,
    socket_settings,
)
from tests.support.waits import Waits

KEY = Fernet.generate_key().decode()
INSTALLED = {
    "access_token": "xoxb-T1",
    "token_type": "bot",
    "scope": "commands,chat:write",
    "bot_user_id": "UBOT",
    "app_id": "A1",
    "team": {"id": "T1", "name": "Lab"},
    "authed_user": {"id": "UADMIN"},
}


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as server:
        server.add(Channel("C1"))
        server.oauth["code-1"] = INSTALLED
        yield server


@pytest.fixture
async def tokens(app: App, tmp_path: Path) -> AsyncIterator[Tokens]:
    async with Tokens(f"sqlite:///{tmp_path / 'data' / 'paperboy.db'}", [KEY]) as opened:
        yield opened


@pytest.fixture
async def browser(fake: FakeSlack, app: App, tokens: Tokens, waits: Waits) -> AsyncIterator[Browser]:
    """Paperboy's web server, and somebody's browser."""
    made = slack(http_settings(fake, KEY), app, tokens, waits)
    async with TestClient(TestServer(application(made.routes))) as client:
        yield client


async def install(browser: Browser, code: str = "code-1") -> str:
    """Install Paperboy in a workspace, as somebody does with a browser; returns the page at the end."""
    async with browser.get("/slack/install") as page:
        state = (await page.text()).partition("state=")[2].partition("&")[0]
        cookie = page.headers["Set-Cookie"].partition(";")[0]
    query = {"code": note(code), "state": note(state)}
    async with browser.get("/slack/oauth_redirect", params=query, headers={"Cookie": cookie}) as page:
        return await page.text()


@pytest.fixture
async def over_http(fake: FakeSlack, browser: Browser) -> Workspace:
    """A workspace that installed Paperboy by OAuth."""
    assert "Thank you" in await install(browser)
    return Workspace(fake, OverHttp(browser))


@pytest.fixture
async def over_socket(fake: FakeSlack, app: App, tokens: Tokens, waits: Waits) -> AsyncIterator[Workspace]:
    """A workspace connected by Socket Mode."""
    made = slack(socket_settings(fake), app, tokens, waits)
    running = asyncio.create_task(made.platform.run())
    await fake.until(lambda: fake.connections)
    yield Workspace(fake, OverSocket(fake))
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


@pytest.fixture(params=["over_socket", "over_http"])
def workspace(request: pytest.FixtureRequest) -> Workspace:
    """A workspace: every test is run with both transports."""
    found: Workspace = request.getfixturevalue(request.param)
    return found
