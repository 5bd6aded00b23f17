"""Papers and their signals."""

import asyncio
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper, Signal, SignalKind
from bot.ports import Saved, Store
from tests.support.stored_papers import NOON, paper, save, upvotes

FULL = Paper(
    id=PaperId("2310.06825"),
    title="Mistral 7B",
    abstract="We introduce Mistral 7B, a language model “engineered” for efficiency — ü, 模型, 🪁.",
    authors=("Albert Q. Jiang", "Léa Dupont"),
    categories=("cs.CL", "cs.AI"),
    published=date(2023, 10, 10),
    updated=date(2023, 10, 11),
    first_seen=datetime(2023, 10, 11, 1, 2, 3, 456789, tzinfo=UTC),
    summary="A small model that beats larger ones.",
    keywords=("language model", "sliding window"),
    organization="Mistral AI",
    submitted_by="someone",
    code="https://github.com/mistralai/mistral-src",
    project="https://mistral.ai/news/announcing-mistral-7b",
    link="https://example.org/mistral",
    source="huggingface",
    thumbnail="https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/2310.06825.png",
)


async def test_a_paper_comes_back_as_it_went_in(store: Store) -> None:
    await save(store, FULL)
    stored = await store.paper(FULL.id)
    assert stored == (1, 1, FULL)


async def test_a_paper_of_which_little_is_known_comes_back_as_it_went_in(store: Store) -> None:
    bare = Paper(id=PaperId("s2:1"), title="")
    await save(store, bare)
    stored = await store.paper(bare.id)
    assert stored
    assert stored.paper == bare


async def test_moments_come_back_in_utc_whatever_their_zone_was(store: Store) -> None:
    tokyo = datetime(2025, 3, 4, 8, 30, tzinfo=timezone(timedelta(hours=9)))
    await save(store, paper(1, first_seen=tokyo), signals=(upvotes(paper(1).id, 3, tokyo),))
    stored = await store.paper(paper(1).id)
    [reading] = (await store.signals([paper(1).id], until=NOON))[paper(1).id]
    assert stored
    for moment in (stored.paper.first_seen, reading.at):
        assert moment == tokyo
        assert moment.tzinfo is UTC


async def test_papers_come_in_the_order_asked_without_the_unknown_ones(store: Store) -> None:
    await save(store, *(paper(number) for number in range(5)))
    asked = [paper(3).id, PaperId("2499.00001"), paper(0).id, paper(4).id, paper(3).id]
    assert [stored.paper.id for stored in await store.papers(asked)] == [asked[0], *asked[2:]]
    rows = [stored.row for stored in await store.papers(asked)]
    assert [stored.row for stored in await store.papers_by_row([*rows, 999])] == rows
    assert await store.papers([]) == await store.papers_by_row([]) == []
    assert await store.paper(PaperId("2499.00001")) is None


async def test_more_papers_can_be_asked_for_than_a_statement_takes_parameters(store: Store) -> None:
    await save(store, paper(1))
    asked = [PaperId(f"other:{number}") for number in range(33_000)] + [paper(1).id]
    assert len(await store.papers(asked)) == 1
    assert len(await store.papers_by_row(range(1, 33_000))) == 1
    assert len(await store.signals(asked, until=NOON)) == 33_001
    assert len(await store.count_saves(asked, until=NOON)) == 33_001


async def test_rows_are_numbered_without_a_gap(store: Store) -> None:
    await save(store, paper(1), paper(2))
    with pytest.raises(StatementError, match="no time zone"):
        await save(store, paper(3, first_seen=datetime(2025, 1, 1)))
    await save(store, paper(4), paper(1), paper(5))
    stored = await store.papers([paper(number).id for number in (1, 2, 4, 5)])
    assert [found.row for found in stored] == [1, 2, 3, 4]


async def test_papers_seen_in_a_span_come_newest_first(store: Store) -> None:
    day = datetime(2025, 3, 4, tzinfo=UTC)
    await save(
        store,
        paper(1, first_seen=day),
        paper(2, first_seen=day + timedelta(hours=9), published=date(2020, 1, 1)),
        paper(3, published=date(2025, 3, 4)),
        paper(4, published=date(2025, 3, 5)),
        paper(5, first_seen=day - timedelta(microseconds=1)),
        paper(6),
    )
    seen = await store.papers_seen(day, day + timedelta(days=1))
    assert [stored.paper.id for stored in seen] == [paper(number).id for number in (2, 3, 1)]


