"""Papers in: source -> store -> index, incremental, resumable, and going on where one source fails."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from bot.domain.papers import Paper, title_id
from bot.errors import IndexBusyError, IndexUnusableError, SourceError
from bot.library.vector_cache import paper_vectors
from bot.ports import AsksOfPapers, BadRecord, Batch, Clock, IndexWriter, PaperIndex, PaperSource, Saved, Sleep
from bot.runtime.cancellation import to_its_end
from bot.runtime.lazy_log import log

if TYPE_CHECKING:
    from bot.ports import LibraryStore

_Entered = TypeVar("_Entered")

_PAGE = 2_000
"""Papers read from the store at a time to bring the index up to date."""

_MOST_UNCOMMITTED = 50_000
"""Papers added to the index between two commits of a bulk update, at most."""

_MERGED = 8
"""Each commit leaves a part of its own to be searched; the index makes one of so many of about a size."""

_PROBED = 16
"""Papers by which it is seen that an index and a store belong together."""

_BULK = 10_000
"""From so many pending papers on, the index is written in bulk."""

_TURNS, _TURN = 20, 0.25
"""How often, and after how many seconds, an index that somebody else writes is tried again."""


@dataclass(slots=True)
class IngestReport:
    """What reading one source came to; `read` and `total` are those of its last batch."""

    source: str
    saved: Saved = field(default_factory=Saved)
    bad: list[BadRecord] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    error: str = ""
    read: int = 0
    total: int = 0

    def add(self, batch: Batch, saved: Saved) -> None:
        """Count a stored batch in."""
        self.saved += saved
        self.bad += batch.bad
        self.notes += batch.notes
        self.read, self.total = batch.read, batch.total

    @property
    def papers(self) -> int:
        """How many papers were stored, or were stored already."""
        return self.saved.new + self.saved.changed + self.saved.unchanged


async def read_source(
    source: PaperSource,
    store: "LibraryStore",
    clock: Clock,
    *,
    since: date | None = None,
    cursor: str = "",
    stored: Callable[[IngestReport], None] = lambda report: None,
) -> IngestReport:
    """Store everything a source tells, batch by batch; `stored` is called after each.

    Every batch is one transaction together with the source's cursor, so a kill loses none and repeats at most one;
    a cancellation waits for a batch that is being stored.
    A source that fails, in whatever way, ends up in the report's `error`; what it told before stands.
    """
    report = IngestReport(source.name)
    batches = source.batches(since=since, cursor=cursor)
    while batch := await _next_batch(batches, report):
        report.add(batch, await to_its_end(store.save_batch(source.name, batch, now=clock.now())))
        stored(report)
    return report


async def _next_batch(batches: AsyncIterator[Batch], report: IngestReport) -> Batch | None:
    """The next batch of a source; None where it ended, or failed, which the report says."""
    try:
        return await anext(batches, None)
    except SourceError as error:
        report.error = str(error)
    except Exception as error:  # What a service sends can break a reader in ways that nobody thought of.
        log().exception("source failed unexpectedly", source=report.source)
        report.error = f"{type(error).__name__}: {error}"
    return None


async def read_sources(
    sources: Sequence[PaperSource],
    store: "LibraryStore",
    clock: Clock,
    *,
    since: date | None = None,
    stored: Callable[[IngestReport], None] = lambda report: None,
) -> list[IngestReport]:
    """Store what every source tells from where it left off, or from `since` on; `stored` is called after each batch."""
    cursors = {state.name: state.cursor for state in await store.source_states()}
    reports = []
    for source in sources:
        cursor = cursors.get(source.name, "")
        if isinstance(source, AsksOfPapers):
            source.ask_of(store.papers_by_row)
        await store.begin_attempt(source.name, now=clock.now())
        report = await read_source(source, store, clock, since=since, cursor=cursor, stored=stored)
        await store.record_attempt(
            source.name, now=clock.now(), error=report.error, note="; ".join(dict.fromkeys(report.notes))
        )
        reports.append(report)
    return reports


async def require_same_papers(store: "LibraryStore", index: PaperIndex) -> None:
    """Raises IndexUnusableError when an index was made from another database, or from this one before it was restored.

    A few papers that have not changed since they were indexed, the last among them, must stand in the index where they
    stand in the store, and the index must not know of changes that the store has not seen.
    """
    rows = [int(row) for row in await asyncio.to_thread(index.sample, _PROBED)]
    stored = {paper.row: paper for paper in await store.papers_by_row(rows)}
    unchanged = {paper.paper.id: row for row, paper in stored.items() if paper.revision <= index.watermark}
    found = await asyncio.to_thread(index.find_ids, list(unchanged))
    is_ahead = index.watermark > await store.last_revision()
    if is_ahead or found != unchanged or not stored.keys() >= set(rows):
        raise IndexUnusableError("The index was made from another database; run `paperboy index --rebuild`.")


async def update_index(
    store: "LibraryStore", index: PaperIndex, *, indexed: Callable[[int], None] = lambda count: None
) -> int:
    """Bring the index up to the store's newest revision and say how many papers that took.

    `indexed` is called with the number of papers added so far. Encoding and indexing run in a thread.
    """
    pending = await store.last_revision() - index.watermark
    if pending <= 0:
        return 0
    async with in_thread(index.writer(bulk=pending > _BULK)) as writer:
        return await write_index(store, writer, expected=pending, indexed=indexed)


async def follow_store(
    store: "LibraryStore",
    index: PaperIndex,
    more: Callable[[], Awaitable[bool]],
    *,
    expected: int,
    indexed: Callable[[int], None],
) -> None:
    """`update_index` for as long as papers are being stored: `more` waits for some, and is False when none will come.

    So many are `expected`, 0 where nobody knows. Nobody else can write the index meanwhile.
    """
    async with in_thread(index.writer(bulk=True)) as writer:
        await write_index(store, writer, expected=expected, indexed=indexed, more=more)


async def update_index_in_turn(store: "LibraryStore", index: PaperIndex, sleep: Sleep = asyncio.sleep) -> int:
    """`update_index` after another writer, who is waited for some seconds. Raises IndexBusyError after that."""
    for _ in range(_TURNS):
        try:
            return await update_index(store, index)
        except IndexBusyError:
            await sleep(_TURN)
    return await update_index(store, index)


@asynccontextmanager
async def in_thread(manager: AbstractContextManager[_Entered]) -> AsyncIterator[_Entered]:
    """A context manager whose beginning and end take long, as an index writer's, which waits for merges."""
    entered = await asyncio.to_thread(manager.__enter__)
    try:
        yield entered
    except BaseException as error:
        if not await asyncio.to_thread(manager.__exit__, type(error), error, error.__traceback__):
            raise
    else:
        await asyncio.to_thread(manager.__exit__, None, None, None)


