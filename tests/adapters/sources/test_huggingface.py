import json
from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.sources.client import Client
from adapters.sources.huggingface import HuggingFaceSource, from_settings, periods
from bot.config import Settings
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Signal, SignalKind
from bot.errors import SourceError
from bot.ports import Batch, PaperSource
from tests.support.sources.world import Bodies, Collect, FakeClock, ReplayServer, Reply

PATH = "/api/daily_papers"
TODAY = date(2026, 1, 7)


@pytest.fixture
def source(settings: Settings, clock: FakeClock) -> PaperSource:
    return from_settings(settings, clock, clock.sleep)


async def read(source: PaperSource, *, since: date | None = TODAY, cursor: str = "") -> list[Batch]:
    return [batch async for batch in source.batches(since=since, cursor=cursor)]


def by_day(server: ReplayServer, days: dict[str, str], *, trending: str = "[]") -> None:
    """Answers by the date that is asked for; other days are empty."""
    server.script(PATH, lambda query: server.Reply(days.get(query["date"], "[]") if "date" in query else trending))


async def test_a_listed_paper_is_read_with_all_it_says(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    entry = bodies.daily_paper(
        githubRepo="https://github.com/example/code", githubStars=12, projectPage="https://example.org"
    )
    by_day(server, {"2026-01-07": bodies.daily(entry)})
    [paper] = (await read(source))[0].papers
    assert (paper.id, paper.title, paper.abstract) == (
        "2601.90001",
        "Invented paper 2601.90001",
        "We invent 2601.90001.",
    )
    assert paper.summary == "An invention."
    assert paper.keywords == ("invention", "testing")
    assert paper.authors == ("Ada Example",)  # hidden ones are left out
    assert paper.published == date(2026, 1, 5)
    assert paper.first_seen == datetime(2026, 1, 6, tzinfo=UTC), "its list was not read before"
    assert (paper.organization, paper.submitted_by) == ("Institute of Invention", "ada")
    assert (paper.code, paper.project) == ("https://github.com/example/code", "https://example.org")
    assert paper.source == "huggingface"


async def test_signals_are_read_where_they_are_nested_and_dated_to_the_reading(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies], clock: FakeClock
) -> None:
    entry = bodies.daily_paper(upvotes=5, githubRepo="https://github.com/example/code", githubStars=12)
    by_day(server, {"2026-01-07": bodies.daily(entry | {"upvotes": 99})})
    assert set((await read(source))[0].signals) == {
        Signal(PaperId("2601.90001"), SignalKind.UPVOTES, clock.now(), 5),
        Signal(PaperId("2601.90001"), SignalKind.COMMENTS, clock.now(), 2),
        Signal(PaperId("2601.90001"), SignalKind.STARS, clock.now(), 12),
    }


@pytest.mark.parametrize(("upvotes", "values"), [(0, [0]), (None, []), (..., [])])
async def test_zero_upvotes_are_a_value_and_no_upvotes_are_missing(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies], upvotes: object, values: list[int]
) -> None:
    by_day(server, {"2026-01-07": bodies.daily(bodies.daily_paper(upvotes=upvotes))})
    [batch, _] = await read(source)
    assert [signal.value for signal in batch.signals if signal.kind is SignalKind.UPVOTES] == values


async def test_stars_without_a_repository_say_nothing(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    by_day(server, {"2026-01-07": bodies.daily(bodies.daily_paper(githubStars=0))})
    assert SignalKind.STARS not in {signal.kind for signal in (await read(source))[0].signals}


async def test_a_paper_that_comes_to_a_list_later_is_first_seen_when_it_is_read(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies], clock: FakeClock
) -> None:
    early, late = (
        bodies.daily_paper(number, submittedOnDailyAt="2026-01-07T00:00:00.000Z")
        for number in ("2601.90001", "2601.90002")
    )
    by_day(server, {"2026-01-07": bodies.daily(early)})
    [first, *_, last] = await read(source)
    clock.moment += timedelta(hours=3)
    by_day(server, {"2026-01-07": bodies.daily(early, late)})
    seen = {
        paper.id: paper.first_seen
        for batch in await read(source, since=None, cursor=last.cursor)
        for paper in batch.papers
    }
    assert [paper.first_seen for paper in first.papers] == [datetime(2026, 1, 7, tzinfo=UTC)]
    assert seen[PaperId("2601.90002")] == clock.now()


