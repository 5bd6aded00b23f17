"""Links that people share in a channel: they matter where an admin said so, and Paperboy reads nothing else."""

from typing import Any

import pytest

from bot.delivery.composer import PostComposer
from bot.domain.destinations import Destination
from bot.domain.paper_ids import PaperId
from bot.domain.people import FeedbackKind, Place
from bot.library.app import App
from tests.support.slack.fake_slack import Channel
from tests.support.slack.harness import Workspace, shown
from tests.support.slack.reactions import feedback_kinds

HERE = Place("slack", "T1", "C1", "#papers")


async def picked(app: App) -> list[str]:
    """The papers of the channel's next post."""
    return [card.paper_id for card in (await PostComposer(app).preview(Destination(place=HERE))).cards]


@pytest.fixture
async def paper(app: App) -> PaperId:
    """The first paper of the channel's next post."""
    return PaperId((await picked(app))[0])


def message(paper: str, ts: str = "8.8", **more: Any) -> dict[str, Any]:
    """Somebody's message with a link to a paper."""
    text = f"have you seen <https://arxiv.org/abs/{paper}v2|this>?"
    return {"type": "message", "channel": "C1", "user": "U2", "ts": ts, "text": text, **more}


def histories(workspace: Workspace) -> int:
    """How often a message was read."""
    return [method for method, _ in workspace.fake.calls].count("conversations.history")


async def test_an_admin_switches_it_on_and_only_then_shared_papers_are_not_posted(
    workspace: Workspace, app: App, paper: PaperId
) -> None:
    await workspace.event(message(paper))
    assert paper in await picked(app)
    assert "for admins of this workspace" in shown(await workspace.command("watch on"))
    assert "are watched here" in shown(await workspace.command("watch on", user="UADMIN"))
    await workspace.event(message(paper))
    assert paper not in await picked(app)


@pytest.mark.parametrize(
    "more",
    [{"subtype": "message_changed"}, {"subtype": "bot_message"}, {"bot_id": "B9"}, {"text": "nothing to see"}],
)
async def test_what_is_no_paper_of_a_person_changes_nothing(
    workspace: Workspace, app: App, paper: PaperId, more: dict[str, str]
) -> None:
    await workspace.command("watch on", user="UADMIN")
    await workspace.event(message(paper, **more))
    assert paper in await picked(app)


async def test_a_reaction_to_a_persons_link_counts_where_links_are_watched(
    workspace: Workspace, app: App, paper: PaperId
) -> None:
    await workspace.event(message(paper))
    await workspace.react("bookmark", "8.8")
    assert await feedback_kinds(app) == set()
    await workspace.command("watch on", user="UADMIN")
    await workspace.event(message(paper))
    await workspace.react("bookmark", "8.8")
    await workspace.react("tada", "8.8")
    assert await feedback_kinds(app) == {(paper, FeedbackKind.SAVE)}
    await workspace.react("bookmark", "8.8", on=False, at="1768863900.0001")
    assert await feedback_kinds(app) == set()
    await workspace.command("watch off", user="UADMIN")
    await workspace.react("bookmark", "8.8", at="1768863901.0001")
    assert await feedback_kinds(app) == set()


async def test_six_reactions_to_six_links_within_a_minute_all_count_and_nothing_is_read_back(
    workspace: Workspace, app: App
) -> None:
    workspace.fake.outside_marketplace = True
    await workspace.command("watch on", user="UADMIN")
    papers = await picked(app)
    for number, each in enumerate([*papers, papers[0]]):
        await workspace.event(message(each, f"8.{number}"))
        await workspace.react("bookmark", f"8.{number}", user="U1" if number < 5 else "U2")
    assert await feedback_kinds(app) == {(each, FeedbackKind.SAVE) for each in papers}
    assert await feedback_kinds(app, "U2") == {(papers[0], FeedbackKind.SAVE)}
    assert histories(workspace) == 0


