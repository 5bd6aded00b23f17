"""Posting to Slack: paced, patient, and honest about what became of a message."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.slack.platform import SlackPlatform
from adapters.slack.workspaces import OneWorkspace
from bot.domain.messages import Image, Message, text
from bot.domain.people import Account, Place, private_talk
from bot.errors import PostponedError, RefusedError, UserError
from bot.library.app import App
from storage.sql.tokens import Tokens
from tests.support.slack.fake_slack import Channel, FakeSlack, Fault
from tests.support.slack.harness import OverSocket, Workspace, slack, socket_settings
from tests.support.waits import Waits

HELLO = Message(title="Hello", body=(text("there"),))

HERE = Place("slack", "T1", "C1")


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


@pytest.mark.parametrize("talk", [Place("slack", "T1", "U1", private=True), private_talk(Account("slack", "T1/U1"))])
async def test_a_private_message_arrives_and_is_found_again(platform: SlackPlatform, talk: Place) -> None:
    name = await platform.send(talk, HELLO, nonce="n")
    assert await platform.recall(talk, "n", BEFORE, message=Message()) == name


async def test_owners_are_told_where_nobody_is_known_to_have_installed_it(
    platform: SlackPlatform, fake: FakeSlack
) -> None:
    await platform.tell_admins(HERE, HELLO)
    assert fake.channels["T1", "UOWNER"].messages
    assert ("T1", "UGONE") not in fake.channels


async def test_of_trouble_with_ones_own_post_nobody_else_is_told(platform: SlackPlatform, fake: FakeSlack) -> None:
    await platform.tell_admins(private_talk(Account("slack", "T1/U1")), HELLO)
    assert fake.channels["T1", "U1"].messages
    assert ("T1", "UOWNER") not in fake.channels


async def test_an_app_token_that_slack_refuses_ends_it_with_one_sentence(
    platform: SlackPlatform, fake: FakeSlack, caplog: pytest.LogCaptureFixture
) -> None:
    fake.refuses_app_token = True
    with pytest.raises(UserError, match="SLACK_APP_TOKEN does not work"):
        await platform.run()
    assert "Traceback" not in caplog.text
    assert [method for method, _ in fake.calls].count("apps.connections.open") == 1


async def test_an_app_token_that_is_revoked_later_ends_it_too(platform: SlackPlatform, fake: FakeSlack) -> None:
    running = asyncio.create_task(platform.run())
    await fake.until(lambda: fake.connections)
    fake.refuses_app_token = True
    await fake.disconnect()
    async with asyncio.timeout(60):
        with pytest.raises(UserError, match="SLACK_APP_TOKEN does not work"):
            await running


async def test_a_bot_token_that_slack_refuses_ends_it_with_one_sentence(
    app: App, tokens: Tokens, fake: FakeSlack
) -> None:
    with pytest.raises(UserError, match="SLACK_BOT_TOKEN does not work"):
        await slack(socket_settings(fake, bot_token="xoxb-gone"), app, tokens).platform.run()


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
    fake.add(Channel("DU1"))
    fake.fail("chat.postMessage", Fault(retry_after="1"))
    asking = asyncio.create_task(Workspace(fake, OverSocket(fake)).command("search diffusion", channel="DU1"))
    await gate.reached.wait()
    running.cancel()
    gate.open.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert len(fake.channels["T1", "DU1"].messages) == 1
    await asking


async def test_a_picture_follows_its_message_with_its_words(platform: SlackPlatform, fake: FakeSlack) -> None:
    shown = replace(HELLO, images=(Image(b"\x89PNG", "Saves by day: Mon 3.", "week.png"),))
    ts = await platform.send(HERE, shown, nonce="n")
    assert list(fake.channels["T1", "C1"].messages) == [ts]
    methods = [method for method, _ in fake.calls]
    assert methods.index("chat.postMessage") < methods.index("files.getUploadURLExternal")
    [asked] = [arguments for method, arguments in fake.calls if method == "files.getUploadURLExternal"]
    assert (asked["filename"], asked["alt_txt"]) == ("week.png", "Saves by day: Mon 3.")
    fake.fail("files.getUploadURLExternal", Fault(drop=True))
    assert await platform.send(HERE, shown, nonce="m"), "the message is there, whatever comes of its picture"
