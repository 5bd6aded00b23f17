"""What every Store does, whatever database it stands on."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from bot.domain.papers import Paper, PaperId, Signal, SignalKind, title_id
from bot.domain.people import Account, FeedbackAct, FeedbackKind
from bot.ports import Batch, CachedVector, Saved, SourceState, Store
from storage.sql.store import SqlStore

NOON = datetime(2025, 3, 4, 12, tzinfo=UTC)
TITLE = "Attention Is All You Need"
REAL = PaperId("1706.03762")
BY_TITLE = title_id(TITLE)

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
)


def paper(number: int, **known: Any) -> Paper:
    return Paper(**({"id": PaperId(f"2401.{number:05}"), "title": f"Results on question number {number}"} | known))


async def save(store: Store, *papers: Paper, signals: tuple[Signal, ...] = ()) -> Saved:
    return await store.save_batch("test", Batch(papers=papers, signals=signals), now=NOON)


def upvotes(paper_id: PaperId, value: int, at: datetime = NOON) -> Signal:
    return Signal(paper_id, SignalKind.UPVOTES, at, value)


# Reading what was stored


async def test_the_sql_store_is_a_store(store: SqlStore) -> None:
    kept: Store = store
    assert await kept.count_papers() == 0
    assert await kept.last_revision() == 0
    assert await kept.source_states() == []


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


# Storing again, and from another source


async def test_importing_twice_changes_nothing(store: Store) -> None:
    batch = [FULL, *(paper(number) for number in range(20))]
    assert await save(store, *batch, signals=(upvotes(FULL.id, 5),)) == Saved(new=21, signals=1)
    before = await store.papers_after(0, 100)
    assert await save(store, *batch, signals=(upvotes(FULL.id, 5),)) == Saved(unchanged=21)
    assert await store.papers_after(0, 100) == before


async def test_a_paper_from_two_sources_is_the_union_of_what_they_know(store: Store) -> None:
    await save(store, paper(1, abstract="We show it.", categories=("cs.LG",)))
    told = paper(1, abstract="Differently.", categories=("cs.CL",), code="https://github.com/a/b")
    assert await save(store, told) == Saved(changed=1)
    [stored] = await store.papers([told.id])
    assert stored.paper == paper(
        1, abstract="We show it.", categories=("cs.LG", "cs.CL"), code="https://github.com/a/b"
    )


async def test_several_records_of_a_paper_in_a_batch_are_one_paper(store: Store) -> None:
    assert await save(store, paper(1), paper(2), paper(1, code="https://github.com/a/b")) == Saved(new=2)
    assert await save(store, paper(1, summary="So."), paper(1, project="https://a.b")) == Saved(changed=1)
    [stored] = await store.papers([paper(1).id])
    assert stored.paper == paper(1, code="https://github.com/a/b", summary="So.", project="https://a.b")


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


# Papers known by their title alone


@pytest.mark.parametrize("together", [True, False])
async def test_a_paper_known_by_title_takes_its_real_id_and_keeps_its_row(store: Store, together: bool) -> None:
    told = Paper(id=BY_TITLE, title=TITLE, summary="No recurrence.")
    real = Paper(id=REAL, title="Attention is all you need.", abstract="The dominant models…")
    if together:
        assert await save(store, told, real, signals=(upvotes(BY_TITLE, 7),)) == Saved(new=1, signals=1)
    else:
        await save(store, told, signals=(upvotes(BY_TITLE, 7),))
        assert await save(store, real) == Saved(changed=1)
    [by_old_id, by_id] = await store.papers([BY_TITLE, REAL])
    assert by_old_id == by_id == await store.paper(BY_TITLE)
    assert by_id.paper == replace(told, id=REAL, abstract=real.abstract)
    assert by_id.row == 1
    assert await store.signals([BY_TITLE, REAL], until=NOON) == {BY_TITLE: [upvotes(REAL, 7)], REAL: [upvotes(REAL, 7)]}


@pytest.mark.parametrize("together", [True, False])
async def test_a_title_alone_is_recognised_as_the_paper_that_has_it(store: Store, together: bool) -> None:
    real, told = Paper(id=REAL, title=TITLE), Paper(id=BY_TITLE, title=TITLE.upper(), summary="No recurrence.")
    readings = (upvotes(BY_TITLE, 7),)
    if together:
        await save(store, real, told, signals=readings)
    else:
        await save(store, real)
        assert await save(store, told, signals=readings) == Saved(changed=1, signals=1)
    assert await store.count_papers() == 1
    stored = await store.paper(BY_TITLE)
    assert stored
    assert stored.paper == replace(real, summary="No recurrence.")
    assert await save(store, told, real, signals=readings) == Saved(unchanged=1)


async def test_two_papers_with_real_ids_may_share_a_title(store: Store) -> None:
    one, other = Paper(id=REAL, title=TITLE), Paper(id=PaperId("doi:10.1/2"), title=TITLE)
    assert await save(store, one, other) == Saved(new=2)
    assert await save(store, Paper(id=BY_TITLE, title=TITLE)) == Saved(unchanged=1)
    assert [stored.row for stored in await store.papers([one.id, other.id, BY_TITLE])] == [1, 2, 1]


async def test_a_title_gives_way_to_one_real_paper_only(store: Store) -> None:
    await save(store, Paper(id=BY_TITLE, title=TITLE))
    one, other = Paper(id=REAL, title=TITLE), Paper(id=PaperId("doi:10.1/2"), title=TITLE)
    assert await save(store, one, other) == Saved(new=1, changed=1)
    assert [stored.row for stored in await store.papers([one.id, other.id, BY_TITLE])] == [1, 2, 1]


async def test_a_title_that_many_papers_could_have_joins_nothing(store: Store) -> None:
    await save(store, Paper(id=title_id("Editorial"), title="Editorial"))
    assert await save(store, Paper(id=REAL, title="Editorial")) == Saved(new=1)
    assert await save(store, Paper(id=title_id("Editorial"), title="Editorial")) == Saved(unchanged=1)


async def test_titles_of_any_length_are_told_apart(store: Store) -> None:
    long = "On the convergence of everything " * 1000
    assert await save(store, Paper(id=REAL, title=long), paper(1, title=long + "?!")) == Saved(new=2)
    assert await save(store, Paper(id=title_id(long + "1"), title=long + "1")) == Saved(new=1)


# Signals


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


async def test_readings_of_unknown_papers_are_dropped(store: Store) -> None:
    assert await save(store, paper(1), signals=(upvotes(PaperId("x:1"), 5),)) == Saved(new=1)
    assert await store.signals([PaperId("x:1")], until=NOON) == {PaperId("x:1"): []}


# Sources


async def test_a_batch_leaves_its_cursor_and_when_the_source_last_told_of_a_new_paper(store: Store) -> None:
    later = NOON + timedelta(hours=1)
    await store.save_batch("arxiv", Batch(papers=[paper(1)], cursor="page 2"), now=NOON)
    await store.save_batch("arxiv", Batch(papers=[paper(1)], cursor="page 3"), now=later)
    await store.save_batch("arxiv", Batch(papers=[paper(1, summary="New.")]), now=later)
    assert await store.source_states() == [SourceState("arxiv", cursor="page 3", newest_at=NOON)]


async def test_a_failed_attempt_keeps_when_the_source_last_went_well(store: Store) -> None:
    later = NOON + timedelta(hours=1)
    await store.save_batch("arxiv", Batch(cursor="page 2"), now=NOON)
    await store.record_attempt("arxiv", now=NOON, note="an empty answer")
    await store.record_attempt("arxiv", now=later, error="it said 503")
    await store.record_attempt("Zenodo", now=later, error="half \ud83d a pair")
    assert await store.source_states() == [
        SourceState("Zenodo", attempted_at=later, error="half  a pair"),
        SourceState("arxiv", "page 2", attempted_at=later, succeeded_at=NOON, error="it said 503"),
    ]
    await store.record_attempt("arxiv", now=later)
    assert (await store.source_states())[1] == SourceState("arxiv", "page 2", attempted_at=later, succeeded_at=later)


async def test_a_batch_that_fails_leaves_nothing_behind(store: Store) -> None:
    naive = upvotes(paper(1).id, 5, datetime(2025, 1, 1))
    with pytest.raises(StatementError, match="no time zone"):
        await store.save_batch("arxiv", Batch(papers=[paper(1)], signals=[naive], cursor="page 2"), now=NOON)
    assert await store.count_papers() == 0
    assert await store.source_states() == []


# Several at once


async def test_writers_at_once_lose_nothing_and_a_reader_misses_no_revision(url: str) -> None:
    """A reader that follows its watermark sees every paper, however the writers' transactions interleave."""
    async with await SqlStore.open(url) as one, await SqlStore.open(url) as other, await SqlStore.open(url) as reader:

        async def write(store: SqlStore, first: int) -> None:
            for number in range(first, first + 100, 5):
                await save(store, paper(7, keywords=(f"{number}",)), *(paper(number + more) for more in range(5)))

        async def follow() -> set[PaperId]:
            read: set[PaperId] = set()
            watermark = 0
            while True:
                finished = writers.done()
                page = await reader.papers_after(watermark, 7)
                read.update(stored.paper.id for stored in page)
                watermark = page[-1].revision if page else watermark
                if finished and not page:
                    return read

        writers = asyncio.gather(write(one, 1000), write(one, 2000), write(other, 3000), write(other, 4000))
        read = await follow()
        await writers
        expected = {paper(first + number).id for first in range(1000, 5000, 1000) for number in range(100)}
        assert read == expected | {paper(7).id}
        [contended] = await reader.papers([paper(7).id])
        assert len(contended.paper.keywords) == 80
        assert await reader.count_papers() == 401
        assert {stored.row for stored in await reader.papers_by_row(range(1, 500))} == set(range(1, 402))


