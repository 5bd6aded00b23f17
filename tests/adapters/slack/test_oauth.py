"""Installing into many workspaces, signatures, tokens that are renewed, and leaving without a trace."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from slack_sdk.oauth.installation_store import Bot

from adapters.slack.client import Api
from adapters.slack.transport import transport
from adapters.slack.workspaces import Credentials, ManyWorkspaces
from bot import ports
from bot.config import Settings
from bot.domain.destinations import Destination
from bot.domain.messages import Message
from bot.domain.people import Account, Place
from bot.errors import RefusedError, UserError
from bot.library.app import App
from storage.sql.tokens import Tokens
from tests.conftest import TickingClock
from tests.support.slack.fake_slack import Channel, FakeSlack, Fault
from tests.support.slack.harness import (
    Browser,
    OverHttp,
    OverSocket,
    Workspace,
    http_settings,
    settled,
    shown,
    slack,
    socket_settings,
)
from tests.support.slack.processes import Process, World
from tests.support.slack.world import INSTALLED, KEY, install
from tests.support.waits import Waits

STATUS = {"text": "status", "team_id": "T1", "user_id": "U1", "channel_id": "C1", "command": "/papers"}


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 19, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


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


@pytest.mark.parametrize(
    ("secret", "age", "status"), [("signing-hidden", 0, 200), ("another", 0, 401), ("signing-hidden", 600, 401)]
)
async def test_only_what_slack_signed_just_now_is_taken(
    over_http: Workspace, browser: Browser, secret: str, age: int, status: int
) -> None:
    payload = {**STATUS, "response_url": f"{over_http.fake.root}/response/1", "trigger_id": "1"}
    answered, _ = await OverHttp(browser, secret).post("slash_commands", payload, age=age)
    await settled()
    assert answered == status
    assert bool(over_http.fake.responses) == (status == 200)


async def test_a_retry_is_not_dropped_by_its_header_but_by_its_id(over_http: Workspace, browser: Browser) -> None:
    event = await over_http.event({"type": "app_home_opened", "user": "U1", "tab": "home"})
    homes = [method for method, _ in over_http.fake.calls].count("views.publish")
    assert homes == 1
    retried = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    await OverHttp(browser).post("events_api", event, headers=retried)
    await OverHttp(browser).post("events_api", {**event, "event_id": "EvFresh"}, headers=retried)
    await settled()
    assert [method for method, _ in over_http.fake.calls].count("views.publish") == 2


async def test_slack_can_verify_the_address(browser: Browser) -> None:
    status, body = await OverHttp(browser).post("events_api", {"type": "url_verification", "challenge": "c"})
    assert (status, body) == (200, '{"challenge": "c"}')


async def test_two_workspaces_are_kept_apart(over_http: Workspace, browser: Browser, app: App) -> None:
    fake = over_http.fake
    fake.add(Channel("C1"), "T2")
    fake.oauth["code-2"] = {**INSTALLED, "access_token": "xoxb-T2", "team": {"id": "T2"}}
    await install(browser, "code-2")
    await Workspace(fake, OverHttp(browser), "T2").command("trending month")
    assert not fake.channels["T1", "C1"].messages
    assert fake.channels["T2", "C1"].messages


@pytest.mark.parametrize(
    "event", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["UBOT"], "oauth": []}}]
)
async def test_leaving_deletes_tokens_and_everything_of_the_workspace(
    over_http: Workspace, tokens: Tokens, app: App, event: dict[str, Any]
) -> None:
    paper = (await app.library.trending("month", 1))[0].stored.paper.id
    await over_http.command(f"save {paper}")
    await over_http.command("digest time 08:00", user="UADMIN")
    before = await app.store.person(Account("slack", "T1/U1"))
    await over_http.event(event)
    await over_http.event(event)
    assert await tokens.installation("slack", "T1") is None
    assert await app.store.destination("slack:T1:C1") is None
    assert await app.store.feedback_of(before) == []
    assert await app.store.feedback_at("slack:T1:C1") == []
    answer = await over_http.command("status")
    assert "blocks" not in answer  # bolt asks to install again


async def test_revoking_a_persons_token_deletes_nothing(over_http: Workspace, tokens: Tokens) -> None:
    await over_http.event({"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}})
    assert await tokens.installation("slack", "T1")


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


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspaces(fake: FakeSlack, tokens: Tokens, clock: Clock, waits: Waits) -> ManyWorkspaces:
    return ManyWorkspaces(tokens, Credentials("client", "hidden"), clock, Api(waits), url=fake.url)


def _expiring(clock: ports.Clock, **hours: float) -> Bot:
    return Bot(
        team_id="T1",
        bot_token="xoxe-old",
        bot_id="BBOT",
        bot_user_id="UBOT",
        bot_refresh_token="refresh-1",
        bot_token_expires_at=int((clock.now() + timedelta(**hours)).timestamp()),
        installed_at=0.0,
    )


async def test_a_token_is_renewed_before_a_post_when_it_expires_soon(
    workspaces: ManyWorkspaces, clock: Clock, fake: FakeSlack
) -> None:
    fake.oauth["refresh-1"] = {"access_token": "xoxb-T1", "refresh_token": "refresh-2", "expires_in": 43200}
    await workspaces.save(_expiring(clock, hours=3))
    assert (await workspaces.client("T1")).token == "xoxe-old"
    clock.moment += timedelta(hours=1, minutes=1)
    assert (await workspaces.client("T1")).token == "xoxb-T1"
    assert (await workspaces.client("T1")).token == "xoxb-T1"
    assert [method for method, _ in fake.calls] == ["oauth.v2.access"]


async def test_processes_renew_a_token_before_a_scheduled_post_which_comes_once(
    fake: FakeSlack, app: App, tokens: Tokens, waits: Waits, tmp_path: Path
) -> None:
    clock = app.clock
    assert isinstance(clock, TickingClock)
    kept = ManyWorkspaces(tokens, Credentials("client", "hidden"), clock, Api(waits), url=fake.url)
    await kept.save(_expiring(clock, hours=11))
    fake.oauth["refresh-1"] = {"access_token": "xoxe-2", "refresh_token": "refresh-2", "expires_in": 43200}
    fake.tokens |= {"xoxe-old": "T1", "xoxe-2": "T1"}
    daily = Destination(place=Place("slack", "T1", "C1"), at=time(9, 30), timezone="UTC")
    await app.store.save_destination(daily, now=clock.now())
    clock.moment += timedelta(hours=10, minutes=31)
    world = World(fake, clock, app.index, tmp_path / "data", "http", KEY)
    async with Process(world) as one, Process(world) as other:
        await asyncio.gather(one.deliverer.tick(), other.deliverer.tick())
    methods = [method for method, _ in fake.calls]
    assert methods[0] == "oauth.v2.access"
    assert len(fake.channels["T1", "C1"].messages) == methods.count("chat.postMessage") == 6
    renewed = await kept.bot("T1")
    assert renewed
    assert renewed.bot_token == "xoxe-2"


async def test_a_token_that_another_process_renewed_is_taken(
    workspaces: ManyWorkspaces, clock: Clock, fake: FakeSlack
) -> None:
    await workspaces.save(_expiring(clock, hours=1))
    old = await workspaces._kept.installation("slack", "T1")
    assert old
    renewed = _expiring(clock, hours=12)
    renewed.bot_token = "xoxb-T1"
    await workspaces.save(renewed)
    assert (await workspaces._renewed(_expiring(clock, hours=1), "T1")).bot_token == "xoxb-T1"  # type: ignore[union-attr]


async def test_a_token_that_cannot_be_renewed_is_used_until_it_expires(
    workspaces: ManyWorkspaces, clock: Clock, fake: FakeSlack
) -> None:
    await workspaces.save(_expiring(clock, hours=1))
    assert (await workspaces.client("T1")).token == "xoxe-old"
    clock.moment += timedelta(hours=2)
    fake.fail("oauth.v2.access", Fault(error="invalid_refresh_token"))
    with pytest.raises(RefusedError, match="invalid_refresh_token"):
        await workspaces.client("T1")


def test_the_settings_say_which_transport_and_what_is_missing() -> None:
    nothing = Settings(_env_file=None)
    assert transport(nothing) == ""
    with pytest.raises(UserError, match="SLACK_APP_TOKEN"):
        transport(Settings(_env_file=None, SLACK_BOT_TOKEN=SecretStr("xoxb-1")))
    with pytest.raises(UserError, match="SLACK_CLIENT_SECRET, PAPERBOY_TOKEN_KEYS"):
        transport(Settings(_env_file=None, SLACK_CLIENT_ID="1", SLACK_SIGNING_SECRET=SecretStr("s")))


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
