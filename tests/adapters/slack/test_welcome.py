"""Greetings: to whoever installed Paperboy, and to a channel it came to."""

import pytest

from tests.support.slack.fake_slack import FakeSlack, Fault
from tests.support.slack.harness import Browser, Workspace, button, shown
from tests.support.slack.world import install

JOINED = {"type": "member_joined_channel", "user": "UBOT", "channel": "C1", "team": "T1"}


async def test_a_channel_that_paperboy_joined_is_greeted_with_a_way_to_set_it_up(workspace: Workspace) -> None:
    await workspace.event(JOINED)
    [greeting] = workspace.fake.channels["T1", "C1"].messages.values()
    await workspace.press(button(greeting, "Set up"), user="UADMIN", message=greeting["ts"])
    assert workspace.fake.views["V1"]["callback_id"] == "setup"


async def test_others_who_join_are_no_news(workspace: Workspace) -> None:
    await workspace.event({**JOINED, "user": "U2"})
    assert not workspace.fake.channels["T1", "C1"].messages


async def test_a_channel_whose_post_is_set_needs_no_greeting(workspace: Workspace) -> None:
    await workspace.command("digest on 09:00", user="UADMIN")
    await workspace.event(JOINED)
    assert not workspace.fake.channels["T1", "C1"].messages


async def test_whoever_installs_it_is_greeted(over_http: Workspace) -> None:
    [greeting] = over_http.fake.channels["T1", "UADMIN"].messages.values()
    assert button(greeting, "Set up")
    assert "/invite @Paperboy" in shown(greeting)


async def test_a_greeting_that_cannot_be_sent_does_not_spoil_the_installation(
    browser: Browser, fake: FakeSlack
) -> None:
    fake.fail("chat.postMessage", Fault(error="restricted_action"))
    assert "Thank you" in await install(browser)


@pytest.mark.parametrize("typed", ["digest on 09:00", "watch on"])
async def test_in_a_group_message_it_is_said_that_nothing_can_be_posted(workspace: Workspace, typed: str) -> None:
    workspace.fake.fail("conversations.info", Fault(error="missing_scope", needed="mpim:read"))
    answer = await workspace.command(typed, user="UADMIN", channel="G1", channel_name="mpdm-ana--ben-1")
    assert "group message" in shown(answer)
    assert "manifest" not in shown(answer)
