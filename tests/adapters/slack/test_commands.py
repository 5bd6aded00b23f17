"""Command lines run for people in Slack: who manages what, in which time zone, and what stands in a post's way."""

import pytest

from adapters.slack.manifest import SCOPES
from bot.library.app import App
from tests.support.slack.fake_slack import Channel, Fault
from tests.support.slack.harness import Workspace, shown


@pytest.mark.parametrize("typed", ["digest me", "digest me on", "digest on 09:00"])
async def test_a_first_post_comes_in_the_time_zone_slack_knows(workspace: Workspace, typed: str) -> None:
    assert "09:00 Europe/Berlin" in shown(await workspace.command(typed, user="UADMIN"))


async def test_ones_own_post_is_confirmed_where_it_will_come(workspace: Workspace) -> None:
    answer = await workspace.command("digest me 08:00")
    [confirmed] = workspace.fake.channels["T1", "U1"].messages.values()
    assert shown(confirmed) == shown(answer)


@pytest.mark.parametrize(
    ("error", "why"),
    [
        ("messages_tab_disabled", "the app's Messages tab is off"),
        ("user_disabled", "account was deactivated"),
        ("is_archived", "archived"),
    ],
)
async def test_ones_own_post_stays_off_where_slack_takes_no_direct_message(
    workspace: Workspace, app: App, error: str, why: str
) -> None:
    workspace.fake.fail("chat.postMessage", Fault(error=error))
    answer = shown(await workspace.command("digest me 08:00"))
    assert "I cannot send you direct messages: " in answer
    assert why in answer
    assert "papers at" not in answer
    own = await app.store.destination("slack:T1:@U1")
    assert own
    assert not own.enabled


async def test_a_direct_message_that_may_come_through_another_time_switches_nothing_off(
    workspace: Workspace, app: App
) -> None:
    workspace.fake.fail("chat.postMessage", Fault(status=503))
    assert "papers at 08:00" in shown(await workspace.command("digest me 08:00"))
    own = await app.store.destination("slack:T1:@U1")
    assert own
    assert own.enabled


async def test_a_time_zone_that_is_named_counts(workspace: Workspace) -> None:
    assert "07:00 Asia/Tokyo" in shown(await workspace.command("digest me on 07:00 Asia/Tokyo"))
    assert "Asia/Tokyo" in shown(await workspace.command("digest me on 08:00"))


async def test_in_a_direct_talk_everybody_manages_their_own_post(workspace: Workspace, app: App) -> None:
    workspace.fake.add(Channel("DU1"))
    answer = await workspace.command("digest time 08:30", channel="DU1")
    assert "08:30" in shown(answer)
    destination = await app.store.destination("slack:T1:@U1")
    assert destination
    assert destination.place.private


async def test_a_channel_is_managed_by_admins_alone(workspace: Workspace, app: App) -> None:
    refused = await workspace.command("digest time 08:30")
    assert "for admins of this workspace" in shown(refused)
    assert refused["response_type"] == "ephemeral"
    assert await app.store.destination("slack:T1:C1") is None
    await workspace.command("digest time 08:30", user="UADMIN")
    assert await app.store.destination("slack:T1:C1")


async def test_nobody_manages_a_channel_when_slack_does_not_say_so(workspace: Workspace) -> None:
    workspace.fake.fail("users.info", Fault(error="missing_scope", needed="users:read"))
    refused = await workspace.command("digest off", user="UADMIN")
    assert "for admins of this workspace" in shown(refused)


@pytest.mark.parametrize(
    ("channel", "told"),
    [
        (Channel("C2", is_archived=True), "is archived"),
        (Channel("C2", is_member=False, is_private=True), "private and Paperboy is not in it"),
        (Channel("C2", is_member=False), ""),
    ],
)
async def test_what_stands_in_the_way_of_a_post_is_named_when_it_is_set(
    workspace: Workspace, channel: Channel, told: str
) -> None:
    workspace.fake.add(channel)
    # In an archived or closed channel the answer itself goes with the command.
    answer = await workspace.command("digest on 09:00", user="UADMIN", channel="C2")
    assert told in shown(answer)
    assert channel.is_member or told


async def test_scopes_that_were_not_granted_are_named_when_a_post_is_set(workspace: Workspace) -> None:
    workspace.fake.scopes = ",".join(sorted(SCOPES.keys() - {"chat:write", "reactions:read"}))
    answer = await workspace.command("digest on 09:00", user="UADMIN")
    assert "The app lacks chat:write, reactions:read" in shown(answer)


async def test_a_missing_scope_is_named_when_a_post_is_set(workspace: Workspace) -> None:
    workspace.fake.fail("conversations.info", Fault(error="missing_scope", needed="channels:read"))
    answer = await workspace.command("digest on 09:00", user="UADMIN")
    assert "lacks a permission: channels:read" in shown(answer)
