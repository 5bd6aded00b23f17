"""Votes are opened and counted when it is time, whatever the platform says."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.dispatch import Dispatcher
from bot.commands import registry
from bot.delivery.clubs import ClubKeeper
from bot.domain.clubs import MeetingState
from bot.errors import PostponedError, RefusedError
from bot.library.app import App
from tests.conftest import TickingClock
from tests.support.clubs import Calendar, FakeTerminal
from tests.support.commands import PAPERS, ask

OPENS, CLOSES, REMINDS, MEETS = (datetime(2026, 1, day, 16, tzinfo=UTC) for day in (24, 26, 28, 29))
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def papers(app: App) -> list[str]:
    """The papers proposed to a club that meets on Thursdays."""
    dispatcher = Dispatcher(registry, app)
    await ask(dispatcher, "club on thursday 16:00", admin=True)
    ids = [str(found.stored.paper.id) for found in await app.library.search("diffusion", 2)]
    for paper in ids:
        await ask(dispatcher, f"club propose {paper}")
    return ids


async def test_a_meeting_has_a_vote_a_paper_and_a_reminder(app: App, papers: list[str]) -> None:
    terminal = FakeTerminal(votes={1: 1, 2: 2})
    calendar = Calendar(app, [terminal])
    for moment in (OPENS - MINUTE, OPENS, CLOSES - MINUTE, CLOSES, REMINDS, MEETS, MEETS + timedelta(hours=9)):
        await calendar.be(moment)
    listed, asked, chosen, _, reminded = terminal.titles
    assert listed == "Reading group of Thursday, 29 Jan 2026"
    assert asked == "Which paper do we read on Thursday, 29 Jan 2026?"
    assert chosen == "Chosen for Thursday, 29 Jan 2026"
    assert reminded == f"Reminder: {listed}"
    [meeting] = await app.store.meetings(PAPERS.key)
    assert (meeting.state, meeting.winner, meeting.votes, meeting.cast) == (MeetingState.CHOSEN, papers[1], 2, 3)


@pytest.mark.parametrize(("votes", "tied"), [({1: 2, 2: 2}, True), ({1: 1, 2: 2}, False), ({}, False)])
async def test_a_tie_is_noted(app: App, papers: list[str], votes: dict[int, int], *, tied: bool) -> None:
    calendar = Calendar(app, [FakeTerminal(votes=votes)])
    await calendar.be(OPENS)
    await calendar.be(CLOSES)
    assert [each.tied for each in await app.store.meetings(PAPERS.key)] == [tied]


async def test_a_poll_that_is_gone_leaves_the_choice_to_saves(app: App, papers: list[str]) -> None:
    calendar = Calendar(app, [FakeTerminal(trouble=RefusedError("the message was deleted"))])
    await calendar.be(OPENS)
    await calendar.be(CLOSES)
    [meeting] = await app.store.meetings(PAPERS.key)
    assert (meeting.winner, meeting.cast) == (papers[0], 0)


async def test_a_platform_that_does_not_answer_is_asked_again_and_given_up_after_half_a_day(
    app: App, papers: list[str]
) -> None:
    terminal = FakeTerminal(trouble=PostponedError("later"))
    calendar = Calendar(app, [terminal])
    await calendar.be(OPENS)
    await calendar.be(CLOSES)
    assert [each.state for each in await app.store.meetings(PAPERS.key)] == [MeetingState.VOTING]
    await calendar.be(CLOSES + timedelta(hours=13))
    [meeting] = await app.store.meetings(PAPERS.key)
    assert (meeting.state, meeting.winner) == (MeetingState.CHOSEN, papers[0])


async def test_a_vote_is_counted_as_soon_as_the_platform_answers(app: App, papers: list[str]) -> None:
    terminal = FakeTerminal(votes={2: 1}, trouble=PostponedError("later"))
    calendar = Calendar(app, [terminal])
    await calendar.be(OPENS)
    await calendar.be(CLOSES)
    terminal.trouble = None
    await calendar.be(CLOSES + timedelta(minutes=3))
    assert [each.winner for each in await app.store.meetings(PAPERS.key)] == [papers[1]]


async def test_a_process_that_cannot_reach_the_channel_leaves_its_vote_to_another(app: App, papers: list[str]) -> None:
    await Calendar(app, [FakeTerminal()]).be(OPENS)
    assert isinstance(app.clock, TickingClock)
    app.clock.moment = CLOSES
    await ClubKeeper(app.store, [], app.clock).tick()
    assert [each.state for each in await app.store.meetings(PAPERS.key)] == [MeetingState.VOTING]


async def test_where_nothing_is_nominated_that_is_said_and_nobody_is_reminded(app: App) -> None:
    await ask(Dispatcher(registry, app), "club on thursday 16:00", admin=True)
    terminal = FakeTerminal()
    calendar = Calendar(app, [terminal])
    for moment in (OPENS, CLOSES, REMINDS, MEETS):
        await calendar.be(moment)
    assert [each.state for each in await app.store.meetings(PAPERS.key)] == [MeetingState.SKIPPED]
    assert len(terminal.titles) == 2
    assert "Nobody nominated a paper" in terminal.said[-1]


async def test_what_is_proposed_after_a_call_for_nominations_is_read(app: App) -> None:
    dispatcher = Dispatcher(registry, app)
    await ask(dispatcher, "club on thursday 16:00", admin=True)
    calendar = Calendar(app, [FakeTerminal()])
    await calendar.be(OPENS)
    [found] = await app.library.search("diffusion", 1)
    await ask(dispatcher, f"club propose {found.stored.paper.id}")
    await calendar.be(CLOSES)
    assert [each.winner for each in await app.store.meetings(PAPERS.key)] == [found.stored.paper.id]


async def test_a_meeting_that_passed_while_nothing_ran_is_left_behind(app: App, papers: list[str]) -> None:
    terminal = FakeTerminal()
    calendar = Calendar(app, [terminal])
    await calendar.be(OPENS)
    await calendar.be(MEETS + timedelta(hours=1))
    assert [each.state for each in await app.store.meetings(PAPERS.key)] == [MeetingState.MISSED]
    assert len(terminal.titles) == 2
    await calendar.be(OPENS + timedelta(weeks=1))
    assert len(await app.store.meetings(PAPERS.key)) == 2


async def test_a_vote_whose_time_is_over_is_not_opened(app: App, papers: list[str]) -> None:
    terminal = FakeTerminal()
    calendar = Calendar(app, [terminal])
    await calendar.be(CLOSES + MINUTE)
    assert terminal.titles == []
    await calendar.be(OPENS + timedelta(weeks=1))
    assert [each.day.day for each in await app.store.meetings(PAPERS.key)] == [5]
