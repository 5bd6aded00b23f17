"""arXiv's RSS: an announcement is known by what it lists."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from adapters.sources.arxiv_rss import read_announcement
from adapters.sources.arxiv_state import Progress, Step
from adapters.sources.client import Client, Session
from bot.errors import SourceError
from tests.support.sources.world import Bodies, FakeClock, ReplayServer, Reply

RSS = "/rss/cs.LG+stat.ML"
BEGINNING = Progress(since=date(2026, 1, 1))
NEXT_DAY = "Wed, 07 Jan 2026 00:00:00 -0500"
ITEMS = (("2601.90001v1", "new"), ("2601.90002v1", "cross"))


@pytest.fixture
async def session(server: ReplayServer, clock: FakeClock) -> AsyncIterator[Session]:
    client = Client(origins=frozenset({server.url}), clock=clock, sleep=clock.sleep)
    async with client.session() as opened:
        yield opened


async def read(session: Session, server: ReplayServer, clock: FakeClock, progress: Progress = BEGINNING) -> Step:
    return await read_announcement(session, progress, f"{server.url}/rss", ("cs.LG", "stat.ML"), clock)


async def test_a_new_announcement_is_read_and_has_the_api_asked(
    session: Session, server: ReplayServer, bodies: type[Bodies], clock: FakeClock
) -> None:
    server.script(RSS, Reply(bodies.rss(*ITEMS), headers={"ETag": '"r1"'}))
    progress, batch = await read(session, server, clock)
    assert [paper.id for paper in batch.papers] == ["2601.90001", "2601.90002"]
    assert progress.due
    assert progress.announcement
    assert progress.announcement.validators.etag == '"r1"'
    assert progress.announcement.built == "Tue, 06 Jan 2026 00:00:00 -0500"


async def test_the_same_papers_in_another_order_are_the_same_announcement(
    session: Session, server: ReplayServer, bodies: type[Bodies], clock: FakeClock
) -> None:
    server.script(RSS, Reply(bodies.rss(*ITEMS)), Reply(bodies.rss(*reversed(ITEMS), built=NEXT_DAY)))
    before, _ = await read(session, server, clock)
    after, batch = await read(session, server, clock, before)
    assert after == before
    assert (list(batch.papers), len(batch.notes)) == ([], 1)
    assert batch.notes[0].startswith(f"stale RSS, built {NEXT_DAY} but with the same 2 papers")


@pytest.mark.parametrize("item", [("2601.90002v2", "cross"), ("2601.90002v1", "replace")])
async def test_another_version_or_kind_makes_another_announcement(
    session: Session, server: ReplayServer, bodies: type[Bodies], clock: FakeClock, item: tuple[str, str]
) -> None:
    server.script(RSS, Reply(bodies.rss(*ITEMS)), Reply(bodies.rss(ITEMS[0], item)))
    before, _ = await read(session, server, clock)
    after, batch = await read(session, server, clock, before)
    assert len(batch.papers) == 2
    assert after.announcement != before.announcement


async def test_a_repeated_announcement_brings_the_validators_to_ask_with_next(
    session: Session, server: ReplayServer, bodies: type[Bodies], clock: FakeClock
) -> None:
    told = [Reply(bodies.rss(*ITEMS), headers={"ETag": etag}) for etag in ('"r1"', '"r2"')]
    server.script(RSS, *told, Reply(status=304))
    progress = BEGINNING
    for _ in range(3):
        progress, batch = await read(session, server, clock, progress)
    assert [asked.headers.get("If-None-Match") for asked in server.asked] == [None, '"r1"', '"r2"']
    assert (list(batch.papers), list(batch.notes)) == ([], [])


@pytest.mark.parametrize(
    ("now", "noted"),
    [
        (datetime(2026, 1, 7, 12, tzinfo=UTC), ("the RSS lists nothing on Wednesday, 2026-01-07 (a holiday?)",)),
        (datetime(2026, 1, 10, 12, tzinfo=UTC), ()),
        (datetime(2026, 1, 12, 3, tzinfo=UTC), ()),  # Sunday evening on the east coast of the US
        (datetime(2026, 1, 10, 3, tzinfo=UTC), ("the RSS lists nothing on Friday, 2026-01-09 (a holiday?)",)),
    ],
)
async def test_an_empty_announcement_is_expected_at_weekends_of_the_us_east_coast_only(
    session: Session,
    server: ReplayServer,
    bodies: type[Bodies],
    clock: FakeClock,
    now: datetime,
    noted: tuple[str, ...],
) -> None:
    clock.moment = now
    server.script(RSS, Reply(bodies.rss()))
    progress, batch = await read(session, server, clock)
    assert (progress, tuple(batch.notes)) == (BEGINNING, noted)


async def test_a_body_that_stays_no_rss_is_an_error(session: Session, server: ReplayServer, clock: FakeClock) -> None:
    server.script(RSS, Reply("Rate exceeded."))
    with pytest.raises(SourceError, match=r"not XML: .* \(5 attempts\)$"):
        await read(session, server, clock)
