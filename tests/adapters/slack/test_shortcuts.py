"""Shortcuts on a message: which paper is meant, and what comes of it."""

from bot.domain.people import FeedbackKind
from bot.library.app import App
from tests.support.slack.harness import Workspace, shown
from tests.support.slack.reactions import feedback_kinds


async def test_a_message_with_one_paper_is_saved_by_its_shortcut(workspace: Workspace, app: App) -> None:
    paper = (await app.library.trending("month", 1))[0].stored.paper
    linked = {"type": "link", "url": f"https://arxiv.org/abs/{paper.id}v2"}
    message = {"ts": "1.1", "text": f'look:\nhttps://arxiv.org/abs/{paper.id}\n"new"', "blocks": [linked]}
    answer = await workspace.shortcut("save_paper", message)
    assert "Saved" in shown(answer)
    assert await feedback_kinds(app) == {(paper.id, FeedbackKind.SAVE)}
    similar = await workspace.shortcut("similar_papers", message)
    assert "Similar to" in shown(similar)


async def test_a_shortcut_asks_which_paper_and_says_when_there_is_none(workspace: Workspace) -> None:
    answer = await workspace.shortcut("save_paper", {"ts": "1.1", "text": "arXiv:2006.11239 and arXiv:1706.03762"})
    [choices] = answer["blocks"][1]["elements"]
    assert [option["value"] for option in choices["options"]] == ["2006.11239", "1706.03762"]
    assert choices["action_id"].endswith("save {value}")
    none = await workspace.shortcut("similar_papers", {"ts": "1.2", "text": "hello"})
    assert "no link to a paper" in shown(none)


async def test_a_shortcut_on_our_own_message_knows_its_papers(workspace: Workspace, app: App) -> None:
    paper = (await app.library.trending("month", 1))[0].stored.paper
    await app.store.record_post("slack:T1:C1", "5.5", [paper.id])
    await workspace.shortcut("save_paper", {"ts": "5.5", "text": ""})
    assert await feedback_kinds(app) == {(paper.id, FeedbackKind.SAVE)}
