from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from adapters.sources.client import Client, Session
from adapters.sources.paged import Days, Page, PagedSource, Rhythm
from adapters.sources.records import RecordError
from bot.errors import SourceError
from bot.ports import Batch
from tests.support.sources.world import Collect, FakeClock

TODAY = date(2026, 1, 7)

RHYTHM = Rhythm(first_days=6, reread_days=2, days_at_once=3)


def entry(number: int) -> Mapping[str, object]:
    return {"id": f"2601.{number:05}", "title": f"Invented paper {number}"}


@dataclass
class Pages:
    """A service that has the given pages for any days; an int is a paper, a SourceError is raised."""

    pages: Sequence[Sequence[int] | SourceError]
    name: str = "invented"
    positions: Sequence[str] = ()
    asked: list[tuple[str, Days, str]] = field(default_factory=list)

    async def page(self, session: Session, stream: str, days: Days, position: str) -> Page:
        self.asked.append((stream, days, position))
        at = sum(1 for asked in self.asked if asked[:2] == (stream, days)) - 1
        found = self.pages[at]
        if isinstance(found, SourceError):
            raise found
        following = self.positions[at] if self.positions else str(at + 1) if at + 1 < len(self.pages) else ""
        return Page([entry(number) for number in found], following)

    @property
    def asked_days(self) -> list[Days]:
        return [days for _, days, _ in self.asked]


def source(pages: Pages, clock: FakeClock, *streams: str) -> PagedSource:
    client = Client(origins=frozenset(), clock=clock)
    return PagedSource(pages, client, clock, streams, RHYTHM, unset="PAPERBOY_INVENTED")


async def read(source: PagedSource, *, since: date | None = None, cursor: str = "") -> list[Batch]:
    return [batch async for batch in source.batches(since=since, cursor=cursor)]


def ago(*ago: int) -> list[date]:
    return [TODAY - timedelta(days=each) for each in ago]


async def test_the_first_sync_goes_back_some_days_and_the_next_reads_the_last_again(clock: FakeClock) -> None:
    pages = Pages([[1]])
    batches = await read(source(pages, clock, "a"))
    assert pages.asked_days == [Days(*ago(6, 4)), Days(*ago(3, 1)), Days(*ago(0, 0))]
    pages.asked.clear()
    await read(source(pages, clock, "a"), cursor=batches[-1].cursor)
    assert pages.asked_days == [Days(*ago(2, 0))]


async def test_a_stream_that_is_new_begins_some_days_ago_like_the_first(clock: FakeClock) -> None:
    cursor = (await read(source(Pages([[1]]), clock, "a")))[-1].cursor
    pages = Pages([[1]])
    await read(source(pages, clock, "a", "b"), cursor=cursor)
    assert [(stream, days.first) for stream, days, _ in pages.asked][:2] == [("a", ago(2)[0]), ("b", ago(6)[0])]


async def test_a_failure_costs_the_days_asked_for_at_once(clock: FakeClock, collect: Collect) -> None:
    first = source(Pages([[1], SourceError("gone")]), clock, "a")
    batches, error = await collect(first)
    assert ([len(batch.papers) for batch in batches], error) == ([1], "gone")
    pages = Pages([[1], [2]])
    await collect(source(pages, clock, "a"), cursor=batches[-1].cursor)
    assert pages.asked_days[0] == Days(*ago(6, 4))


async def test_a_sync_that_goes_back_leaves_the_later_days_read(clock: FakeClock) -> None:
    cursor = (await read(source(Pages([[1]]), clock, "a")))[-1].cursor
    batches = await read(source(Pages([[1]]), clock, "a"), since=date(2025, 12, 1), cursor=cursor)
    assert {batch.cursor for batch in batches} == {cursor}


async def test_a_start_later_than_the_cursor_leaves_it_as_it_was(clock: FakeClock) -> None:
    pages = Pages([[1]])
    cursor = (await read(source(pages, clock, "a"), since=TODAY))[-1].cursor
    clock.moment += timedelta(days=9)
    batches = await read(source(pages, clock, "a"), since=TODAY + timedelta(days=9), cursor=cursor)
    assert {batch.cursor for batch in batches} == {cursor}


@pytest.mark.parametrize(
    ("pages", "positions"),
    [([[1, 2], [1, 2], [3]], ()), ([[], [], []], ("x", "x", "x"))],
    ids=["papers", "no papers"],
)
async def test_the_same_answer_twice_ends_the_sync_with_a_note(
    clock: FakeClock, pages: list[list[int]], positions: tuple[str, ...]
) -> None:
    service = Pages(pages, positions=positions)
    batches = await read(source(service, clock, "a", "b"), since=TODAY)
    assert len(service.asked) == 2
    assert batches[-1].notes == ("a 2026-01-07: the same answer came twice, the sync ended there",)
    assert "2026" not in batches[-1].cursor, "the day is read again by the next sync"


async def test_a_stream_that_cannot_be_read_does_not_hold_up_the_others(clock: FakeClock, collect: Collect) -> None:
    class Choosy(Pages):
        async def page(self, session: Session, stream: str, days: Days, position: str) -> Page:
            await super().page(session, stream, days, position)
            if stream.startswith("bad"):
                raise SourceError(f"no {stream}")
            return Page([entry(len(self.asked))])

    service = Choosy([[1]] * 9)
    streams = ("bad 1", "good 1", "bad 2", "good 2", "bad 3", "good 3")
    batches, error = await collect(source(service, clock, *streams), since=TODAY)
    assert (len(batches), error) == (2, "no bad 1; no bad 2; no bad 3")
    assert [stream for stream, _, _ in service.asked] == list(streams[:-1]), "it was left alone then"


async def test_a_service_may_name_one_position_for_all_its_pages(clock: FakeClock) -> None:
    service = Pages([[1], [2], [3]], positions=("x", "x", ""))
    assert [len(batch.papers) for batch in await read(source(service, clock, "a"), since=TODAY)] == [1, 1, 1]


async def test_without_anything_to_read_the_setting_is_named(clock: FakeClock) -> None:
    [batch] = await read(source(Pages([]), clock), cursor="{}")
    assert (batch.notes, batch.cursor) == (("nothing to read: PAPERBOY_INVENTED is empty",), "{}")


async def test_a_bad_record_is_named_by_stream_days_and_number(clock: FakeClock) -> None:
    class Bad(Pages):
        async def page(self, session: Session, stream: str, days: Days, position: str) -> Page:
            return Page([entry(1), RecordError("no title")])

    [batch] = await read(source(Bad([]), clock, "a"), since=TODAY)
    assert [bad.where for bad in batch.bad] == ["invented a 2026-01-07 record 2"]


async def test_a_cursor_of_another_kind_starts_anew(clock: FakeClock) -> None:
    pages = Pages([[1]])
    await read(source(pages, clock, "a"), cursor="17")
    assert pages.asked_days[0].first == ago(6)[0]
