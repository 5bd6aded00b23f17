"""What a workspace sets for itself in Slack: the emoji that count, and who may change posts besides its admins."""

import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.people import FeedbackKind
from bot.library.app import App
from tests.support.slack.harness import Workspace, shown
from tests.support.slack.reactions import feedback_kinds


@pytest.fixture
async def paper(app: App) -> PaperId:
    """A paper that message 5.5 of the channel shows."""
    found = (await app.library.trending("month", 1))[0].stored.paper.id
    await app.store.record_post("slack:T1:C1", "5.5", [found])
    return found


@pytest.mark.parametrize(("typed", "name"), [(":star:", "star"), ("⭐", "star"), (":party-parrot:", "party-parrot")])
async def test_another_emoji_saves_where_an_admin_chose_it(
    workspace: Workspace, app: App, paper: PaperId, typed: str, name: str
) -> None:
    assert "for admins of this workspace" in shown(await workspace.command(f"reactions save {typed}"))
    answer = await workspace.command(f"reactions save {typed}", user="UADMIN")
    assert "saves a paper" in shown(answer)
    await workspace.react("bookmark", "5.5")
    assert await feedback_kinds(app) == set()
    await workspace.react(name, "5.5")
    assert await feedback_kinds(app) == {(paper, FeedbackKind.SAVE)}


async def test_an_emoji_of_the_workspaces_own_is_shown_as_one(workspace: Workspace) -> None:
    answer = await workspace.command("reactions save :party-parrot:", user="UADMIN")
    [small] = [block for block in answer["blocks"] if block["type"] == "context"]
    assert small["elements"][0]["type"] == "mrkdwn"
    assert small["elements"][0]["text"].startswith(":party-parrot: saves a paper")


async def test_whom_an_admin_named_may_change_the_post_and_nothing_more(workspace: Workspace, app: App) -> None:
    assert "for admins of this workspace" in shown(await workspace.command("digest time 08:00", user="U2"))
    named = await workspace.command("admins add <@U2|ben>", user="UADMIN")
    assert "*ben* may change daily posts now" in shown(named)
    assert "08:00" in shown(await workspace.command("digest time 08:00", user="U2"))
    await workspace.command("digest", user="U2")
    assert [view["callback_id"] for view in workspace.fake.views.values()] == ["setup"]
    assert "admins of this workspace" in shown(await workspace.command("admins add <@U3|cem>", user="U2"))
    await workspace.command("admins remove <@U2|ben>", user="UADMIN")
    assert "for admins of this workspace" in shown(await workspace.command("digest time 09:00", user="U2"))
