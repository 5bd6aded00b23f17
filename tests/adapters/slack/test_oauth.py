"""Installing into many workspaces, signatures, tokens that are renewed, and leaving without a trace."""

import pytest

from bot.domain.messages import Message
from bot.domain.people import Place
from bot.errors import RefusedError
from bot.library.app import App
from storage.sql.tokens import Tokens
from tests.support.slack.fake_slack import Channel, FakeSlack
from tests.support.slack.harness import (
    Browser,
    OverHttp,
    Workspace,
    button,
    http_settings,
    settled,
    shown,
    slack,
)
from tests.support.slack.world import INSTALLED, KEY, install

STATUS = {"text": "status", "team_id": "T1", "user_id": "U1", "channel_id": "C1", "command": "/papers"}


async def test_installing_keeps_the_token_encrypted_and_who_did_it(over_http: Workspace, tokens: Tokens) -> None:
    kept = await tokens.installation("slack", "T1")
    assert kept
    assert "xoxb-T1" in kept.secrets
    assert "UADMIN" in kept.secrets


async def test_a_state_counts_once_and_from_its_own_browser(browser: Browser, fake: FakeSlack) -> None:
    async with browser.get("/slack/install") as page:
        state = (await page.text()).partition("state=")[2].partition("&")[0]
        cookie = {"Cookie": page.headers["Set-Cookie"].partition(";")[0]}
    query = {"code": "code-1", "state": state}
    async with browser.get("/slack/oauth_redirect", params=query) as other:
        assert other.status == 400
    async with browser.get("/slack/oauth_redirect", params=query, headers=cookie) as page:
        assert page.status == 200
    async with browser.get("/slack/oauth_redirect", params=query, headers=cookie) as again:
        assert again.status == 401
    assert [method for method, _ in fake.calls].count("oauth.v2.access") == 1


async def test_a_code_that_slack_does_not_know_installs_nothing(browser: Browser, tokens: Tokens) -> None:
    assert "invalid_code" in await install(browser, code="made up")
    assert await tokens.installation("slack", "T1") is None


async def test_the_page_asks_for_the_scopes_of_the_manifest(browser: Browser) -> None:
    async with browser.get("/slack/install") as page:
        assert "chat:write" in (await page.text()).replace("%3A", ":")


async def test_a_retry_is_not_dropped_by_its_header_but_by_its_id(over_http: Workspace, browser: Browser) -> None:
    event = await over_http.event({"type": "app_home_opened", "user": "U1", "tab": "home"})
    homes = [method for method, _ in over_http.fake.calls].count("views.publish")
    assert homes == 1
    retried = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    await OverHttp(browser).post("events_api", event, headers=retried)
    await OverHttp(browser).post("events_api", {**event, "event_id": "EvFresh"}, headers=retried)
    await settled()
    assert [method for method, _ in over_http.fake.calls].count("views.publish") == 2


async def test_two_workspaces_are_kept_apart(over_http: Workspace, browser: Browser, app: App) -> None:
    fake = over_http.fake
    fake.add(Channel("C1"), "T2")
    fake.oauth["code-2"] = {**INSTALLED, "access_token": "xoxb-T2", "team": {"id": "T2"}}
    await install(browser, "code-2")
    other = Workspace(fake, OverHttp(browser), "T2")
    await other.press(button(await other.command("trending month"), "Share to channel"))
    assert not fake.channels["T1", "C1"].messages
    assert fake.channels["T2", "C1"].messages


async def test_an_organisations_leave_counts_for_its_workspaces(
    browser: Browser, fake: FakeSlack, tokens: Tokens, app: App
) -> None:
    fake.oauth["code-org"] = {**INSTALLED, "team": None, "enterprise": {"id": "E1"}, "is_enterprise_install": True}
    assert "Thank you" in await install(browser, "code-org")
    payload = {**STATUS, "enterprise_id": "E1", "is_enterprise_install": "true"}
    payload |= {"response_url": f"{fake.root}/response/1", "trigger_id": "1"}
    await OverHttp(browser).send("slash_commands", payload)
    await settled()
    assert "papers" in shown(fake.responses[-1][1])
    platform = slack(http_settings(fake, KEY), app, tokens).platform
    assert await platform.send(Place("slack", "T1", "C1"), Message(title="Post"), nonce="n")
    removed = {"type": "event_callback", "event_id": "EvX", "enterprise_id": "E1", "event": {"type": "app_uninstalled"}}
    await OverHttp(browser).send("events_api", removed)
    await settled()
    assert await tokens.installation("slack", "T1") is None
    assert await tokens.installation("slack", "E1") is None


async def test_whoever_installed_it_is_told_what_admins_must_know(
    over_http: Workspace, fake: FakeSlack, app: App, tokens: Tokens
) -> None:
    platform = slack(http_settings(fake, KEY), app, tokens).platform
    await platform.tell_admins(Place("slack", "T1", "C1"), Message(title="Trouble"))
    assert fake.channels["T1", "UADMIN"].messages
    with pytest.raises(RefusedError, match="not installed in T9"):
        await platform.send(Place("slack", "T9", "C1"), Message(title="Post"), nonce="n")