async def _no_more() -> bool:
    return False


async def write_index(
    store: "LibraryStore",
    writer: IndexWriter,
    *,
    expected: int,
    done: int = 0,
    indexed: Callable[[int], None] = lambda count: None,
    more: Callable[[], Awaitable[bool]] = _no_more,
) -> int:
    """Hand an index writer every paper that changed after its watermark, commit, and say how many are done.

    About so many are `expected`, `done` of them already. `more` is asked where there are few: whether to wait for
    others.
    """
    after, committed = writer.watermark, done
    while True:
        page = await store.papers_after(after, _PAGE)
        if len(page) < _PAGE and await more():
            continue
        if not page:
            break
        vectors = await paper_vectors(store, writer.encoder, page)
        await to_its_end(asyncio.to_thread(writer.add, page, vectors))
        after = page[-1].revision
        done += len(page)
        indexed(done)
        if _is_due(done, committed, expected):
            await to_its_end(asyncio.to_thread(writer.commit))
            committed = done
    if done > committed:
        await to_its_end(asyncio.to_thread(writer.commit))
    return done


def _is_due(done: int, committed: int, expected: int) -> bool:
    """Whether to commit; where more papers come than were expected, as of a second file, as rarely as can be."""
    if done > expected:
        return done - committed >= _MOST_UNCOMMITTED
    commit_every = papers_a_commit(expected)
    return done // commit_every > committed // commit_every


def papers_a_commit(expected: int) -> int:
    """How many papers to add to an index between two commits, of so many that are expected.

    Searching takes longer with every part there is, so there are about as many commits as end in a single one.
    """
    commits = 1
    while expected > commits * _MOST_UNCOMMITTED:
        commits *= _MERGED
    return -(-expected // commits)


def as_told(paper: Paper) -> Paper:
    """A paper without what would let it outlive the word of a source: the moment when its record was changed.

    A number that means something in the file alone is no id: the same stands for another paper in another file.
    """
    own = title_id(paper.title) if paper.id.startswith("local:") else paper.id
    return replace(paper, id=own, updated=None)
