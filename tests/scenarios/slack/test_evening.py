"""An evening in Slack, from installing to leaving, with everything that can go wrong on the way, in both transports."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.deliveries import Status
from bot.domain.people import Account, FeedbackKind, Place
from bot.library.app import App
from storage.sql.database import Database
from storage.sql.tables.every import metadata
from storage.sql.tokens import Tokens
from tests.conftest import TickingClock
from tests.support.slack.fake_slack import Channel, FakeSlack, Fault
from tests.support.slack.harness import SETUP, Workspace, button, shown
from tests.support.slack.processes import Impatient, Process, World
from tests.support.slack.world import KEY, install

HERE = Place("slack", "T1", "C7", "#papers")
TEN = [f"U{number}" for number in range(10)]
DAILY = {
    **SETUP,
    "days": {"days": {"selected_options": [{"value": day} for day in ("monday", "tuesday", "friday")]}},
    "layout": {"layout": {"selected_option": {"value": "cards"}}},
    "topic": {"topic": {"value": None}},
}
"""Three papers at 8:15 in Tokyo, a message for each: a quarter of an hour after the sample ends."""


class Evening:
    """Two processes that are restarted together, and the people they serve."""

    def __init__(self, world: World, *, repeated: bool) -> None:
        self._world = world
        self._repeated = repeated
        self._open = AsyncExitStack()
        self.processes: list[Process] = []

    async def restart(self) -> Workspace:
        """Stop what runs, start anew; returns the workspace as the new processes see it."""
        await self.stop()
        self.processes = [await self._open.enter_async_context(Process(self._world)) for _ in range(2)]
        one, other = self.processes
        return Workspace(self._world.fake, Impatient(one, other) if self._repeated else one.transport)

    async def stop(self) -> None:
        """Stop what runs."""
        await self._open.aclose()

    async def deliver(self) -> None:
        """Every process looks what is due."""
        for process in self.processes:
            await process.deliverer.tick()


@pytest.fixture(params=["once", "thrice"])
async def evening(
    request: pytest.FixtureRequest, fake: FakeSlack, app: App, tmp_path: Path, transport: str
) -> AsyncIterator[Evening]:
    world = World(fake, app.clock, app.index, tmp_path / "data", transport, KEY)
    made = Evening(world, repeated=request.param == "thrice")
    yield made
    await made.stop()


@pytest.fixture(params=["socket", "http"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def _saved(app: App, user: str) -> set[str]:
    person = await app.store.person(Account("slack", f"T1/{user}"))
    return {entry.paper_id for entry in await app.store.feedback_of(person) if entry.kind is FeedbackKind.SAVE}


async def _traces(tmp_path: Path) -> dict[str, int]:
    """In which tables there are rows of the workspace, and how many."""
    found = {}
    database = Database(f"sqlite:///{tmp_path / 'data' / 'paperboy.db'}")
    async with database, database.reading() as connection:
        for table in metadata.tables.values():
            rows = (await connection.execute(select(table))).all()
            found[table.name] = sum("T1" in str(row) or "slack" in str(row) for row in rows)
    return {name: count for name, count in found.items() if count}


async def _set_up(workspace: Workspace, channel: Channel, app: App) -> None:
    """The admin's modal; the public channel is joined."""
    await workspace.command("digest on", user="UADMIN", channel=channel.id)
    [view] = workspace.fake.views
    await workspace.submit(view, DAILY, user="UADMIN")
    assert channel.is_member
    destination = await app.store.destination(HERE.key)
    assert destination
    assert (destination.enabled, destination.count, f"{destination.at:%H:%M}") == (True, 3, "08:15")
    assert not channel.messages


async def _post(evening: Evening, channel: Channel, fake: FakeSlack, clock: TickingClock) -> list[str]:
    """Slack is busy in the middle of the post, and what it refused is sent again, once, by whichever process."""
    clock.moment = datetime(2026, 1, 19, 23, 15, 30, tzinfo=UTC)
    fake.fail("chat.postMessage", Fault(retry_after="60"), after=2)
    await evening.deliver()
    assert len(channel.messages) == 2
    clock.moment += timedelta(minutes=2)
    await evening.deliver()
    await evening.deliver()
    assert len(channel.messages) == 4
    assert "Trending papers · Tuesday, 20 Jan 2026" in shown(next(iter(channel.messages.values())))
    return list(channel.messages)


