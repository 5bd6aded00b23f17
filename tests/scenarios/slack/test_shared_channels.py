"""Channels that workspaces share: what is posted in one of them is found from all, and a person stays one person."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.people import Account, FeedbackKind, Place
from bot.library.app import App
from storage.sql.tokens import Tokens
from tests.support.slack.fake_slack import Channel, FakeSlack
from tests.support.slack.harness import Transport, Workspace, settled
from tests.support.slack.processes import Process, World
from tests.support.slack.world import INSTALLED, KEY, install

ORGANISATION = {
    **INSTALLED,
    "access_token": "xoxb-org",
    "team": None,
    "enterprise": {"id": "E1", "name": "University"},
    "is_enterprise_install": True,
}
REACTION = {
    "type": "reaction_added",
    "reaction": "bookmark",
    "item": {"type": "message", "channel": "C1", "ts": "5.5"},
    "event_ts": "1768863700.0001",
}


@pytest.fixture
async def paper(app: App) -> PaperId:
    """The paper of message 5.5, which was posted for workspace T1."""
    found = (await app.library.trending("month", 1))[0].stored.paper.id
    await app.store.record_post("slack:T1:C1", "5.5", [found])
    return found


@pytest.fixture
def world(fake: FakeSlack, app: App, tmp_path: Path) -> World:
    fake.oauth["code-2"] = {**INSTALLED, "access_token": "xoxb-T2", "team": {"id": "T2", "name": "Other lab"}}
    fake.oauth["code-org"] = ORGANISATION
    fake.tokens["xoxb-org"] = "T1"
    fake.add(Channel("C1"), "T2")
    return World(fake, app.clock, app.index, tmp_path / "data", "http", KEY)


async def saves(app: App, account: str) -> list[str]:
    person = await app.store.person(Account("slack", account))
    return [entry.paper_id for entry in await app.store.feedback_of(person) if entry.kind is FeedbackKind.SAVE]


async def event(transport: Transport, name: str, event: Mapping[str, Any], **around: Any) -> None:
    """An event as Slack wraps it."""
    wrapped = {"type": "event_callback", "api_app_id": "A1", "event_id": name, "event": event, **around}
    await transport.send("events_api", wrapped)
    await settled()


def installed(team: str | None, organisation: str | None = None) -> list[dict[str, Any]]:
    """The one installation that an event names, of all that see it."""
    return [{"enterprise_id": organisation, "team_id": team, "user_id": "UBOT", "is_bot": True}]


async def test_a_reaction_counts_although_the_event_names_the_other_workspace_that_installed_it(
    world: World, app: App, paper: PaperId
) -> None:
    world.fake.users["U9"] = {"team_id": "T2"}
    async with Process(world) as process:
        assert process.browser
        await install(process.browser)
        await install(process.browser, "code-2")
        around = {"team_id": "T2", "context_team_id": "T2", "is_ext_shared_channel": True}
        await event(process.transport, "Ev1", {**REACTION, "user": "U9"}, authorizations=installed("T2"), **around)
    assert await saves(app, "T2/U9") == [paper]
    assert [each.paper_id for each in await app.store.feedback_at("slack:T1:C1")] == [paper]


async def test_a_person_of_another_company_is_the_same_whatever_they_do(world: World, app: App, paper: PaperId) -> None:
    world.fake.users["U9"] = {"team_id": "T9"}
    async with Process(world) as process:
        assert process.browser
        await install(process.browser)
        around = {"team_id": "T1", "context_team_id": "T1", "is_ext_shared_channel": True}
        await event(process.transport, "Ev1", {**REACTION, "user": "U9"}, authorizations=installed("T1"), **around)
        assert await saves(app, "T9/U9") == [paper]
        workspace = Workspace(world.fake, process.transport)
        person = {"id": "U9", "username": "u9", "team_id": "T9"}
        await workspace.press({"action_id": "run:0", "value": f"unsave {paper}"}, person=person)
    assert await saves(app, "T9/U9") == []


@pytest.mark.parametrize("message", ["5.5", ""])
async def test_whoever_presses_a_post_is_answered_by_the_workspace_it_was_posted_for(
    world: World, app: App, tokens: Tokens, paper: PaperId, message: str
) -> None:
    async with Process(world) as process:
        assert process.browser
        await install(process.browser)
        workspace = Workspace(world.fake, process.transport)
        person = {"id": "U9", "username": "u9", "team_id": "T9"}
        around: dict[str, Any] = {"team": {"id": "T9"}, "enterprise": {"id": "E9"}, "person": person}
        press = {"action_id": "run:0", "value": f"save {paper}"}
        answer = await workspace.press(press, message=message, **around)
        assert "Saved" in json.dumps(answer)
        elsewhere = await workspace.press(press, channel="C5", message="7.7", **around)
        assert "Paperboy is not installed in your workspace" in json.dumps(elsewhere)
    assert await saves(app, "T9/U9") == [paper]
    assert [each.paper_id for each in await app.store.feedback_at("slack:T1:C1")] == [paper]
    assert await tokens.installation("slack", "T9") is None


async def test_a_reaction_in_a_channel_of_two_workspaces_of_an_organisation_counts(
    world: World, app: App, paper: PaperId
) -> None:
    async with Process(world) as process:
        assert process.browser
        await install(process.browser, "code-org")
        named = installed("T2", "E1")
        await event(
            process.transport, "Ev1", {**REACTION, "user": "W1"}, authorizations=named, team_id="T2", enterprise_id="E1"
        )
    assert await saves(app, "T2/W1") == [paper]
    assert [each.paper_id for each in await app.store.feedback_at("slack:T1:C1")] == [paper]


async def test_the_press_of_a_person_of_another_company_does_not_put_their_workspace_under_the_organisation(
    world: World, app: App, tokens: Tokens, paper: PaperId
) -> None:
    async with Process(world) as process:
        assert process.browser
        await install(process.browser, "code-org")
        workspace = Workspace(world.fake, process.transport)
        around: dict[str, Any] = {
            "team": None,
            "enterprise": {"id": "E1", "name": "University"},
            "is_enterprise_install": True,
            "person": {"id": "U9", "username": "u9", "team_id": "T9"},
        }
        for _ in range(2):
            await workspace.press({"action_id": "run:0", "value": f"save {paper}"}, **around)
        assert await saves(app, "T9/U9") == [paper]
        assert await tokens.installation("slack", "T9") is None
        assert [method for method, _ in world.fake.calls].count("auth.teams.list") == 1
        around = {"enterprise_id": "E1", "team_id": "E1"}
        await event(process.transport, "EvGone", {"type": "app_uninstalled"}, **around)
    assert await tokens.installation("slack", "E1") is None


async def test_an_admin_of_another_workspace_is_none_here(world: World, app: App) -> None:
    world.fake.users["U9"] = {"team_id": "T9", "is_admin": True, "is_owner": True}
    world.fake.users["W1"] = {"team_id": "T9", "is_admin": True, "enterprise_user": {"teams": ["T9", "T1"]}}
    async with Process(world) as process:
        assert process.browser
        await install(process.browser)
        workspace = Workspace(world.fake, process.transport)
        await workspace.command("digest time 08:30", user="U9")
        assert await app.store.destination(Place("slack", "T1", "C1").key) is None
        await workspace.command("digest time 08:30", user="W1")
        assert await app.store.destination(Place("slack", "T1", "C1").key)


@pytest.mark.parametrize("name", ["event__reaction_added.json", "event__reaction_added_shared_channel.json"])
async def test_slacks_own_examples_of_reactions_are_taken(
    over_socket: Workspace, app: App, paper: PaperId, name: str
) -> None:
    """The shapes of Slack's documentation; item and time are ours."""
    example = json.loads((EXAMPLES / name).read_text()) if EXAMPLES.exists() else pytest.skip("needs ../shared")
    taken = {**example, "event": {**example["event"], **REACTION, "user": "W111"}}
    await over_socket.transport.send("events_api", taken)
    await settled()
    assert [each.paper_id for each in await app.store.feedback_at("slack:T1:C1")] == [paper]


EXAMPLES = Path(__file__).parents[4] / "shared" / "data" / "api" / "slack"
