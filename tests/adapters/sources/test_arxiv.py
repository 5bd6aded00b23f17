import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from adapters.sources import build_sources, share_pace
from adapters.sources.arxiv import from_settings
from bot.config import Settings
from bot.ports import Batch, PaperSource
from storage.sql.store import SqlStore
from tests.support.databases import Sqlite
from tests.support.sources.world import Asked, Bodies, Collect, FakeClock, ReplayServer, Reply

API, RSS, OAI = "/api/query", "/rss/cs.LG+stat.ML", "/oai"
YESTERDAY = date(2026, 1, 6)


@pytest.fixture
def source(settings: Settings, clock: FakeClock) -> PaperSource:
    return from_settings(settings, clock, clock.sleep)


@pytest.fixture(autouse=True)
def quiet(server: ReplayServer, bodies: type[Bodies]) -> None:
    """Nothing new anywhere, unless a test says otherwise."""
    server.script(RSS, server.Reply(bodies.rss()))
    server.script(API, server.Reply(bodies.atom()))
    server.script(OAI, server.Reply(bodies.oai_error("noRecordsMatch")))


async def read(source: PaperSource, *, since: date | None = YESTERDAY, cursor: str = "") -> list[Batch]:
    return [batch async for batch in source.batches(since=since, cursor=cursor)]


def ids(batches: list[Batch]) -> list[str]:
    return [paper.id for batch in batches for paper in batch.papers]


def notes(batches: list[Batch]) -> list[str]:
    return [note for batch in batches for note in batch.notes]


def asked(server: ReplayServer, path: str) -> list[Asked]:
    return [request for request in server.asked if request.path == path]


# All services together


