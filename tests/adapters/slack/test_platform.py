"""Posting to Slack: paced, patient, and honest about what became of a message."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest

from adapters.slack.platform import SlackPlatform
from adapters.slack.workspaces import OneWorkspace
from bot.domain.messages import Message, text
from bot.domain.people import Account, Place, private_talk
from bot.errors import DeliveryError, PostponedError, RefusedError, UnclearError
from bot.library.app import App
from storage.sql.tokens import Tokens
from tests.support.slack.fake_slack import Channel, FakeSlack, Fault
from tests.support.slack.harness import OverSocket, Workspace, slack, socket_settings
from tests.support.waits import Waits

HELLO = Message(title="Hello", body=(text("there"),))
HERE = Place("slack", "T1", "C1")


@pytest.fixture
def platform(fake: FakeSlack, app: App, tokens: Tokens, waits: Waits) -> SlackPlatform:
    return slack(socket_settings(fake), app, tokens, waits).platform


async def test_a_message_is_shown_once_with_a_text_beside_it(platform: SlackPlatform, fake: FakeSlack) -> None:
    ts = await platform.send(HERE, HELLO, nonce="n")
    assert list(fake.channels["T1", "C1"].messages) == [ts]
    assert fake.channels["T1", "C1"].messages[ts]["text"] == "Hello\n\nthere"


async def test_a_channel_gets_a_message_a_second_and_a_workspace_five(
    platform: SlackPlatform, waits: Waits, fake: FakeSlack
) -> None:
    fake.add(Channel("C2"))
    for _ in range(3):
        await platform.send(HERE, HELLO, nonce="n")
    await platform.send(Place("slack", "T1", "C2"), HELLO, nonce="n")
    assert waits.waited == [1.0, 1.0, pytest.approx(0.204)]


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


async def test_a_public_channel_is_joined_to_post_there(platform: SlackPlatform, fake: FakeSlack) -> None:
    channel = fake.add(Channel("C2", is_member=False))
    await platform.send(Place("slack", "T1", "C2"), HELLO, nonce="n")
    assert channel.is_member
    assert len(channel.messages) == 1


async def test_a_channel_that_cannot_be_joined_is_refused(platform: SlackPlatform, fake: FakeSlack) -> None:
    fake.add(Channel("C2", is_member=False))
    fake.fail("conversations.join", Fault(error="method_not_supported_for_channel_type"))
    with pytest.raises(RefusedError):
        await platform.send(Place("slack", "T1", "C2"), HELLO, nonce="n")


async def test_what_breaks_before_a_post_has_posted_nothing(platform: SlackPlatform, fake: FakeSlack) -> None:
    fake.add(Channel("C2", is_member=False))
    fake.fail("conversations.join", Fault(drop=True))
    with pytest.raises(PostponedError):
        await platform.send(Place("slack", "T1", "C2"), HELLO, nonce="n")


async def test_another_workspace_is_not_reached_once_connected(platform: SlackPlatform) -> None:
    assert platform.reaches(HERE)
    assert not platform.reaches(Place("discord", "T1", "C1"))
    workspace = platform._workspaces
    assert isinstance(workspace, OneWorkspace)
    await workspace.connect()
    with pytest.raises(RefusedError, match="not installed in T2"):
        await platform.send(Place("slack", "T2", "C1"), HELLO, nonce="n")
    assert not platform.reaches(Place("slack", "T2", "C1"))


BEFORE = datetime(2026, 1, 19, 23, tzinfo=UTC)


async def test_a_message_is_found_again_by_its_nonce(platform: SlackPlatform, fake: FakeSlack) -> None:
    names = [await platform.send(HERE, HELLO, nonce=f"n{n}") for n in range(5)]
    fake.channels["T1", "C1"].messages["1768863700.000001"] = {
        "text": "somebody else's",
        "metadata": {"event_type": "other", "event_payload": {"nonce": "n9"}},
    }
    for fake.page in (999, 2):
        assert [await platform.recall(HERE, f"n{n}", BEFORE) for n in range(5)] == names
        assert await platform.recall(HERE, "n9", BEFORE) is None


@pytest.mark.parametrize("talk", [Place("slack", "T1", "U1", private=True), private_talk(Account("slack", "T1/U1"))])
async def test_a_private_message_arrives_and_is_found_again(platform: SlackPlatform, talk: Place) -> None:
    name = await platform.send(talk, HELLO, nonce="n")
    assert await platform.recall(talk, "n", BEFORE) == name


@pytest.mark.parametrize(
    ("fault", "kind", "told"),
    [
        (Fault(error="missing_scope", needed="groups:history"), UnclearError, "groups:history"),
        (Fault(error="channel_not_found"), UnclearError, "/invite"),
        (Fault(error="internal_error"), PostponedError, "internal_error"),
        (Fault(retry_after="60"), PostponedError, "slow down"),
    ],
)
async def test_where_one_cannot_look_that_is_said(
    platform: SlackPlatform, fake: FakeSlack, fault: Fault, kind: type[DeliveryError], told: str
) -> None:
    fake.fail("conversations.history", fault)
    with pytest.raises(kind, match=told):
        await platform.recall(HERE, "n", BEFORE)


async def test_a_message_sent_in_slacks_future_is_not_looked_for_in_the_past(platform: SlackPlatform) -> None:
    with pytest.raises(UnclearError, match="clock"):
        await platform.recall(HERE, "n", datetime.now(UTC) + timedelta(hours=1))


async def test_a_channel_with_more_messages_than_one_looks_through_is_unclear(
    platform: SlackPlatform, fake: FakeSlack
) -> None:
    fake.page = 1
    for n in range(60):
        fake.channels["T1", "C1"].messages[f"1768863700.{n:06}"] = {"text": "chatter"}
    with pytest.raises(UnclearError, match="more messages"):
        await platform.recall(HERE, "n", BEFORE)


async def test_owners_are_told_where_nobody_is_known_to_have_installed_it(
    platform: SlackPlatform, fake: FakeSlack
) -> None:
    await platform.tell_admins(HERE, HELLO)
    assert fake.channels["T1", "UOWNER"].messages
    assert ("T1", "UGONE") not in fake.channels


async def test_no_token_is_ever_logged(
    platform: SlackPlatform, fake: FakeSlack, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    fake.fail("chat.postMessage", Fault(error="token_revoked"))
    with pytest.raises(RefusedError):
        await platform.send(HERE, HELLO, nonce="n")
    assert "xoxb" not in caplog.text + "".join(capsys.readouterr())


class Gate(Waits):
    """A wait that ends when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.open = asyncio.Event(), asyncio.Event()

    async def pause(self, seconds: float) -> None:
        self.reached.set()
        await self.open.wait()


async def test_what_was_acknowledged_is_answered_before_the_connection_ends(
    app: App, tokens: Tokens, fake: FakeSlack
) -> None:
    gate = Gate()
    running = asyncio.create_task(slack(socket_settings(fake), app, tokens, gate).platform.run())
    await fake.until(lambda: fake.connections)
    fake.fail("chat.postMessage", Fault(retry_after="1"))
    asking = asyncio.create_task(Workspace(fake, OverSocket(fake)).command("search diffusion"))
    await gate.reached.wait()
    running.cancel()
    gate.open.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert len(fake.channels["T1", "C1"].messages) == 1
    await asking
