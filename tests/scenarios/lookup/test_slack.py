"""Papers that are not here, named in Slack: commands, shortcuts, reactions to links, modals, and what takes long."""

import asyncio

import pytest

from bot.domain.people import FeedbackKind
from bot.library.app import App
from tests.scenarios.lookup.conftest import LATE
from tests.support.lookup.bodies import TITLE
from tests.support.lookup.kinds import EACH, KINDS, SAYS_NONE, TROUBLES, Kind, in_trouble, late, script, script_missing
from tests.support.slack.fake_slack import Channel
from tests.support.slack.harness import Workspace, shown
from tests.support.slack.reactions import feedback_kinds
from tests.support.sources.world import ReplayServer, Reply

ARXIV = KINDS["arXiv link"]
HERE = "slack:T1:C1"


def marked(typed: str) -> str:
    """What Slack makes of a link that somebody types."""
    return f"<{typed}|{typed.partition('://')[2]}>" if typed.startswith("http") else typed.replace("&", "&amp;")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
async def test_a_paper_is_saved_however_it_is_named(
    over_http: Workspace, app: App, server: ReplayServer, kind: Kind
) -> None:
    script(server, kind)
    assert TITLE in shown(await over_http.command(f"save {marked(kind.typed)}"))
    assert await feedback_kinds(app) == {(kind.paper_id, FeedbackKind.SAVE)}


async def test_the_shortcut_of_a_message_saves_a_paper_that_was_not_here(
    workspace: Workspace, app: App, server: ReplayServer
) -> None:
    script(server, ARXIV)
    message = {"ts": "1.1", "text": f"look: {marked(ARXIV.typed)}"}
    assert f"Saved *{TITLE}*" in shown(await workspace.shortcut("save_paper", message))
    assert await feedback_kinds(app) == {(ARXIV.paper_id, FeedbackKind.SAVE)}


async def test_a_reaction_to_a_watched_link_saves_a_paper_that_was_not_here(
    workspace: Workspace, app: App, server: ReplayServer
) -> None:
    script(server, ARXIV)
    await app.store.watch(HERE, on=True)
    text = {"type": "message", "channel": "C1", "user": "U2", "text": marked(ARXIV.typed), "ts": "1768863600.0001"}
    await workspace.event(text)
    assert server.asked == [], "a link alone asks nobody"
    await workspace.react("bookmark", "1768863600.0001")
    assert await feedback_kinds(app) == {(ARXIV.paper_id, FeedbackKind.SAVE)}


async def test_a_service_that_fails_is_told(workspace: Workspace, server: ReplayServer) -> None:
    server.script("/arxiv_api", Reply(status=503))
    answer = await workspace.command(f"save {marked(ARXIV.typed)}")
    assert "arXiv could not be asked for 2601.90001: 503 Service Unavailable (4 attempts)." in shown(answer)


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_no_trouble_of_any_service_is_taken_for_an_answer(
    over_http: Workspace, app: App, server: ReplayServer, trouble: str
) -> None:
    for name, kind in in_trouble(trouble).items():
        script(server, kind, TROUBLES[trouble])
        answer = await over_http.command(f"save {marked(kind.typed)}")
        assert "could not be asked for" in shown(answer), name
    assert await app.store.count_papers() == 200


async def test_that_there_is_no_such_paper_is_told(over_http: Workspace, server: ReplayServer) -> None:
    for name, kind in EACH.items():
        script_missing(server, kind)
        answer = await over_http.command(f"save {marked(kind.typed)}")
        assert SAYS_NONE.search(shown(answer)), name


async def test_a_link_to_another_site_is_told(over_http: Workspace, server: ReplayServer) -> None:
    for link in ("<https://www.nytimes.com/2026/cells.html>", "<http://nytimes.com/2026/cells|nytimes.com/2026/cells>"):
        answer = await over_http.command(f"search {link}")
        assert "I cannot read papers from nytimes.com." in shown(answer)
    assert server.asked == []


class TestLate:
    """A service that takes longer than somebody waits."""

    @pytest.fixture
    def patience(self) -> float:
        return LATE

    async def test_the_wait_is_told_and_the_answer_follows(self, workspace: Workspace, server: ReplayServer) -> None:
        script(server, ARXIV, late)
        fake = workspace.fake
        asking = asyncio.create_task(workspace.command(f"show {marked(ARXIV.typed)}"))
        await fake.until(lambda: fake.responses)
        assert "it is being fetched from arXiv" in shown(fake.responses[0][1])
        assert fake.responses[0][1]["response_type"] == "ephemeral"
        server.gate.set()
        assert TITLE in shown(await asking)

    async def test_in_a_direct_talk_the_answer_stays(self, workspace: Workspace, server: ReplayServer) -> None:
        script(server, ARXIV, late)
        fake = workspace.fake
        fake.add(Channel("DU1"))
        asking = asyncio.create_task(workspace.command(f"show {marked(ARXIV.typed)}", channel="DU1"))
        await fake.until(lambda: fake.responses)
        server.gate.set()
        await asking
        [message] = fake.channels["T1", "DU1"].messages.values()
        assert TITLE in shown(message)

    async def test_a_search_in_a_modal_is_filled_when_the_paper_is_there(
        self, workspace: Workspace, server: ReplayServer
    ) -> None:
        script(server, ARXIV, late)
        fake = workspace.fake
        await workspace.shortcut("search_papers")
        [view_id] = fake.views
        state = {"query": {"query": {"type": "plain_text_input", "value": ARXIV.typed}}}
        sending = asyncio.create_task(workspace.submit(view_id, state))
        await fake.until(lambda: "it is being fetched from arXiv" in shown(fake.views[view_id]))
        server.gate.set()
        await sending
        assert TITLE in shown(fake.views[view_id])
