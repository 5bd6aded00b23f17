"""Tokens of workspaces."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.oauth.installation_store import Bot

from adapters.slack.client import Api
from adapters.slack.workspaces import Credentials, ManyWorkspaces
from bot import ports
from bot.domain.destinations import Destination, Layout
from bot.domain.people import Account, Place
from bot.errors import RefusedError
from bot.library.app import App
from storage.sql.tokens import Tokens
from tests.conftest import TickingClock
from tests.support.slack.fake_slack import FakeSlack, Fault
from tests.support.slack.harness import (
    Workspace,
)
from tests.support.slack.processes import Process, World
from tests.support.slack.world import KEY
from tests.support.waits import Waits


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 19, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


@pytest.mark.parametrize(
    "event", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["UBOT"], "oauth": []}}]
)
async def test_leaving_deletes_tokens_and_everything_of_the_workspace(
    over_http: Workspace, tokens: Tokens, app: App, event: dict[str, Any]
) -> None:
    paper = (await app.library.trending("month", 1))[0].stored.paper.id
    await over_http.command(f"save {paper}")
    await over_http.command("digest time 08:00", user="UADMIN")
    before = await app.store.person(Account("slack", "T1/U1"))
    await over_http.event(event)
    await over_http.event(event)
    assert await tokens.installation("slack", "T1") is None
    assert await app.store.destination("slack:T1:C1") is None
    assert await app.store.feedback_of(before) == []
    assert await app.store.feedback_at("slack:T1:C1") == []
    answer = await over_http.command("status")
    assert "blocks" not in answer  # bolt asks to install again


async def test_revoking_a_persons_token_deletes_nothing(over_http: Workspace, tokens: Tokens) -> None:
    await over_http.event({"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}})
    assert await tokens.installation("slack", "T1")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspaces(fake: FakeSlack, tokens: Tokens, clock: Clock, waits: Waits) -> ManyWorkspaces:
    return ManyWorkspaces(tokens, Credentials("client", "hidden"), clock, Api(waits), url=fake.url)


def _expiring(clock: ports.Clock, **hours: float) -> Bot:
    return Bot(
        team_id="T1",
        bot_token="xoxe-old",
        bot_id="BBOT",
        bot_user_id="UBOT",
        bot_refresh_token="refresh-1",
        bot_token_expires_at=int((clock.now() + timedelta(**hours)).timestamp()),
        installed_at=0.0,
    )


async def test_a_token_is_renewed_before_a_post_when_it_expires_soon(
    workspaces: ManyWorkspaces, clock: Clock, fake: FakeSlack
) -> None:
    fake.oauth["refresh-1"] = {"access_token": "xoxb-T1", "refresh_token": "refresh-2", "expires_in": 43200}
    await workspaces.save(_expiring(clock, hours=3))
    assert (await workspaces.client("T1")).token == "xoxe-old"
    clock.moment += timedelta(hours=1, minutes=1)
    assert (await workspaces.client("T1")).token == "xoxb-T1"
    assert (await workspaces.client("T1")).token == "xoxb-T1"
    assert [method for method, _ in fake.calls] == ["oauth.v2.access"]


async def test_processes_renew_a_token_before_a_scheduled_post_which_comes_once(
    fake: FakeSlack, app: App, tokens: Tokens, waits: Waits, tmp_path: Path
) -> None:
    clock = app.clock
    assert isinstance(clock, TickingClock)
    kept = ManyWorkspaces(tokens, Credentials("client", "hidden"), clock, Api(waits), url=fake.url)
    await kept.save(_expiring(clock, hours=11))
    fake.oauth["refresh-1"] = {"access_token": "xoxe-2", "refresh_token": "refresh-2", "expires_in": 43200}
    fake.tokens |= {"xoxe-old": "T1", "xoxe-2": "T1"}
    daily = Destination(place=Place("slack", "T1", "C1"), chosen_layout=Layout.CARDS, at=time(9, 30), timezone="UTC")
    await app.store.save_destination(daily, now=clock.now())
    clock.moment += timedelta(hours=10, minutes=31)
    world = World(fake, clock, app.index, tmp_path / "data", "http", KEY)
    async with Process(world) as one, Process(world) as other:
        await asyncio.gather(one.deliverer.tick(), other.deliverer.tick())
    methods = [method for method, _ in fake.calls]
    assert methods[0] == "oauth.v2.access"
    assert len(fake.channels["T1", "C1"].messages) == methods.count("chat.postMessage") == 6
    renewed = await kept.bot("T1")
    assert renewed
    assert renewed.bot_token == "xoxe-2"


async def test_a_token_that_another_process_renewed_is_taken(
    workspaces: ManyWorkspaces, clock: Clock, fake: FakeSlack
) -> None:
    await workspaces.save(_expiring(clock, hours=1))
    old = await workspaces._kept.installation("slack", "T1")
    assert old
    renewed = _expiring(clock, hours=12)
    renewed.bot_token = "xoxb-T1"
    await workspaces.save(renewed)
    assert (await workspaces._renewed(_expiring(clock, hours=1), "T1")).bot_token == "xoxb-T1"  # type: ignore[union-attr]


async def test_a_token_that_cannot_be_renewed_is_used_until_it_expires(
    workspaces: ManyWorkspaces, clock: Clock, fake: FakeSlack
) -> None:
    await workspaces.save(_expiring(clock, hours=1))
    assert (await workspaces.client("T1")).token == "xoxe-old"
    clock.moment += timedelta(hours=2)
    fake.fail("oauth.v2.access", Fault(error="invalid_refresh_token"))
    with pytest.raises(RefusedError, match="invalid_refresh_token"):
        await workspaces.client("T1")