# Vectors that take long to make


async def test_a_vector_is_kept_for_each_encoder_and_replaced_by_a_later_one(store: Store) -> None:
    await save(store, paper(1), paper(2))
    await store.cache_vectors("one", [CachedVector(1, "a", b"\0\1"), CachedVector(2, "b", b"\2\3")])
    await store.cache_vectors("two", [CachedVector(1, "a", b"\xff")])
    await store.cache_vectors("one", [CachedVector(1, "c", b"\4\5")])
    await store.cache_vectors("one", [])
    assert sorted(await store.cached_vectors("one", [1, 2, 3])) == [(1, "c", b"\4\5"), (2, "b", b"\2\3")]
    assert await store.cached_vectors("two", [2, 1]) == [(1, "a", b"\xff")]
    assert await store.cached_vectors("three", [1]) == await store.cached_vectors("one", []) == []


async def test_many_vectors_are_found_at_once(store: Store) -> None:
    await save(store, *map(paper, range(1, 1202)))
    rows = list(range(1, 1202))
    await store.cache_vectors("one", [CachedVector(row, "", bytes([row % 256])) for row in rows])
    assert sorted(kept.row for kept in await store.cached_vectors("one", rows)) == rows


# Papers known by several ids

PREPRINT = Paper(
    id=PaperId("2401.00001"),
    title="Learning to Sort Kumquats by Colour",
    authors=("Ana Núñez", "Bo Li"),
    published=date(2024, 1, 2),
)
PRINTED = replace(
    PREPRINT,
    id=PaperId("doi:10.1/kumquats"),
    authors=("Nunez, Ana", "Li, Bo"),
    published=date(2025, 6, 1),
    link="https://a.b",
)
LISTED = replace(PREPRINT, id=PaperId("acl/acl2025:7"), abstract="We sort them.")