async def test_papers_with_signals_are_those_seen_in_a_span_of_which_a_reading_is_known(store: Store) -> None:
    day = datetime(2025, 3, 4, tzinfo=UTC)
    told = [paper(number, first_seen=day + timedelta(hours=6 * number)) for number in range(5)]
    readings = [upvotes(told[number].id, 1, at) for number in (0, 2, 4) for at in (NOON, NOON + timedelta(days=9))]
    await save(store, *told, signals=tuple(readings))
    found = await store.papers_with_signals(day, day + timedelta(days=1))
    assert [stored.paper for stored in found] == [told[2], told[0]]


async def test_outcomes_are_the_largest_counts_by_a_moment_oldest_first(store: Store) -> None:
    day = datetime(2025, 3, 4, tzinfo=UTC)
    told = [
        paper(number, first_seen=day + timedelta(hours=6 * number), authors=("Ana", "Ben"), code="https://x.org/c")
        for number in range(4)
    ]
    readings = [upvotes(told[n].id, 10 * n + k, NOON + timedelta(days=k)) for n in (0, 2, 3) for k in (0, 2, 1)]
    stars = Signal(told[1].id, SignalKind.STARS, NOON, 500)
    await save(store, *told, signals=(*readings, stars))
    found = await store.final_upvotes(day, day + timedelta(hours=18), until=NOON + timedelta(days=1))
    assert [(outcome.paper.id, outcome.upvotes) for outcome in found] == [(told[0].id, 1), (told[2].id, 21)]
    [first] = await store.papers([told[0].id])
    assert found[0].row == first.row
    assert (found[0].paper.authors, found[0].paper.code) == (("Ana", "Ben"), "https://x.org/c")
    assert found[0].paper.first_seen == told[0].first_seen


async def test_citations_of_authors_are_the_largest_counts_by_a_moment(store: Store) -> None:
    day = datetime(2025, 3, 4, tzinfo=UTC)
    told = [paper(number, first_seen=day + timedelta(days=number), authors=("Ana", str(number))) for number in range(4)]
    cited = [
        Signal(told[1].id, SignalKind.CITATIONS, NOON + timedelta(days=k), count) for k, count in enumerate((3, 5, 9))
    ]
    await save(store, *told, signals=(*cited, upvotes(told[2].id, 70, NOON)))
    found = await store.author_citations(day, day + timedelta(days=3), until=NOON + timedelta(days=1))
    rows = [stored.row for stored in await store.papers([each.id for each in told[:3]])]
    wanted = zip(rows, [("Ana", "0"), ("Ana", "1"), ("Ana", "2")], [0, 5, 0], strict=True)
    assert sorted(found) == sorted(wanted)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(st.characters(), max_size=30), names=st.lists(st.text(st.characters(), max_size=5)))
async def test_any_text_can_be_stored_and_again_without_a_change(store: Store, title: str, names: list[str]) -> None:
    odd = paper(await store.count_papers(), title=title, authors=tuple(names))
    assert await save(store, odd) == Saved(new=1)
    assert await save(store, odd) == Saved(unchanged=1)
    [stored] = await store.papers([odd.id])
    stored.paper.title.encode()
    "".join(stored.paper.authors).encode()


async def test_characters_that_no_database_holds_are_left_out(store: Store) -> None:
    odd = paper(1, title="Nul\0 and half \ud83d a pair", link="\0", authors=("Zo\0e",))
    await save(store, odd)
    [stored] = await store.papers([paper(1).id, PaperId("x:\0"), PaperId("x:\ud83d")])
    assert stored.paper.title == "Nul and half  a pair"
    assert stored.paper.link == ""
    assert stored.paper.authors == ("Zoe",)
    assert await save(store, odd) == Saved(unchanged=1)


async def test_importing_twice_changes_nothing(store: Store) -> None:
    batch = [FULL, *(paper(number) for number in range(20))]
    assert await save(store, *batch, signals=(upvotes(FULL.id, 5),)) == Saved(new=21, signals=1)
    before = await store.papers_after(0, 100)
    assert await save(store, *batch, signals=(upvotes(FULL.id, 5),)) == Saved(unchanged=21)
    assert await store.papers_after(0, 100) == before


