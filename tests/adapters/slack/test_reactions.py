"""Reactions in Slack: each counts once, whatever comes how often and in which order, through whichever process."""

import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.people import Account, FeedbackKind
from bot.library.app import App
from tests.support.slack.fake_slack import Channel, Fault
from tests.support.slack.harness import Workspace, shown
from tests.support.slack.reactions import feedback_kinds


async def test_a_reaction_saves_and_taking_it_off_takes_it_back(workspace: Workspace, app: App, paper: PaperId) -> None:
    await workspace.react("bookmark", "5.5", at="1768863700.000100")
    assert await feedback_kinds(app) == {(paper, FeedbackKind.SAVE)}
    await workspace.react("bookmark", "5.5", on=False, at="1768863701.000100")
    assert await feedback_kinds(app) == set()


async def test_the_order_of_arrival_does_not_matter(workspace: Workspace, app: App, paper: PaperId) -> None:
    await workspace.react("+1::skin-tone-3", "5.5", on=False, at="1768863701.000200")
    await workspace.react("+1::skin-tone-3", "5.5", at="1768863701.000100")
    assert await feedback_kinds(app) == set()
    await workspace.react("+1", "5.5", at="1768863701.000300")
    assert await feedback_kinds(app) == {(paper, FeedbackKind.LIKE)}


async def test_the_first_save_is_told_in_private_once(workspace: Workspace, paper: PaperId) -> None:
    await workspace.react("bookmark", "5.5")
    await workspace.react("bookmark", "5.5", on=False, at="1768863702.0")
    [told] = workspace.fake.ephemerals
    assert (told["user"], told["channel"]) == ("U1", "C1")
    assert "Saved to your list" in shown(told)


async def test_a_word_that_cannot_be_told_does_not_undo_the_save(
    workspace: Workspace, app: App, paper: PaperId
) -> None:
    workspace.fake.fail("chat.postEphemeral", Fault(error="user_not_in_channel"))
    await workspace.react("bookmark", "5.5")
    assert await feedback_kinds(app) == {(paper, FeedbackKind.SAVE)}


async def test_a_keycap_picks_a_paper_of_a_compact_post(workspace: Workspace, app: App) -> None:
    papers = [result.stored.paper.id for result in await app.library.trending("month", 3)]
    await app.store.record_post("slack:T1:C1", "6.6", papers)
    await workspace.react("two", "6.6")
    assert await feedback_kinds(app) == {(papers[1], FeedbackKind.SAVE)}


@pytest.mark.usefixtures("paper")
async def test_what_is_no_message_of_ours_means_nothing(workspace: Workspace, app: App) -> None:
    await workspace.react("bookmark", "7.7")
    await workspace.react("tada", "5.5")
    await workspace.react("bookmark", "5.5", user="UBOT")
    await workspace.event(
        {
            "type": "reaction_added",
            "user": "U1",
            "reaction": "bookmark",
            "item": {"type": "file", "file": "F1"},
            "event_ts": "1.1",
        }
    )
    assert await feedback_kinds(app) == set()


async def test_in_a_direct_talk_a_reaction_belongs_to_the_person(workspace: Workspace, app: App) -> None:
    workspace.fake.add(Channel("DU1"))
    await workspace.command("trending month", channel="DU1")
    [ts] = workspace.fake.channels["T1", "DU1"].messages
    await workspace.react("one", ts, channel="DU1")
    shown_first = (await app.store.posted("slack:T1:@U1", ts))[0]
    assert await feedback_kinds(app) == {(shown_first, FeedbackKind.SAVE)}


async def test_a_reaction_leaves_the_name_that_is_known(workspace: Workspace, app: App, paper: PaperId) -> None:
    await workspace.command("status")
    await workspace.react("bookmark", "5.5")
    person = await app.store.person(Account("slack", "T1/U1"))
    assert await app.store.accounts(person) == [Account("slack", "T1/U1", "u1")]
