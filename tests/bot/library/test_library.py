"""What the library makes of a search: slips, ids that are none, and what decides between equals."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event, Semaphore

import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper, Signal, SignalKind
from bot.engine.encoder import StaticEncoder
from bot.errors import PaperNotFoundError, QueryError
from bot.library.app import App
from bot.library.ingest import update_index
from bot.library.library import Library, Result
from bot.ports import Batch
from bot.runtime.clocks import StandingClock
from bot.runtime.cores import cores
from storage.index.disk_index import DiskIndex
from storage.sql.store import SqlStore
from tests.support.databases import Sqlite

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def paper(name: str, title: str, day: int, abstract: str = "") -> Paper:
    return Paper(id=PaperId(f"test:{name}"), title=title, abstract=abstract, published=date(2025, 12, day))


PAPERS = [
    paper("old", "Attention in transformer models", 1),
    paper("new", "Attention in transformer models", 20),
    paper("liked", "Attention in transformer models", 10),
    paper("lora", "Thin matrices adapt a model", 5, "Low-rank adaptation (LoRA) learns two of them."),
    paper("fourth", 'Motion for a biped -4th report: "gait" and balance', 7),
    paper("other", "Sampling the nodes of graphs", 6, "So that they fit in memory."),
]


@pytest.fixture
async def app(tmp_path: Path, sqlite: Sqlite, encoder: StaticEncoder) -> AsyncIterator[App]:
    async with await SqlStore.open(sqlite.migrated()) as store:
        upvotes = [Signal(PaperId("test:liked"), SignalKind.UPVOTES, NOW, 7)]
        await store.save_batch("test", Batch(papers=PAPERS, signals=upvotes), now=NOW)
        index = DiskIndex.open(tmp_path / "index", encoder)
        await update_index(store, index)
        yield App.over(store, index, StandingClock(NOW))


async def found(app: App, typed: str, limit: int = 10, offset: int = 0) -> list[str]:
    results = await app.library.search(typed, limit, offset)
    return [result.stored.paper.id.removeprefix("test:") for result in results]


async def test_of_papers_equally_relevant_the_more_upvoted_and_then_the_newer_comes_first(app: App) -> None:
    assert (await found(app, "transformer attention"))[:3] == ["liked", "new", "old"]
    pages = [await found(app, "transformer attention", 1, offset) for offset in range(3)]
    assert pages == [["liked"], ["new"], ["old"]]


async def test_a_search_asks_the_disk_once_whether_the_index_has_changed(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    await found(app, "attention")  # opens what was written
    asked: list[str] = []
    real = Path.stat

    def stat(path: Path, **options: bool) -> os.stat_result:
        asked.append(path.name)
        return real(path, **options)

    monkeypatch.setattr(Path, "stat", stat)
    assert await found(app, "attention in transfomer model")
    assert asked == ["index.json"]


async def test_a_title_that_looks_like_an_id_names_its_paper(app: App) -> None:
    titled = paper("mamba", "Graph:Mamba", 8)
    await app.store.save_batch("test", Batch(papers=[titled]), now=NOW)
    await update_index(app.store, app.index)
    assert (await app.library.find("Graph:Mamba")).paper.id == titled.id
    with pytest.raises(PaperNotFoundError, match="No paper graph:mamba2 here"):
        await app.library.find("graph:mamba2")


async def test_an_id_among_words_names_its_paper_and_an_unknown_one_is_a_word(app: App) -> None:
    arxiv = Paper(id=PaperId("2601.00001"), title="Walking on two legs")
    await app.store.save_batch("test", Batch(papers=[arxiv]), now=NOW)
    assert [r.stored.paper.id for r in await app.library.search("see arXiv:2601.00001v2 on graphs")] == [arxiv.id]
    assert (await found(app, "graphs in memory 2601.99999"))[0] == "other"
    with pytest.raises(PaperNotFoundError):
        await app.library.search("2601.99999")


@pytest.mark.parametrize(
    "typed", ["biped \ud800", 'author:\udcff "a\udcff" biped', "cat:\ud800 biped", "x:\ud800 biped", "\ud800"]
)
async def test_halves_of_characters_are_left_out_of_a_search(app: App, typed: str) -> None:
    with suppress(QueryError):
        await app.library.search(typed)
    with pytest.raises(PaperNotFoundError):
        await app.library.find(typed)


async def test_a_compound_matches_where_all_of_it_stands(app: App) -> None:
    reasons = {r.stored.paper.id: r.reasons for r in await app.library.search("low-rank thin-biped")}
    assert reasons[PaperId("test:lora")] == ("matches low-rank",)
    assert reasons[PaperId("test:fourth")] == ("similar in meaning",)


async def test_upvotes_and_dates_do_not_outweigh_relevance(app: App) -> None:
    assert (await found(app, "low-rank adaptation of models"))[0] == "lora"


async def test_the_newest_first_when_asked_for(app: App) -> None:
    assert (await found(app, "transformer attention sort:new"))[:3] == ["new", "liked", "old"]
    assert (await found(app, "transformer attention sort:top"))[0] == "liked"


async def test_the_most_cited_first_when_asked_for_and_among_equals(app: App) -> None:
    counts = [Signal(PaperId(f"test:{name}"), SignalKind.CITATIONS, NOW, n) for name, n in (("old", 40), ("new", 3))]
    await app.store.save_batch("citations", Batch(signals=counts), now=NOW)
    assert (await found(app, "transformer attention sort:cited"))[:2] == ["old", "new"]
    assert (await found(app, "transformer attention"))[:3] == ["liked", "old", "new"]


async def test_a_slip_is_mended_and_said(app: App) -> None:
    results = await app.library.search("transfomer atention", 1)
    assert results[0].reasons[0] == "for transformer attention"
    assert "for " not in " ".join((await app.library.search("transformer attention", 1))[0].reasons)


async def test_what_looks_like_an_id_but_names_nothing_is_text(app: App) -> None:
    assert (await found(app, "LoRA:lowrank"))[0] == "lora"
    assert await found(app, "test:other") == ["other"]


async def test_an_arxiv_id_or_doi_that_is_not_here_is_said(app: App) -> None:
    for typed in ("2401.00001", "10.1000/nothing.here"):
        with pytest.raises(PaperNotFoundError, match="No paper"):
            await app.library.search(typed)


async def test_a_whole_title_is_no_query_whatever_it_looks_like(app: App) -> None:
    [first, *_] = await app.library.search('Motion for a biped -4th report: "gait" and balance')
    assert first.stored.paper.id == "test:fourth"
    assert await app.library.search("motion biped -4th") == []


@pytest.mark.parametrize(
    ("as_of", "listed"),
    [
        ("2026-01-03T00:30", True),
        ("2026-01-03T23:30", True),
        ("2026-01-04T00:30", True),
        ("2026-01-04T15:00", True),
        ("2026-01-07T00:30", False),
    ],
)
async def test_today_is_the_newest_list_as_long_as_it_is_fresh(app: App, as_of: str, listed: bool) -> None:
    day = datetime(2026, 1, 3, tzinfo=UTC)
    daily = replace(paper("daily", "Kumquats on a list", 30), first_seen=day)
    votes = [Signal(daily.id, SignalKind.UPVOTES, day, 3)]
    await app.store.save_batch("test", Batch(papers=[daily], signals=votes), now=day)
    await update_index(app.store, app.index)
    later = App.over(app.store, app.index, StandingClock(datetime.fromisoformat(f"{as_of}:00+00:00")))
    shown = [result.stored.paper.id for result in await later.library.trending("day")]
    assert (daily.id in shown) is listed


async def test_a_search_for_a_title_with_a_slip_brings_the_paper_first_and_asks(app: App) -> None:
    more = [paper(f"sample{n}", f"The graphs we are sampling: nods, part {n}", 8) for n in range(4)]
    await app.store.save_batch("test", Batch(papers=more), now=NOW)
    await update_index(app.store, app.index)
    first, *others = await app.library.search("Sampling the nods of graphs")
    assert (first.stored.paper.id, first.reasons) == ("test:other", ("did you mean this title?",))
    assert "matches nods, graphs" in others[0].reasons[0]
    [exact, *_] = await app.library.search("sampling the nodes of graphs")
    assert exact.reasons == ("this is its title",)


async def test_another_form_of_a_title_is_no_slip(app: App) -> None:
    [first, *_] = await app.library.search("thin matrices adapt a models")
    assert first.stored.paper.id == "test:lora"
    assert first.reasons[0].startswith("matches")


async def test_papers_nobody_voted_for_trend_in_their_field_and_say_so(app: App) -> None:
    bound = replace(paper("bound", "How a ligand binds", 22), categories=("q-bio.BM",))
    other = replace(paper("loop", "Loops of a chain", 23), categories=("q-bio.BM", "cs.LG"))
    await app.store.save_batch("test", Batch(papers=[bound, other]), now=NOW)
    await update_index(app.store, app.index)
    results = await app.library.trending("month", topic="cat:q-bio.BM")
    assert {result.stored.paper.id for result in results} == {bound.id, other.id}
    assert all("New, no votes yet" in result.reasons for result in results)


async def test_trending_keeps_what_is_about_a_topic(app: App) -> None:
    results = await app.library.trending("month", topic="graphs")
    assert [result.stored.paper.id for result in results] == ["test:other"]


async def test_a_paper_without_categories_trends_in_the_field_of_its_authors_other_papers(app: App) -> None:
    """What the papers say tells nothing: half of those alike are of each field."""

    def tiling(number: int, seen: datetime, author: str, *categories: str) -> Paper:
        told = replace(
            paper(
                f"{author}{number}", f"Tilings of the plane {number}", 5, "On tilings with squares, cubes and knots."
            ),
            first_seen=seen,
        )
        return replace(told, authors=(author,), categories=categories)

    earlier, new = NOW - timedelta(days=90), NOW - timedelta(hours=5)
    known = [tiling(n, earlier, *told) for n in range(30) for told in (("Ada", "math.CO"), ("Bob", "math.PR"))]
    await app.store.save_batch("test", Batch(papers=[*known, tiling(30, new, "Ada"), tiling(30, new, "Bob")]), now=NOW)
    await update_index(app.store, app.index)
    results = await app.library.trending("month", topic="combinatorics")
    assert [result.stored.paper.id for result in results] == ["test:Ada30"]


async def test_where_nobody_votes_every_new_paper_trends(tmp_path: Path, sqlite: Sqlite) -> None:
    async with await SqlStore.open(sqlite.migrated()) as store:
        await store.save_batch("test", Batch(papers=PAPERS), now=NOW)
        index = DiskIndex.open(tmp_path / "other", StaticEncoder.load())
        await update_index(store, index)
        results = await App.over(store, index, StandingClock(NOW)).library.trending("month")
    assert {result.stored.paper.id for result in results} == {
        f"test:{name}" for name in ("new", "liked", "fourth", "other")
    }


async def test_a_title_with_a_slip_is_the_paper_that_was_meant(app: App) -> None:
    found = await app.library.find("Sampling the nods of graphs")
    assert found.paper.id == "test:other"


@pytest.mark.parametrize(
    "typed", ["https://news.example.com/attention", "attention https://news.example.com/attention"]
)
async def test_a_link_to_another_site_is_told_and_never_searched_as_words(app: App, typed: str) -> None:
    for ask in (app.library.search, app.library.find):
        with pytest.raises(PaperNotFoundError, match=r"^I cannot read papers from news\.example\.com\."):
            await ask(typed)


async def test_no_more_answers_are_worked_out_at_once_than_there_are_cores(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end = Semaphore(0), Event()

    def answer(*_: object) -> list[Result]:
        begun.release()
        may_end.wait()
        return []

    monkeypatch.setattr(Library, "_found", answer)
    count = cores()
    asked = [asyncio.create_task(app.library.search("graphs")) for _ in range(count + 1)]
    try:
        for _ in range(count):
            await asyncio.to_thread(begun.acquire)
        # Whatever else was given to a thread before this has been begun, too.
        await asyncio.to_thread(int)
        assert not begun.acquire(blocking=False)
    finally:
        may_end.set()
    assert await asyncio.gather(*asked) == [[]] * (count + 1)
