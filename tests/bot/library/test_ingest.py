"""Papers in: source, store, index."""

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.engine.encoder import StaticEncoder
from bot.errors import IndexBusyError, IndexUnusableError, SourceError
from bot.library.ingest import (
    follow_store,
    in_thread,
    papers_a_commit,
    read_source,
    read_sources,
    require_same_papers,
    update_index,
    update_index_in_turn,
    write_index,
)
from bot.ports import BadRecord, Batch, PaperPages
from bot.runtime.clocks import StandingClock
from storage.index.disk_index import DiskIndex
from storage.sql.store import SqlStore
from tests.support.databases import Sqlite

NOW = datetime(2026, 1, 19, tzinfo=UTC)
CLOCK = StandingClock(NOW)


def paper(number: int) -> Paper:
    return Paper(id=PaperId(f"test:{number}"), title=f"The paper of number {number}")


class Given:
    """A source of the batches it was made with, which may fail in the end; it remembers where it was asked to begin."""

    def __init__(self, name: str, batches: Sequence[Batch], error: Exception | str = "") -> None:
        self.name = name
        self.cursors: list[str] = []
        self._batches = batches
        self._error = error

    async def batches(self, *, since: date | None, cursor: str) -> AsyncIterator[Batch]:
        self.cursors.append(cursor)
        for batch in self._batches:
            yield batch
        if self._error:
            raise SourceError(self._error) if isinstance(self._error, str) else self._error


@pytest.fixture
async def store(sqlite: Sqlite) -> AsyncIterator[SqlStore]:
    async with await SqlStore.open(sqlite.migrated()) as opened:
        yield opened


def index_in(folder: Path) -> DiskIndex:
    return DiskIndex.open(folder, StaticEncoder.load())


async def test_a_source_that_fails_leaves_what_it_told_before(store: SqlStore) -> None:
    source = Given("one", [Batch(papers=[paper(1)], bad=[BadRecord("line 2", "no title")])], "it said 503")
    report = await read_source(source, store, CLOCK)
    assert (report.error, len(report.bad)) == ("it said 503", 1)
    assert await store.count_papers() == 1


async def test_one_source_that_fails_keeps_no_other_back(store: SqlStore) -> None:
    sources = [Given("bad", [], "gone"), Given("good", [Batch(papers=[paper(1)])])]
    reports = await read_sources(sources, store, CLOCK)
    assert [report.error for report in reports] == ["gone", ""]
    states = {state.name: state for state in await store.source_states()}
    assert (states["bad"].error, states["bad"].succeeded_at) == ("gone", None)
    assert (states["good"].error, states["good"].succeeded_at) == ("", NOW)


@pytest.mark.parametrize("error", [LookupError("unknown encoding: utf-99"), ValueError("odd"), RecursionError("deep")])
async def test_a_source_that_fails_in_a_way_nobody_thought_of_is_recorded_and_the_others_go_on(
    store: SqlStore, error: Exception
) -> None:
    sources = [Given("bad", [Batch(papers=[paper(1)])], error), Given("good", [Batch(papers=[paper(2)])])]
    reports = await read_sources(sources, store, CLOCK)
    assert [report.error for report in reports] == [f"{type(error).__name__}: {error}", ""]
    states = {state.name: state for state in await store.source_states()}
    assert states["bad"].error == reports[0].error
    assert await store.count_papers() == 2


async def test_a_source_that_asks_of_papers_is_given_those_that_are_here(store: SqlStore) -> None:
    class Asking(Given):
        def ask_of(self, papers: PaperPages) -> None:
            self.papers = papers

    await read_sources([Given("one", [Batch(papers=[paper(1)])])], store, CLOCK)
    asking = Asking("asking", [])
    await read_sources([asking], store, CLOCK)
    assert [stored.paper.id for stored in await asking.papers([1, 2])] == ["test:1"]


async def test_a_source_goes_on_where_it_left_off(store: SqlStore) -> None:
    source = Given("one", [Batch(papers=[paper(1)], cursor="page 2")])
    for _ in range(2):
        await read_sources([source], store, CLOCK)
    assert source.cursors == ["", "page 2"]


async def test_whoever_watches_is_told_after_each_batch(store: SqlStore) -> None:
    counts: list[int] = []
    batches = [Batch(papers=[paper(1)]), Batch(papers=[paper(2), paper(3)])]
    await read_source(Given("one", batches), store, CLOCK, stored=lambda report: counts.append(report.saved.new))
    assert counts == [1, 3]


async def test_the_index_catches_up_and_then_has_nothing_to_do(store: SqlStore, tmp_path: Path) -> None:
    await read_source(Given("one", [Batch(papers=[paper(1), paper(2)])]), store, CLOCK)
    index, progress = index_in(tmp_path / "index"), list[int]()
    assert await update_index(store, index, indexed=progress.append) == 2
    assert (len(index), index.watermark, progress) == (2, await store.last_revision(), [2])
    assert await update_index(store, index) == 0