@pytest.mark.parametrize("order", list(permutations([PREPRINT, PRINTED, LISTED])))
@pytest.mark.parametrize("together", [True, False])
async def test_a_preprint_and_its_publications_are_one_paper_in_any_order(
    store: Store, order: tuple[Paper, ...], together: bool
) -> None:
    for batch in [order] if together else [[each] for each in order]:
        await save(store, *batch)
    assert await store.count_papers() == 1
    found = await store.papers([each.id for each in order])
    assert {(stored.row, stored.paper.id) for stored in found} == {(1, PREPRINT.id)}
    assert found[0].paper.abstract == "We sort them."
    assert found[0].paper.published == PREPRINT.published
    assert await save(store, *order) == Saved(unchanged=1)


@pytest.mark.parametrize(
    "other",
    [
        replace(PRINTED, authors=("Bo Chen", "Ana Weber")),
        replace(PRINTED, authors=()),
        replace(PRINTED, published=date(2034, 1, 1)),
        replace(PRINTED, title=f"{PREPRINT.title}: Part II"),
        replace(PRINTED, id=PaperId("2401.00002")),
    ],
)
async def test_papers_that_may_be_distinct_stay_so(store: Store, other: Paper) -> None:
    assert await save(store, PREPRINT, other) == Saved(new=2)
    assert await save(store, other, PREPRINT) == Saved(unchanged=2)