async def _talk(evening: Evening, workspace: Workspace, post: list[str]) -> tuple[Workspace, dict[str, Any]]:
    """Ten people search, each in their own words, and react; Paperboy is restarted in between."""
    first: dict[str, Any] = {}
    for number, user in enumerate(TEN):
        answer = await workspace.command(f"search diffusion {number}", user=user, channel="C7")
        first = first or answer
        await workspace.react("bookmark", post[1 + number % 3], user=user, channel="C7", at=f"1768864700.{number:06}")
        if number == 4:
            workspace = await evening.restart()
    return workspace, first


async def test_an_evening(evening: Evening, fake: FakeSlack, app: App, tokens: Tokens, tmp_path: Path) -> None:
    clock, channel = app.clock, fake.add(Channel("C7", is_member=False))
    assert isinstance(clock, TickingClock)
    workspace = await evening.restart()
    if browser := evening.processes[0].browser:
        assert "Thank you" in await install(browser)
    await _set_up(workspace, channel, app)
    post = await _post(evening, channel, fake, clock)
    papers = [paper for ts in post for paper in await app.store.posted(HERE.key, ts)]
    assert [paper in str(channel.messages[ts]) for ts, paper in zip(post[1:], papers, strict=True)] == [True] * 3
    workspace, first = await _talk(evening, workspace, post)
    assert [await _saved(app, user) for user in TEN] == [{papers[number % 3]} for number in range(10)]

    # A button from before the restart still works; somebody changes their mind, and it arrives out of order.
    save = button(first, "Save")
    told = await workspace.press(save, user="U9", channel="C7")
    assert await _saved(app, "U9") == {papers[0], save["value"].removeprefix("save ")}
    for at, on in (("1768864900.000002", False), ("1768864900.000001", True)):
        await workspace.react("bookmark", post[1], user="U0", channel="C7", on=on, at=at)
    assert await _saved(app, "U0") == set()
    await workspace.event({"type": "app_home_opened", "user": "U9", "tab": "home"})

    # Exactly this was said: to everybody, to one person alone, as a tab, in modals, and to admins a greeting.
    assert list(channel.messages) == post
    *searches, last = [answer for _, answer in fake.responses]
    assert last == told
    said = [shown(answer).partition("\n")[0] for answer in searches]
    assert said == [f"Search: diffusion {number}" for number in range(10)]
    assert {answer["response_type"] for answer in searches} == {"ephemeral"}
    assert [(each["user"], "Saved to your list" in shown(each)) for each in fake.ephemerals] == [(u, True) for u in TEN]
    assert [method for method, _ in fake.calls].count("views.publish") == 1
    assert (list(fake.homes), len(fake.views)) == (["U9"], 1)
    greeted = {"UADMIN", "DUADMIN"} if browser else set()  # who installed it
    assert {name for _, name in fake.channels} == {"C1", "C7"} | greeted

    # And exactly this is kept.
    counts = await app.store.count_saves(papers, until=clock.moment + timedelta(days=365))
    assert [counts[paper] for paper in papers] == [3, 3, 3]
    assert len(await app.store.feedback_at(HERE.key)) == 10
    [upcoming] = await app.store.upcoming([HERE.key])
    assert [(each.status, each.sent) for each in upcoming.deliveries] == [(Status.SENT, tuple(post))]

    # Leaving: nothing of the workspace is kept, and nothing more is said.
    await workspace.event({"type": "app_uninstalled"})
    await workspace.event({"type": "tokens_revoked", "tokens": {"bot": ["UBOT"]}})
    clock.moment += timedelta(days=3)
    await evening.deliver()
    assert len(channel.messages) == 4
    assert await tokens.installation("slack", "T1") is None
    assert set(await _traces(tmp_path)) <= {"seen_events"}
