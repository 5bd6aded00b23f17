"""Installed in a whole organisation (Enterprise Grid): its token acts in all its workspaces, from the first post on."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.people import Account, Place
from bot.library.app import App
from storage.sql.tokens import Tokens
from tests.conftest import TickingClock
from tests.support.slack.fake_slack import Channel, FakeSlack
from tests.support.slack.harness import Transport, Workspace, settled, shown
from tests.support.slack.processes import Process, World
from tests.support.slack.world import INSTALLED, KEY, install

ORGANISATION = {
    **INSTALLED,
    "access_token": "xoxb-org",
    "team": None,
    "enterprise": {"id": "E1", "name": "University"},
    "is_enterprise_install": True,
}


class InOrganisation:
    """What comes from a workspace of the organisation names both."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def send(self, kind: str, payload: Mapping[str, Any]) -> Any:
        named: dict[str, Any] = {"enterprise_id": "E1", "is_enterprise_install": True}
        if kind == "interactive":
            named["enterprise"] = {"id": "E1", "name": "University"}
        if kind == "events_api":
            named["authorizations"] = [{**payload["authorizations"][0], **named}]
        return await self._transport.send(kind, {**payload, **named})


@pytest.fixture
def world(fake: FakeSlack, app: App, tmp_path: Path) -> World:
    fake.oauth["code-org"] = ORGANISATION
    fake.tokens["xoxb-org"] = "T1"
    return World(fake, app.clock, app.index, tmp_path / "data", "http", KEY)


async def test_the_first_post_in_a_workspace_goes_out_with_the_token_of_its_organisation(
    world: World, fake: FakeSlack, app: App
) -> None:
    clock = app.clock
    assert isinstance(clock, TickingClock)
    async with Process(world) as process:
        assert process.browser
        assert "Thank you" in await install(process.browser, "code-org")
        workspace = Workspace(fake, InOrganisation(process.transport))
        set_up = await workspace.command("digest on 23:30 UTC", user="UADMIN")
        assert "23:30" in shown(set_up)
        before = len(fake.channels["T1", "C1"].messages)
    clock.moment += timedelta(minutes=31)
    async with Process(world) as another:
        assert await another.deliverer.tick() == 1
    assert len(fake.channels["T1", "C1"].messages) == before + 1, "a post of five papers is one message"


async def test_when_the_organisation_leaves_the_data_of_all_its_workspaces_goes(
    world: World, fake: FakeSlack, app: App, tokens: Tokens
) -> None:
    paper = (await app.library.trending("month", 1))[0].stored.paper.id
    async with Process(world) as process:
        assert process.browser
        await install(process.browser, "code-org")
        for team in ("T1", "T2"):
            workspace = Workspace(fake, InOrganisation(process.transport), team)
            await workspace.command(f"save {paper}")
            await workspace.command("digest time 08:00", user="UADMIN")
        people = [await app.store.person(Account("slack", f"{team}/U1")) for team in ("T1", "T2")]
        event = {"type": "event_callback", "event_id": "EvX", "enterprise_id": "E1", "api_app_id": "A1"}
        await process.transport.send("events_api", {**event, "event": {"type": "app_uninstalled"}})
        await settled()
    for team, person in zip(("T1", "T2"), people, strict=True):
        assert await tokens.installation("slack", team) is None
        assert await app.store.destination(Place("slack", team, "C1").key) is None
        assert await app.store.feedback_of(person) == []
    assert await tokens.installation("slack", "E1") is None


async def test_a_workspace_that_leaves_takes_nothing_from_the_others(
    world: World, fake: FakeSlack, app: App, tokens: Tokens
) -> None:
    fake.add(Channel("C1"), "T2")
    async with Process(world) as process:
        assert process.browser
        await install(process.browser, "code-org")
        one = Workspace(fake, InOrganisation(process.transport), "T1")
        other = Workspace(fake, InOrganisation(process.transport), "T2")
        for workspace in (one, other):
            await workspace.command("digest time 08:00", user="UADMIN")
        await one.event({"type": "app_uninstalled"})
    assert await tokens.installation("slack", "T1") is None
    assert await app.store.destination("slack:T1:C1") is None
    assert await tokens.installation("slack", "T2")
    assert await app.store.destination("slack:T2:C1")