async def test_first_seen_falls_back_to_when_the_entry_was_published(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    by_day(server, {"2026-01-07": bodies.daily(bodies.daily_paper(submittedOnDailyAt=...))})
    assert (await read(source))[0].papers[0].first_seen == datetime(2026, 1, 5, 19, tzinfo=UTC)


async def test_days_are_read_from_since_up_to_today_each_with_its_cursor(
    server: ReplayServer, source: PaperSource
) -> None:
    by_day(server, {})
    batches = await read(source, since=date(2026, 1, 3))
    asked = [request.query.get("date") for request in server.asked]
    assert asked == ["2026-01-03", "2026-01-04", "2026-01-05", "2026-01-06", "2026-01-07", None]
    assert [json.loads(batch.cursor)["day"] for batch in batches] == [*asked[:-1], "2026-01-07"]


async def test_a_first_sync_goes_back_two_weeks(server: ReplayServer, source: PaperSource) -> None:
    by_day(server, {})
    await read(source, since=None)
    assert server.asked[0].query["date"] == "2025-12-24"


async def test_a_sync_that_was_killed_goes_on_where_it_left_off(server: ReplayServer, source: PaperSource) -> None:
    by_day(server, {})
    cursor = (await read(source, since=date(2025, 12, 1)))[9].cursor  # the batch of 2025-12-10
    server.asked.clear()
    await read(source, since=None, cursor=cursor)
    assert server.asked[0].query["date"] == "2025-12-07"  # and the days before it that may have changed


async def test_a_start_later_than_the_cursor_leaves_it_as_it_was(server: ReplayServer, source: PaperSource) -> None:
    by_day(server, {})
    cursor = (await read(source, since=date(2025, 12, 1)))[0].cursor
    batches = await read(source, since=date(2026, 1, 6), cursor=cursor)
    assert {batch.cursor for batch in batches} == {cursor}


async def test_the_last_days_are_read_again_because_they_fill_up_and_votes_come_in(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies], clock: FakeClock
) -> None:
    by_day(server, {"2026-01-06": bodies.daily(bodies.daily_paper(upvotes=3))})
    cursor = (await read(source, since=date(2026, 1, 6)))[-1].cursor
    clock.moment += timedelta(hours=6)
    more = bodies.daily(bodies.daily_paper(upvotes=8), bodies.daily_paper("2601.90002"))
    by_day(server, {"2026-01-06": more})
    batches = await read(source, since=None, cursor=cursor)
    assert [paper.id for batch in batches for paper in batch.papers] == ["2601.90001", "2601.90002"]
    signals = [signal for batch in batches for signal in batch.signals]
    assert Signal(PaperId("2601.90001"), SignalKind.UPVOTES, clock.now(), 8) in signals