async def test_only_what_changed_gets_a_new_revision(store: Store) -> None:
    await save(store, paper(1), paper(2), paper(3))
    await save(store, paper(1), paper(2, summary="New."), paper(3), paper(4))
    changed = await store.papers_after(3, 10)
    assert [(stored.row, stored.revision) for stored in changed] == [(2, 4), (4, 5)]
    assert await store.last_revision() == 5


async def test_reading_by_revision_in_pages_misses_no_paper(store: Store) -> None:
    await save(store, *(paper(number) for number in range(10)))
    await save(store, *(paper(number, summary="New.") for number in range(0, 10, 3)))
    read: list[PaperId] = []
    watermark = 0
    while page := await store.papers_after(watermark, 3):
        assert [stored.revision for stored in page] == sorted(stored.revision for stored in page)
        watermark = page[-1].revision
        read += [stored.paper.id for stored in page]
    assert sorted(read) == [paper(number).id for number in range(10)]
    assert watermark == await store.last_revision()


async def test_signals_form_a_series_in_order_of_time_up_to_a_moment(store: Store) -> None:
    one, other = paper(1).id, paper(2).id
    later, latest = NOON + timedelta(hours=1), NOON + timedelta(hours=2)
    readings = (
        upvotes(one, 9, later),
        upvotes(one, 5),
        Signal(one, SignalKind.STARS, NOON, 120),
        upvotes(one, 11, latest),
    )
    assert await save(store, paper(1), paper(2), signals=readings) == Saved(new=2, signals=4)
    series = await store.signals([other, one, PaperId("x:1")], until=later)
    assert series == {
        other: [],
        one: [Signal(one, SignalKind.STARS, NOON, 120), upvotes(one, 5), upvotes(one, 9, later)],
        PaperId("x:1"): [],
    }


async def test_a_reading_counts_once_and_the_first_stands(store: Store) -> None:
    one = paper(1).id
    assert await save(store, paper(1), signals=(upvotes(one, 5), upvotes(one, 6))) == Saved(new=1, signals=1)
    again = (upvotes(one, 7), upvotes(one, 8, NOON + timedelta(minutes=1)))
    assert await save(store, signals=again) == Saved(signals=1)
    series = await store.signals([one], until=NOON + timedelta(hours=1))
    assert [reading.value for reading in series[one]] == [5, 8]


async def test_the_newest_upvotes_up_to_a_moment_are_read_by_row(store: Store) -> None:
    one, other, none = paper(1), paper(2), paper(3)
    later = NOON + timedelta(hours=1)
    counts = (upvotes(one.id, 9, later), upvotes(one.id, 5), upvotes(other.id, 3, later))
    await save(store, one, other, none, signals=(*counts, Signal(one.id, SignalKind.STARS, NOON, 120)))
    rows = [stored.row for stored in await store.papers([one.id, other.id, none.id])]

    def read(*asked: int, until: datetime) -> dict[int, int]:
        return store.read_upvotes(asked, until=until)

    assert await asyncio.to_thread(read, *rows, until=later) == {rows[0]: 9, rows[1]: 3}
    assert await asyncio.to_thread(read, *rows, 99, until=NOON) == {rows[0]: 5}
    assert await asyncio.to_thread(read, until=later) == {}


LATER = NOON + timedelta(hours=1)


async def test_citations_are_counted_apart_and_bring_no_paper_into_trends(store: Store) -> None:
    cited, seen = paper(1, first_seen=NOON), paper(2, first_seen=NOON)
    counts = (Signal(cited.id, SignalKind.CITATIONS, NOON, 1_200), upvotes(seen.id, 3), upvotes(cited.id, 0, LATER))
    await save(store, cited, seen, signals=counts[:2])
    [row] = [stored.row for stored in await store.papers([cited.id])]
    assert await asyncio.to_thread(store.read_citations, [row], until=NOON) == {row: 1_200}
    assert await asyncio.to_thread(store.read_upvotes, [row], until=NOON) == {}
    assert [one.paper.id for one in await store.papers_with_signals(NOON, LATER)] == [seen.id]
    await save(store, signals=counts[2:])
    assert len(await store.papers_with_signals(NOON, LATER)) == 2


async def test_readings_of_unknown_papers_are_dropped(store: Store) -> None:
    assert await save(store, paper(1), signals=(upvotes(PaperId("x:1"), 5),)) == Saved(new=1)
    assert await store.signals([PaperId("x:1")], until=NOON) == {PaperId("x:1"): []}