async def test_requests_to_all_three_services_are_three_seconds_apart(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    server.script(OAI, server.Reply(bodies.oai(("2511.90001", "2025-11-03"), token="t")), server.Reply(bodies.oai()))
    await read(source, since=date(2025, 11, 1))
    moments = [request.at for request in server.asked]
    assert {request.path for request in server.asked} == {API, RSS, OAI}
    assert all(later - earlier >= timedelta(seconds=3) for earlier, later in pairwise(moments))


async def test_a_paper_of_two_services_has_what_both_know(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    server.script(RSS, server.Reply(bodies.rss(("2601.90001v1", "new"))))
    server.script(API, server.Reply(bodies.atom("2601.90001v1")))
    announced, looked_up = (batch.papers[0] for batch in await read(source))
    both = announced.merge(looked_up)
    assert both.first_seen == datetime(2026, 1, 6, 5, tzinfo=UTC)  # the announcement's moment, not the submission's
    assert both.published == date(2026, 1, 2)
    assert both.authors == ("Ada Example", "Bob Example")


async def test_versions_are_one_paper(server: ReplayServer, source: PaperSource, bodies: type[Bodies]) -> None:
    server.script(API, server.Reply(bodies.atom("2601.90001v1", "2601.90001v2")))
    assert set(ids(await read(source))) == {"2601.90001"}


async def test_a_second_sync_on_the_same_day_asks_for_the_announcement_alone(
    server: ReplayServer, source: PaperSource
) -> None:
    cursor = (await read(source))[-1].cursor
    server.asked.clear()
    await read(source, since=None, cursor=cursor)
    assert server.paths() == [RSS]


async def test_an_announcement_that_cannot_be_read_does_not_stop_the_api(
    collect: Collect, server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    server.script(RSS, server.Reply(status=503))
    server.script(API, server.Reply(bodies.atom("2601.90001")))
    batches, error = await collect(source, since=YESTERDAY)
    assert ids(batches) == ["2601.90001"]
    assert error == f"GET {server.url}{RSS}: 503 Service Unavailable (5 attempts)"


async def test_a_cursor_of_another_kind_starts_anew(server: ReplayServer, source: PaperSource) -> None:
    await read(source, since=None, cursor="{}")
    assert "[202512310000 TO 202601071200]" in asked(server, API)[0].query["search_query"]


async def test_a_start_later_than_the_cursor_leaves_it_as_it_was(
    collect: Collect, server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    server.script(API, server.Reply(bodies.atom("2601.90001", total=2)), server.Reply(status=503))
    stopped, _ = await collect(source, since=date(2025, 12, 20))
    server.script(API, server.Reply(bodies.atom("2601.90003")))
    later = await read(source, since=YESTERDAY, cursor=stopped[-1].cursor)
    assert {batch.cursor for batch in later} == {stopped[-1].cursor}
    server.script(API, server.Reply(bodies.atom("2601.90002", total=2)))
    assert ids(await read(source, since=None, cursor=later[-1].cursor)) == ["2601.90002"]
    assert asked(server, API)[-1].query["start"] == "1"


async def test_a_start_earlier_than_the_cursor_goes_back(server: ReplayServer, source: PaperSource) -> None:
    cursor = (await read(source))[-1].cursor
    await read(source, since=date(2025, 12, 20), cursor=cursor)
    assert "[202512200000 TO 202601071200]" in asked(server, API)[-1].query["search_query"]


# RSS


async def test_new_papers_are_first_seen_when_announced_and_replaced_ones_are_not(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    server.script(RSS, server.Reply(bodies.rss(("2601.90001v1", "new"), ("2501.90001v4", "replace"))))
    new, replaced = (await read(source))[0].papers
    assert (new.id, new.first_seen) == ("2601.90001", datetime(2026, 1, 6, 5, tzinfo=UTC))
    assert (replaced.id, replaced.first_seen, replaced.updated) == ("2501.90001", None, YESTERDAY)


async def test_a_stale_announcement_under_a_fresh_build_date_is_noticed(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    items = (("2601.90001v1", "new"), ("2601.90002v1", "cross"))
    built = "Wed, 07 Jan 2026 00:00:00 -0500"
    server.script(RSS, server.Reply(bodies.rss(*items)))
    cursor = (await read(source))[-1].cursor
    server.script(RSS, server.Reply(bodies.rss(*reversed(items), built=built)))
    for _ in range(2):  # said as long as it lasts
        batches = await read(source, since=None, cursor=cursor)
        cursor = batches[-1].cursor
        assert ids(batches) == []
        assert notes(batches) == [
            f"stale RSS, built {built} but with the same 2 papers as Tue, 06 Jan 2026 00:00:00 -0500"
        ]


async def test_an_announcement_read_before_is_not_news(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    server.script(RSS, server.Reply(bodies.rss(("2601.90001v1", "new"))))
    cursor = (await read(source))[-1].cursor
    batches = await read(source, since=None, cursor=cursor)
    assert (ids(batches), notes(batches)) == ([], [])


async def test_a_new_announcement_has_the_api_asked_again_the_same_day(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    cursor = (await read(source))[-1].cursor
    server.asked.clear()
    server.script(RSS, server.Reply(bodies.rss(("2601.90001v1", "new"))))
    await read(source, since=None, cursor=cursor)
    assert server.paths() == [RSS, API]


async def test_an_unchanged_announcement_is_not_sent_again(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    server.script(RSS, server.Reply(bodies.rss(("2601.90001v1", "new")), headers={"ETag": '"r1"'}))
    cursor = (await read(source))[-1].cursor
    server.script(RSS, server.Reply(status=304))
    batches = await read(source, since=None, cursor=cursor)
    assert server.asked[-1].headers["If-None-Match"] == '"r1"'
    assert (ids(batches), notes(batches)) == ([], [])


async def test_an_item_that_is_no_paper_is_named(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    server.script(RSS, server.Reply(bodies.rss(("2601.90001v1", "new"), ("banana", "new"))))
    [bad] = (await read(source))[0].bad
    assert (bad.where, bad.reason) == ("arxiv RSS item 2", "id: 'banana' is not an arXiv id")


# API


async def test_the_api_is_asked_for_what_was_submitted_since(server: ReplayServer, source: PaperSource) -> None:
    await read(source)
    query = asked(server, API)[0].query
    assert query["search_query"] == "(cat:cs.LG OR cat:stat.ML) AND submittedDate:[202601060000 TO 202601071200]"
    assert int(query["max_results"]) <= 2000
    assert (query["sortBy"], query["sortOrder"]) == ("submittedDate", "ascending")


async def test_a_later_sync_looks_a_week_back_because_papers_are_announced_late(
    server: ReplayServer, source: PaperSource, clock: FakeClock
) -> None:
    cursor = (await read(source, since=date(2025, 12, 20)))[-1].cursor
    clock.moment += timedelta(days=1)
    await read(source, since=None, cursor=cursor)
    assert "[202512310000 TO 202601081200]" in asked(server, API)[-1].query["search_query"]


def paged(
    server: ReplayServer, bodies: type[Bodies], numbers: Sequence[str], size: int = 2
) -> Callable[[dict[str, str]], Reply]:
    """The API with its answers cut to `size` papers a page, however many are asked for."""

    def page(query: dict[str, str]) -> Reply:
        start = int(query["start"])
        return server.Reply(bodies.atom(*numbers[start : start + size], total=len(numbers)))

    return page


async def test_all_pages_are_read(server: ReplayServer, source: PaperSource, bodies: type[Bodies]) -> None:
    numbers = [f"2601.9000{n}" for n in range(5)]
    server.script(API, paged(server, bodies, numbers))
    assert ids(await read(source)) == numbers
    assert [request.query["start"] for request in asked(server, API)] == ["0", "2", "4"]


@pytest.mark.parametrize("told", [2, 0])
async def test_an_empty_page_where_there_should_be_papers_is_asked_for_again(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies], told: int
) -> None:
    server.script(
        API,
        server.Reply(bodies.atom("2601.90001", total=2)),
        server.Reply(bodies.atom(total=told)),
        server.Reply(bodies.atom("2601.90002", total=2)),
    )
    assert ids(await read(source)) == ["2601.90001", "2601.90002"]
    assert [request.query["start"] for request in asked(server, API)] == ["0", "1", "1"]


async def test_a_page_that_stays_empty_fails_and_the_next_sync_resumes_there(
    collect: Collect, server: ReplayServer, source: PaperSource, bodies: type[Bodies], clock: FakeClock
) -> None:
    server.script(API, server.Reply(bodies.atom("2601.90001", total=2)), server.Reply(bodies.atom(total=2)))
    batches, error = await collect(source, since=YESTERDAY)
    assert ids(batches) == ["2601.90001"]
    assert "an empty page at 1 of 2 results (5 attempts)" in error
    clock.moment += timedelta(hours=1)
    server.asked.clear()
    server.script(API, server.Reply(bodies.atom("2601.90002", total=2)))
    assert ids(await read(source, since=None, cursor=batches[-1].cursor)) == ["2601.90002"]
    query = asked(server, API)[0].query
    assert query["start"] == "1"
    assert "TO 202601071200]" in query["search_query"]  # the same search, not that of an hour later


@pytest.mark.parametrize("status", [429, 503])
async def test_a_busy_api_is_asked_again(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies], status: int
) -> None:
    busy = server.Reply("Rate exceeded.", status=status, headers={"Retry-After": "60"})
    server.script(API, busy, server.Reply(bodies.atom("2601.90001")))
    assert ids(await read(source)) == ["2601.90001"]
    first, second = asked(server, API)
    assert second.at - first.at >= timedelta(seconds=60)


async def test_a_rate_limit_dressed_as_an_answer_is_asked_again(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    server.script(API, server.Reply("Rate exceeded."), server.Reply(bodies.atom("2601.90001")))
    assert ids(await read(source)) == ["2601.90001"]


async def test_a_search_with_more_results_than_are_listed_is_split_in_time(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    days = {f"2601.{n:05}": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(120)}

    def answer(query: dict[str, str]) -> Reply:
        first, last = (
            datetime.strptime(part, "%Y%m%d%H%M").replace(tzinfo=UTC)
            for part in query["search_query"].partition("[")[2].rstrip("]").split(" TO ")
        )
        found = [number for number, submitted in days.items() if first <= submitted <= last]
        start = int(query["start"])
        total = len(found) * 1_000  # so 30 papers already fill a search
        return server.Reply(bodies.atom(*found, total=total if total > 30_000 else start + len(found)))

    server.script(API, answer)
    assert set(ids(await read(source, since=date(2026, 1, 1)))) == set(days)
    assert all(int(request.query["start"]) < 30_000 for request in asked(server, API))


@pytest.mark.parametrize("status", [200, 400])
async def test_what_arxiv_says_of_a_bad_request_is_passed_on(
    collect: Collect, server: ReplayServer, source: PaperSource, bodies: type[Bodies], status: int
) -> None:
    server.script(API, server.Reply(bodies.atom_error("max_results must be non-negative"), status=status))
    _, error = await collect(source, since=YESTERDAY)
    assert "arXiv says: max_results must be non-negative" in error
    assert len(asked(server, API)) == 1


async def test_a_dropped_connection_is_opened_again(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    server.script(API, server.Reply(fault="drop"), server.Reply(bodies.atom("2601.90001")))
    assert ids(await read(source)) == ["2601.90001"]


async def test_every_batch_carries_a_cursor_that_can_be_read_back(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    server.script(OAI, server.Reply(bodies.oai(("2511.90001", "2025-11-03"))))
    server.script(RSS, server.Reply(bodies.rss(("2601.90001v1", "new"))))
    for batch in await read(source, since=date(2025, 11, 1)):
        assert json.loads(batch.cursor)["since"] == "2025-11-01"


async def test_its_pace_is_kept_together_with_who_looks_papers_up(
    settings: Settings,
    clock: FakeClock,
    server: ReplayServer,
    bodies: type[Bodies],
    collect: Collect,
    sqlite: Sqlite,
) -> None:
    server.script("/rss/cs.LG+stat.ML", server.Reply(bodies.rss(("2601.90001v1", "new"))))
    server.script("/api/query", server.Reply(bodies.atom("2601.90001v1")))
    async with await SqlStore.open(sqlite.migrated()) as store:
        sources = build_sources(settings, clock, ["huggingface", "arxiv"], clock.sleep)
        share_pace(sources, store)
        await store.hold_service("arxiv", until=clock.now() + timedelta(seconds=100))
        await collect(sources[1])
        begun = server.asked[0].at
        assert [(asked.at - begun).total_seconds() for asked in server.asked] == [0, 3]
        assert begun == datetime(2026, 1, 7, 12, 1, 40, tzinfo=UTC)