async def test_a_day_that_has_not_changed_is_not_sent_again(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    body = bodies.daily(bodies.daily_paper())
    server.script(PATH, server.Reply(body, headers={"ETag": '"v1"'}), server.Reply("[]"))
    cursor = (await read(source))[-1].cursor
    server.asked.clear()
    server.script(PATH, lambda query: server.Reply(status=304 if query.get("date") == "2026-01-07" else 200, body="[]"))
    today = (await read(source, since=None, cursor=cursor))[3]
    assert server.asked[3].headers["If-None-Match"] == '"v1"'
    assert (list(today.papers), list(today.notes)) == ([], [])


async def test_validators_outlive_an_unchanged_answer(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    server.script(PATH, server.Reply(bodies.daily(bodies.daily_paper()), headers={"ETag": '"v1"'}), server.Reply("[]"))
    cursor = (await read(source))[-1].cursor
    server.script(PATH, lambda query: server.Reply(status=304 if query.get("date") == "2026-01-07" else 200, body="[]"))
    for _ in range(2):
        cursor = (await read(source, since=None, cursor=cursor))[-1].cursor
    assert server.asked[-2].headers["If-None-Match"] == '"v1"'


async def test_a_busy_day_is_read_page_by_page(server: ReplayServer, source: PaperSource, bodies: type[Bodies]) -> None:
    entries = [bodies.daily_paper(f"2601.{number:05}") for number in range(73)]

    def page(query: dict[str, str]) -> Reply:
        start = int(query.get("p", 0)) * int(query["limit"])
        return server.Reply(bodies.daily(*entries[start : start + int(query["limit"])]) if "date" in query else "[]")

    server.script(PATH, page)
    assert len((await read(source))[0].papers) == 73


async def test_a_service_that_ignores_the_page_ends_the_sync_with_a_note(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    entries = [bodies.daily_paper(f"2601.{number:05}") for number in range(50)]
    server.script(PATH, server.Reply(bodies.daily(*entries)))
    [batch] = await read(source, since=date(2026, 1, 5))
    assert (len(server.asked), len(batch.papers)) == (2, 50)
    assert batch.notes == ("2026-01-05: the same page came twice, the sync ended there",)


async def test_an_empty_weekday_is_noted_and_an_empty_weekend_is_not(server: ReplayServer, source: PaperSource) -> None:
    by_day(server, {})
    batches = await read(source, since=date(2026, 1, 2))
    assert [note for batch in batches for note in batch.notes] == [
        "no papers for 2026-01-02 (Friday)",
        "no papers for 2026-01-05 (Monday)",
        "no papers for 2026-01-06 (Tuesday)",
        "no papers for 2026-01-07 (Wednesday) yet",
    ]


async def test_a_thin_weekend_is_read_as_it_is(server: ReplayServer, source: PaperSource, bodies: type[Bodies]) -> None:
    by_day(server, {"2026-01-04": bodies.daily(bodies.daily_paper())})
    batches = await read(source, since=date(2026, 1, 4))
    assert len(batches[0].papers) == 1


async def test_the_trending_listing_brings_the_votes_of_older_papers(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies], clock: FakeClock
) -> None:
    by_day(server, {}, trending=bodies.daily(bodies.daily_paper("2512.90001", upvotes=400)))
    batch = (await read(source))[-1]
    assert server.asked[-1].query["sort"] == "trending"
    assert Signal(PaperId("2512.90001"), SignalKind.UPVOTES, clock.now(), 400) in batch.signals


async def test_a_bad_entry_is_named_and_the_rest_goes_in(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    broken = bodies.daily_paper("2601.90002", title="") | {"title": None}
    by_day(server, {"2026-01-07": bodies.daily(bodies.daily_paper(), broken, {"paper": None})[:-1] + ", 7]"})
    batch = (await read(source))[0]
    assert len(batch.papers) == 1
    assert [(bad.where, bad.reason) for bad in batch.bad] == [
        ("huggingface 2026-01-07 entry 2", "no title"),
        ("huggingface 2026-01-07 entry 3", "paper: not a JSON object"),
        ("huggingface 2026-01-07 entry 4", "not a JSON object"),
    ]


@pytest.mark.parametrize(
    ("body", "reason"), [("<html>", "not JSON"), ('{"error": "x"}', "not a JSON array"), ("[{", "not JSON")]
)
async def test_an_answer_that_is_no_listing_is_an_error_that_says_what_was_asked(
    server: ReplayServer, source: PaperSource, body: str, reason: str
) -> None:
    server.script(PATH, server.Reply(body))
    with pytest.raises(SourceError, match=rf"GET http://.*date=2026-01-07.*{reason}"):
        await read(source)


async def test_an_outage_keeps_the_days_read_before_it(
    collect: Collect, server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    server.script(
        PATH,
        lambda query: (
            server.Reply(status=503)
            if query["date"] == "2026-01-07"
            else server.Reply(bodies.daily(bodies.daily_paper()))
        ),
    )
    batches, error = await collect(source, since=date(2026, 1, 6))
    assert len(batches) == 1
    assert error.endswith("503 Service Unavailable (5 attempts)")


async def test_the_limit_of_the_service_is_kept(
    server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    limited = {"RateLimit": '"api";r=0;t=120', "RateLimit-Policy": '"fixed window";"api";q=500;w=300'}
    server.script(PATH, server.Reply(status=429, headers=limited), server.Reply("[]"))
    await read(source)
    assert server.asked[1].at - server.asked[0].at >= timedelta(seconds=120)


async def test_a_cursor_of_another_kind_starts_anew(server: ReplayServer, source: PaperSource) -> None:
    by_day(server, {})
    await read(source, since=None, cursor="17")
    assert server.asked[0].query["date"] == "2025-12-24"


async def test_months_can_be_listed_instead_of_days(server: ReplayServer, clock: FakeClock) -> None:
    client = Client(origins=frozenset({server.url}), clock=clock, sleep=clock.sleep)
    source = HuggingFaceSource(client, clock, url=server.url, listing="month", trending=False)
    server.script(PATH, server.Reply("[]"))
    batches = await read(source, since=date(2025, 12, 15))
    assert [request.query["month"] for request in server.asked] == ["2025-12", "2026-01"]
    assert batches[0].notes == ("no papers for 2025-12",)


def test_weeks_are_iso_weeks_and_months_end_where_they_end() -> None:
    assert [period.name for period in periods("week", date(2025, 12, 31), date(2026, 1, 7))] == ["2026-W01", "2026-W02"]
    [february] = periods("month", date(2024, 2, 29), date(2024, 2, 29))
    assert (february.first, february.last) == (date(2024, 2, 1), date(2024, 2, 29))