async def test_a_link_that_is_added_to_a_message_afterwards_counts(
    workspace: Workspace, app: App, paper: PaperId
) -> None:
    await workspace.command("watch on", user="UADMIN")
    changed = {"type": "message", "subtype": "message_changed", "channel": "C1", "ts": "9.9"}
    await workspace.event({**changed, "message": message(paper)})
    await workspace.react("bookmark", "8.8")
    assert await feedback_kinds(app) == {(paper, FeedbackKind.SAVE)}


async def test_a_reaction_to_a_link_within_a_thread_counts(workspace: Workspace, app: App, paper: PaperId) -> None:
    await workspace.command("watch on", user="UADMIN")
    await workspace.event(message(paper, "8.9", thread_ts="8.1"))
    await workspace.react("bookmark", "8.9")
    assert await feedback_kinds(app) == {(paper, FeedbackKind.SAVE)}


async def test_a_message_of_our_own_is_not_read_again(workspace: Workspace, app: App, paper: PaperId) -> None:
    await workspace.command("watch on", user="UADMIN")
    await app.store.record_post(HERE.key, "5.5", [paper])
    await workspace.react("bookmark", "5.5")
    assert await feedback_kinds(app) == {(paper, FeedbackKind.SAVE)}
    assert histories(workspace) == 0


async def test_watching_a_channel_paperboy_is_not_in_joins_it_or_says_what_to_do(workspace: Workspace) -> None:
    public = workspace.fake.add(Channel("C2", is_member=False))
    await workspace.command("watch on", user="UADMIN", channel="C2")
    assert public.is_member
    workspace.fake.add(Channel("C3", is_member=False, is_private=True))
    assert "/invite @Paperboy" in shown(await workspace.command("watch on", user="UADMIN", channel="C3"))
    workspace.fake.add(Channel("C4", is_member=False, is_private=True))
    assert "/invite" not in shown(await workspace.command("watch", user="UADMIN", channel="C4"))


def answers(workspace: Workspace) -> list[dict[str, Any]]:
    """What was said in threads."""
    return [said for method, said in workspace.fake.calls if method == "chat.postMessage" and "thread_ts" in said]


async def test_a_paper_that_is_shared_again_is_answered_in_the_thread_with_a_link_to_the_first(
    workspace: Workspace, paper: PaperId
) -> None:
    await workspace.command("watch on", user="UADMIN")
    await workspace.event(message(paper, "1768000000.000100"))
    await workspace.event(message(paper, "1770000000.000200", user="U1"))
    [known] = answers(workspace)
    assert known["thread_ts"] == "1770000000.000200"
    told = shown(known)
    assert told.startswith("Shared here <https://lab.slack.com/archives/C1/p1768000000000100|3 weeks ago> by ")
    assert "<@" not in told
    await workspace.event(message(paper, "1770000100.000300"))
    changed = {"type": "message", "subtype": "message_changed", "channel": "C1", "ts": "1790000000.1"}
    await workspace.event({**changed, "message": message(paper, "1790000000.000400")})
    assert len(answers(workspace)) == 1


async def test_whoever_shows_a_paper_is_led_to_where_it_was_shared(workspace: Workspace, paper: PaperId) -> None:
    await workspace.command("watch on", user="UADMIN")
    await workspace.event(message(paper, "1700000000.000100"))
    assert "Shared here <https://lab.slack.com/archives/C1/p1700000000000100|2 years ago>" in shown(
        await workspace.command(f"show {paper}")
    )
    assert "Shared here" not in shown(await workspace.command(f"search {paper}")), "it was said"
    assert "Shared here" in shown(await workspace.command(f"search {paper}", user="U2"))


async def test_nobody_is_led_to_a_message_that_was_deleted(workspace: Workspace, paper: PaperId) -> None:
    await workspace.command("watch on", user="UADMIN")
    await workspace.event(message(paper, "1700000000.000100"))
    gone = {"type": "message", "subtype": "message_deleted", "channel": "C1", "ts": "1700000001.1"}
    await workspace.event({**gone, "deleted_ts": "1700000000.000100"})
    assert "Shared here" not in shown(await workspace.command(f"show {paper}"))
