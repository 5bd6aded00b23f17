"""arXiv's API, searched window by window and page by page."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.sources.arxiv_api import sweep
from adapters.sources.arxiv_state import Progress, Step, Sweep
from adapters.sources.client import Client, Session
from bot.errors import SourceError
from tests.support.sources.world import Bodies, FakeClock, ReplayServer, Reply

API = "/api/query"
START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
async def session(server: ReplayServer, clock: FakeClock) -> AsyncIterator[Session]:
    client = Client(origins=frozenset({server.url}), clock=clock, sleep=clock.sleep)
    async with client.session() as opened:
        yield opened


def searching(*, end: datetime, until: datetime, position: int = 0) -> Progress:
    """A sync in the middle of a search that began on the first of January."""
    return Progress(since=START.date(), due=True, sweep=Sweep(start=START, end=end, until=until, position=position))


async def steps(session: Session, server: ReplayServer, progress: Progress, clock: FakeClock) -> list[Step]:
    return [step async for step in sweep(session, progress, server.url + API, ("cs.LG", "stat.ML"), clock)]


def windows(server: ReplayServer) -> list[str]:
    """The windows that were asked for, in order."""
    return [asked.query["search_query"].partition("[")[2].rstrip("]") for asked in server.asked]


async def test_a_search_that_was_interrupted_goes_on_at_its_position(
    session: Session, server: ReplayServer, bodies: type[Bodies], clock: FakeClock
) -> None:
    end = START + timedelta(days=1)
    server.script(API, Reply(bodies.atom("2601.90003", total=3)))
    [step] = await steps(session, server, searching(end=end, until=end, position=2), clock)
    assert server.asked[0].query["start"] == "2"
    assert [paper.id for paper in step.batch.papers] == ["2601.90003"]


async def test_the_day_is_read_with_the_last_page_and_not_before(
    session: Session, server: ReplayServer, bodies: type[Bodies], clock: FakeClock
) -> None:
    end = START + timedelta(days=1)
    server.script(API, Reply(bodies.atom("2601.90001", total=2)), Reply(bodies.atom("2601.90002", total=2)))
    first, last = (step.progress for step in await steps(session, server, searching(end=end, until=end), clock))
    assert first.sweep == Sweep(start=START, end=end, until=end, position=1)
    assert (first.read, first.due) == (None, True)
    assert (last.sweep, last.read, last.due) == (None, date(2026, 1, 2), False)


async def test_an_api_that_ignores_the_position_ends_the_search_with_a_note(
    session: Session, server: ReplayServer, bodies: type[Bodies], clock: FakeClock
) -> None:
    end = START + timedelta(days=1)
    server.script(API, Reply(bodies.atom("2601.90001", total=900)))
    first, last = await steps(session, server, searching(end=end, until=end), clock)
    assert len(server.asked) == 2
    assert last.batch.notes == ("the API gave the same page twice, the sync ended there",)
    assert last.progress == first.progress, "the next sync asks for the rest"


async def test_windows_share_a_boundary_and_double_up_to_the_end(
    session: Session, server: ReplayServer, bodies: type[Bodies], clock: FakeClock
) -> None:
    server.script(API, Reply(bodies.atom("2601.90001")))
    progress = searching(end=START + timedelta(hours=1), until=START + timedelta(hours=5))
    await steps(session, server, progress, clock)
    assert windows(server) == [
        "202601010000 TO 202601010100",
        "202601010100 TO 202601010300",
        "202601010300 TO 202601010500",
    ]


async def test_a_window_with_more_results_than_are_listed_is_halved(
    session: Session, server: ReplayServer, bodies: type[Bodies], clock: FakeClock
) -> None:
    end = START + timedelta(hours=4)
    server.script(API, Reply(bodies.atom("2601.90001", total=30_001)), Reply(bodies.atom("2601.90001")))
    read = await steps(session, server, searching(end=end, until=end), clock)
    assert windows(server)[:2] == ["202601010000 TO 202601010400", "202601010000 TO 202601010200"]
    assert read[-1].progress.sweep is None
    assert windows(server)[-1].endswith("TO 202601010400")


async def test_a_minute_with_too_many_papers_is_an_error(
    session: Session, server: ReplayServer, bodies: type[Bodies], clock: FakeClock
) -> None:
    end = START + timedelta(minutes=1)
    server.script(API, Reply(bodies.atom("2601.90001", total=40_000)))
    with pytest.raises(SourceError, match=r"^arXiv lists 40,000 papers for the minute 2026-01-01 00:00$"):
        await steps(session, server, searching(end=end, until=end), clock)


async def test_a_window_without_papers_is_noted_and_done(
    session: Session, server: ReplayServer, bodies: type[Bodies], clock: FakeClock
) -> None:
    end = START + timedelta(hours=1)
    server.script(API, Reply(bodies.atom()))
    [step] = await steps(session, server, searching(end=end, until=end), clock)
    assert step.batch.notes == ("the API has no papers submitted from 2026-01-01 00:00 to 2026-01-01 01:00",)
    assert step.progress.sweep is None


async def test_without_a_search_to_go_on_with_nothing_is_asked(
    session: Session, server: ReplayServer, clock: FakeClock
) -> None:
    assert await steps(session, server, Progress(since=START.date()), clock) == []
    assert server.asked == []
