"""What comes over the network and was not sent by Slack, and installations that come to nothing."""

import logging
import time
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.signature import SignatureVerifier
from sqlalchemy import func, select
from structlog.testing import capture_logs

from adapters.slack.web import Visits
from bot.library.app import App
from storage.sql.tables.workspaces import oauth_states
from storage.sql.tokens import Tokens
from tests.conftest import TickingClock
from tests.support.slack.fake_slack import FakeSlack, Fault
from tests.support.slack.harness import (
    SIGNING_SECRET,
    Browser,
    OverHttp,
    Workspace,
    settled,
)
from tests.support.slack.world import install

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
GARBAGE = [
    (b"{", JSON),
    (b"[1]", JSON),
    (b"null", JSON),
    (b"payload={", FORM),
    (b"payload=null", FORM),
    (b"payload=[1]", FORM),
    (b"\xff\xfe{}", JSON),
    (b"{}", {"Content-Type": "application/json; charset=no-such"}),
    (b"[" * 100_000, JSON),
    (b'{"a":' * 100_000, JSON),
    (b"", JSON),
    (b'{"type": "event_callback", "event": null}', JSON),
    (b'{"type": "event_callback", "event": ["x"]}', JSON),
    (b'{"type": "event_callback", "event": {"team_id": 7}}', JSON),
    (b'{"type": "event_callback", "authorizations": "x"}', JSON),
    (b'{"type": "event_callback", "authorizations": [null]}', JSON),
    (b'{"type": "event_callback", "enterprise_id": {"a": 1}, "event": {"type": "app_home_opened", "user": "U"}}', JSON),
    (b'payload={"type": "block_actions", "enterprise": 7}', FORM),
    (b'payload={"type": "block_actions", "team": {"id": ["x"]}}', FORM),
    (b'payload={"type": "view_submission", "response_urls": [null]}', FORM),
]


def signed(body: bytes) -> dict[str, str]:
    """The headers of a body that Slack signs."""
    timestamp = str(int(time.time()))
    signature = SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=timestamp, body=body) or ""
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}


@pytest.mark.parametrize(("body", "headers"), GARBAGE)
async def test_garbage_that_is_not_signed_is_refused_unread_with_one_line_in_the_log(
    browser: Browser, body: bytes, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    with capture_logs() as logged:
        async with browser.post("/slack/events", data=body, headers=headers) as answer:
            assert answer.status == 401
    assert [entry["log_level"] for entry in logged] == ["warning"]
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize("timestamp", ["abc", "", "1e9", "²", "9" * 5000, "-1"])
async def test_a_timestamp_that_is_no_number_is_refused(browser: Browser, timestamp: str) -> None:
    headers = {**JSON, "X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": "v0=1"}
    async with browser.post("/slack/events", data=b"{}", headers=headers) as answer:
        assert answer.status in {400, 401}


@pytest.mark.parametrize(("body", "headers"), [each for each in GARBAGE if each[0][:1] != b"\xff"])
async def test_signed_garbage_is_refused_as_well(browser: Browser, body: bytes, headers: dict[str, str]) -> None:
    with capture_logs() as logged:
        async with browser.post("/slack/events", data=body, headers={**headers, **signed(body)}) as answer:
            assert answer.status == 400
    assert [entry["log_level"] for entry in logged] == ["warning"]


async def test_an_exchange_that_slack_cuts_off_is_a_page_that_says_so(browser: Browser, fake: FakeSlack) -> None:
    fake.fail("oauth.v2.access", Fault(drop=True))
    with capture_logs() as logged:
        page = await install(browser)
    assert "slack_unreachable" in page
    assert "an installation failed" in [entry["event"] for entry in logged]


async def test_a_rejected_code_is_logged_by_its_reason_alone(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    with capture_logs() as logged:
        await install(browser, code="guessed-code")
    assert [(entry["event"], entry["reason"]) for entry in logged] == [("an installation failed", "invalid_code")]
    # The test's own server logs the address of each request; Paperboy's does not (`serve` in adapters/http.py).
    told = [record.getMessage() for record in caplog.records if record.name != "aiohttp.access"]
    assert not [line for line in told if "guessed-code" in line]


async def _states(tokens: Tokens) -> int:
    async with tokens.reading() as connection:
        count: int = await connection.scalar(select(func.count()).select_from(oauth_states)) or 0
        return count


async def test_pages_that_nobody_installed_from_leave_nothing_behind(
    browser: Browser, app: App, tokens: Tokens
) -> None:
    clock = app.clock
    assert isinstance(clock, TickingClock)
    for _ in range(5):
        await browser.get("/slack/install")
    assert await _states(tokens) == 5
    clock.moment += timedelta(minutes=11)
    await browser.get("/slack/install")
    assert await _states(tokens) == 1


async def test_an_address_opens_so_many_pages_and_no_more_for_a_while(
    browser: Browser, app: App, tokens: Tokens
) -> None:
    clock = app.clock
    assert isinstance(clock, TickingClock)
    statuses: list[Any] = [(await browser.get("/slack/install")).status for _ in range(25)]
    assert statuses == [200] * 20 + [429] * 5
    assert await _states(tokens) == 20
    clock.moment += timedelta(minutes=11)
    assert (await browser.get("/slack/install")).status == 200


def test_the_addresses_of_one_network_open_so_many_pages_together(app: App) -> None:
    visits = Visits(app.clock)
    allowed = [visits.allow(f"2001:db8:1:{number:x}::/64") for number in range(120)]
    assert allowed == [True] * 100 + [False] * 20
    assert visits.allow("2001:db8:2::/64")
    assert visits.allow("an address that is none")


STATUS = {"text": "status", "team_id": "T1", "user_id": "U1", "channel_id": "C1", "command": "/papers"}


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


async def test_slack_can_verify_the_address(browser: Browser) -> None:
    status, body = await OverHttp(browser).post("events_api", {"type": "url_verification", "challenge": "c"})
    assert (status, body) == (200, '{"challenge": "c"}')