async def test_the_index_of_another_database_is_told_apart(store: SqlStore, tmp_path: Path, sqlite: Sqlite) -> None:
    await read_source(Given("one", [Batch(papers=[paper(1), paper(2)])]), store, CLOCK)
    index = index_in(tmp_path / "index")
    await update_index(store, index)
    await require_same_papers(store, index)
    async with await SqlStore.open(sqlite.migrated()) as other:
        await read_source(Given("one", [Batch(papers=[paper(2), paper(1)])]), other, CLOCK)
        with pytest.raises(IndexUnusableError, match="another database"):
            await require_same_papers(other, index)


async def test_a_manager_in_a_thread_learns_how_its_block_ended() -> None:
    ended: list[type[BaseException] | None] = []

    @contextmanager
    def manager() -> Iterator[str]:
        try:
            yield "entered"
            ended.append(None)
        except ValueError:
            ended.append(ValueError)
            raise

    async with in_thread(manager()) as entered:
        assert entered == "entered"
    with pytest.raises(ValueError, match="broken"):
        async with in_thread(manager()):
            raise ValueError("broken")
    assert ended == [None, ValueError]


async def test_an_index_that_somebody_else_writes_is_waited_for(tmp_path: Path, sqlite: Sqlite) -> None:
    async with await SqlStore.open(sqlite.migrated()) as store:
        index = DiskIndex.open(tmp_path / "index", StaticEncoder.load())
        await store.save_batch("test", Batch(papers=[paper(1)]), now=NOW)
        other = index.writer()
        other.__enter__()
        waited = []

        async def sleep(seconds: float) -> None:
            waited.append(seconds)
            if len(waited) == 3:
                other.__exit__(None, None, None)

        assert await update_index_in_turn(store, index, sleep) == 1
        assert (len(waited), len(index)) == (3, 1)


async def test_an_index_that_is_written_for_long_is_waited_for_no_longer(tmp_path: Path, sqlite: Sqlite) -> None:
    async with await SqlStore.open(sqlite.migrated()) as store:
        index = DiskIndex.open(tmp_path / "index", StaticEncoder.load())
        await store.save_batch("test", Batch(papers=[paper(1)]), now=NOW)
        waited = []

        async def sleep(seconds: float) -> None:
            waited.append(seconds)

        with index.writer(), pytest.raises(IndexBusyError):
            await update_index_in_turn(store, index, sleep)
        assert sum(waited) == 5


async def test_papers_that_are_stored_while_the_index_follows_are_in_it_in_the_end(
    store: SqlStore, tmp_path: Path
) -> None:
    index, counts = index_in(tmp_path), list[int]()
    left = [[paper(3), paper(1)], [paper(2)]]

    async def more() -> bool:
        if not left:
            return False
        await store.save_batch("test", Batch(papers=left.pop()), now=NOW)
        return True

    await store.save_batch("test", Batch(papers=[paper(1)]), now=NOW)
    await follow_store(store, index, more, expected=0, indexed=counts.append)
    assert (len(index), index.watermark, counts[-1]) == (3, await store.last_revision(), 3)
    assert await update_index(store, index) == 0


@pytest.mark.parametrize(
    ("expected", "a_commit"),
    [
        (1, 1),
        (50_000, 50_000),
        (50_001, 6_251),
        (400_000, 50_000),
        (3_000_000, 46_875),
        (4_000_000, 7_813),
    ],
)
def test_as_many_commits_are_made_as_end_in_one_part_to_search(expected: int, a_commit: int) -> None:
    assert papers_a_commit(expected) == a_commit


@pytest.mark.parametrize("expected", [0, 5])
async def test_where_more_papers_come_than_were_expected_commits_stay_rare(
    expected: int, store: SqlStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.library.ingest._MOST_UNCOMMITTED", 20)
    monkeypatch.setattr("bot.library.ingest._PAGE", 2)
    await store.save_batch("test", Batch(papers=[paper(number) for number in range(50)]), now=NOW)
    commits = 0
    with DiskIndex.rebuild(tmp_path / "index", StaticEncoder.load()) as writer:
        commit = writer.commit

        def counted() -> None:
            nonlocal commits
            commits += 1
            commit()

        monkeypatch.setattr(writer, "commit", counted)
        assert await write_index(store, writer, expected=expected) == 50
    assert commits == 3


async def test_a_new_index_is_in_one_part(store: SqlStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.library.ingest._MOST_UNCOMMITTED", 12)
    monkeypatch.setattr("bot.library.ingest._PAGE", 5)
    await store.save_batch("test", Batch(papers=[paper(number) for number in range(94)]), now=NOW)
    with DiskIndex.rebuild(tmp_path / "index", StaticEncoder.load()) as writer:
        assert await write_index(store, writer, expected=94) == 94
    meta = json.loads(next((tmp_path / "index").glob("*/tantivy/meta.json")).read_bytes())
    assert [segment["max_doc"] for segment in meta["segments"]] == [94]
