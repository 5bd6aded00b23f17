"""Calls to Slack."""

import logging

import pytest

from adapters.slack.platform import SlackPlatform
from bot.domain.messages import Message, text
from bot.domain.people import Place
from bot.errors import DeliveryError, PostponedError, RefusedError, UnclearError
from bot.library.app import App
from storage.sql.tokens import Tokens
from tests.support.slack.fake_slack import FakeSlack, Fault
from tests.support.slack.harness import slack, socket_settings
from tests.support.waits import Waits

HELLO = Message(title="Hello", body=(text("there"),))

HERE = Place("slack", "T1", "C1")


async def test_a_rate_limit_is_waited_for(platform: SlackPlatform, waits: Waits, fake: FakeSlack) -> None:
    fake.fail("chat.postMessage", Fault(retry_after="4"))
    await platform.send(HERE, HELLO, nonce="n")
    assert waits.waited == [4.0]
    assert len(fake.channels["T1", "C1"].messages) == 1


@pytest.mark.parametrize(
    ("faults", "kind", "told"),
    [
        ([Fault(retry_after="5")] * 3, PostponedError, "slow down"),
        ([Fault(retry_after="600")], PostponedError, "slow down"),
        ([Fault(retry_after="soon")] * 3, PostponedError, "slow down"),
        ([Fault(error="service_unavailable")], PostponedError, "service_unavailable"),
        ([Fault(drop=True, accepted=True)], UnclearError, "connection broke"),
        ([Fault(drop=True)], UnclearError, "connection broke"),
        ([Fault(error="internal_error")], UnclearError, "internal_error"),
        ([Fault(status=502)], UnclearError, "not a valid answer"),
        ([Fault(error="missing_scope", needed="chat:write")], RefusedError, "chat:write"),
        ([Fault(error="channel_not_found")], RefusedError, "/invite"),
        ([Fault(error="is_archived")], RefusedError, "archived"),
        ([Fault(error="account_inactive")], RefusedError, "removed"),
        ([Fault(error="token_revoked")], RefusedError, "removed"),
        ([Fault(error="msg_too_long")], RefusedError, "msg_too_long"),
    ],
)
async def test_each_failure_says_what_became_of_the_message(
    platform: SlackPlatform, fake: FakeSlack, faults: list[Fault], kind: type[DeliveryError], told: str
) -> None:
    fake.fail("chat.postMessage", *faults)
    with pytest.raises(kind, match=told) as failed:
        await platform.send(HERE, HELLO, nonce="n")
    assert type(failed.value) is kind
    posts = [method for method, _ in fake.calls if method == "chat.postMessage"]
    assert len(posts) == len(faults)  # nothing but a rate limit is tried again


async def test_being_too_fast_says_when_to_come_again(platform: SlackPlatform, fake: FakeSlack) -> None:
    fake.fail("chat.postMessage", Fault(retry_after="600"))
    with pytest.raises(PostponedError) as failed:
        await platform.send(HERE, HELLO, nonce="n")
    assert failed.value.retry_after == 600


async def test_a_slack_that_cannot_be_reached_has_taken_nothing(app: App, tokens: Tokens) -> None:
    async with FakeSlack() as gone:
        settings = socket_settings(gone)
    with pytest.raises(PostponedError, match="cannot be reached"):
        await slack(settings, app, tokens).platform.send(HERE, HELLO, nonce="n")


async def test_no_token_is_ever_logged(
    platform: SlackPlatform, fake: FakeSlack, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    fake.fail("chat.postMessage", Fault(error="token_revoked"))
    with pytest.raises(RefusedError):
        await platform.send(HERE, HELLO, nonce="n")
    assert "xoxb" not in caplog.text + "".join(capsys.readouterr())