async def test_a_title_that_many_have_joins_no_papers(store: Store) -> None:
    one, other = (replace(each, title="Introduction.") for each in (PREPRINT, PRINTED))
    assert await save(store, one, other) == Saved(new=2)


async def test_without_authors_papers_are_one_whose_abstracts_begin_alike(store: Store) -> None:
    abstract = "Kumquats are small, and there are many of them. " * 3
    one = replace(PREPRINT, authors=(), abstract=abstract)
    assert await save(store, one, replace(LISTED, abstract=abstract + "More.")) == Saved(new=1)


@pytest.mark.parametrize("printed_first", [True, False])
async def test_a_paper_is_the_one_with_an_id_its_record_names(store: Store, printed_first: bool) -> None:
    printed = replace(PRINTED, title="Kumquats, Sorted")
    preprint = Batch(papers=[PREPRINT], aliases=[(PREPRINT.id, printed.id)])
    batches = [Batch(papers=[printed]), preprint]
    for batch in batches if printed_first else batches[::-1]:
        await store.save_batch("test", batch, now=NOON)
    [by_doi, by_arxiv] = await store.papers([printed.id, PREPRINT.id])
    assert by_doi == by_arxiv
    assert by_doi.paper.id == PREPRINT.id
    assert await store.save_batch("test", preprint, now=NOON) == Saved(unchanged=1)


async def test_a_doi_that_two_preprints_name_is_of_the_first(store: Store) -> None:
    second = replace(PREPRINT, id=PaperId("2401.00002"), title="Kumquats, Part II")
    both = Batch(papers=[PREPRINT, second], aliases=[(each.id, PRINTED.id) for each in (PREPRINT, second)])
    assert (await store.save_batch("test", both, now=NOON)).new == 2
    assert await store.save_batch("test", both, now=NOON) == Saved(unchanged=2)
    assert [stored.paper.id for stored in await store.papers([PRINTED.id])] == [PREPRINT.id]


async def test_what_was_said_of_a_paper_stays_with_it_under_its_better_id(store: SqlStore) -> None:
    person = await store.person(Account("console", "you"))
    await save(store, PRINTED)
    await store.give_feedback(FeedbackAct(person, PRINTED.id, FeedbackKind.SAVE, present=True, at=NOON))
    await save(store, PREPRINT)
    assert [judged.paper_id for judged in await store.feedback_of(person)] == [PREPRINT.id]
