"""Where answers are shown, and to whom."""

import pytest

from bot.library.app import App
from tests.support.slack.fake_slack import Channel, Fault
from tests.support.slack.harness import Workspace, button, shown


@pytest.mark.parametrize("typed", ["search diffusion", "trending month", "status"])
async def test_an_answer_in_a_channel_is_for_the_one_who_asked(workspace: Workspace, typed: str) -> None:
    answer = await workspace.command(typed)
    assert answer["response_type"] == "ephemeral"
    assert not workspace.fake.channels["T1", "C1"].messages


async def test_a_confirmation_of_settings_is_for_the_one_who_made_them(workspace: Workspace) -> None:
    answer = await workspace.command("digest time 08:30", user="UADMIN")
    assert answer["response_type"] == "ephemeral"
    assert not workspace.fake.channels["T1", "C1"].messages


async def test_in_a_direct_talk_an_answer_stays_and_can_be_reacted_to(workspace: Workspace, app: App) -> None:
    workspace.fake.add(Channel("DU1"))
    answer = await workspace.command("search diffusion", channel="DU1")
    assert answer["channel"] == "DU1"
    assert answer["blocks"][0]["text"]["text"] == "Search: diffusion"
    assert answer["text"].startswith("Search: diffusion")
    [ts] = workspace.fake.channels["T1", "DU1"].messages
    assert len(await app.store.posted("slack:T1:@U1", ts)) == 5


async def test_where_the_bot_is_no_member_what_is_shared_goes_with_the_press(workspace: Workspace) -> None:
    first = await workspace.command("search diffusion")
    workspace.fake.channels["T1", "C1"].is_member = False
    shared = await workspace.press(button(first, "Share to channel"))
    assert shared["response_type"] == "in_channel"


async def test_what_is_shared_and_may_be_there_is_not_shown_again(workspace: Workspace) -> None:
    first = await workspace.command("search diffusion")
    workspace.fake.fail("chat.postMessage", Fault(drop=True, accepted=True))
    before = len(workspace.fake.responses)
    await workspace.press(button(first, "Share to channel"))
    assert len(workspace.fake.channels["T1", "C1"].messages) == 1
    assert len(workspace.fake.responses) == before


async def test_in_a_direct_talk_reactions_follow_the_page(workspace: Workspace, app: App) -> None:
    workspace.fake.add(Channel("DU1"))
    first = await workspace.command("trending month", channel="DU1")
    [ts] = workspace.fake.channels["T1", "DU1"].messages
    before = await app.store.posted("slack:T1:@U1", ts)
    await workspace.press(button(first, "More"), message=ts, channel="DU1")
    after = await app.store.posted("slack:T1:@U1", ts)
    assert after
    assert not set(after) & set(before)


async def test_a_missing_permission_is_named_with_the_file_that_could_not_be_handed_over(workspace: Workspace) -> None:
    first = await workspace.command("search diffusion")
    await workspace.press(button(first, "Save"))
    workspace.fake.fail("conversations.open", Fault(error="missing_scope", needed="im:write"))
    answer = await workspace.command("export bibtex")
    assert "the app lacks a permission: im:write" in shown(answer)
