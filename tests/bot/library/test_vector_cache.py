"""Vectors that take long to make are made once."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.library.ingest import update_index, write_index
from bot.library.vector_cache import paper_vectors
from bot.ports import Batch, Vectors
from storage.index.disk_index import DiskIndex
from storage.sql.store import SqlStore
from tests.support.databases import Sqlite

NOW = datetime(2026, 1, 5, tzinfo=UTC)


class SlowEncoder:
    """Counts what it is asked for; a text's vector points where its length says."""

    name = "slow"
    dim = 64
    costly = True
    lexicon = None

    def __init__(self) -> None:
        self.read: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.eye(self.dim, dtype=np.float32)[[len(text) % self.dim for text in texts]]

    def encode_papers(self, titles: Sequence[str], abstracts: Sequence[str]) -> Vectors:
        self.read += titles
        return self.encode([f"{title}. {abstract}" for title, abstract in zip(titles, abstracts, strict=True)])


@pytest.fixture
async def store(sqlite: Sqlite) -> AsyncIterator[SqlStore]:
    async with await SqlStore.open(sqlite.migrated()) as store:
        yield store


def papers(count: int) -> list[Paper]:
    return [Paper(id=PaperId(f"test:{n}"), title=f"A paper about {'x' * n}", abstract="") for n in range(count)]


async def test_a_rebuilt_index_and_another_process_read_what_was_made(store: SqlStore, tmp_path: Path) -> None:
    await store.save_batch("test", Batch(papers=papers(200)), now=NOW)
    encoder = SlowEncoder()
    index = DiskIndex.open(tmp_path / "index", encoder)
    await update_index(store, index)
    assert len(encoder.read) == 200
    other = SlowEncoder()
    with DiskIndex.rebuild(tmp_path / "other", other) as writer:
        await write_index(store, writer, expected=200)
    assert other.read == []
    rows = np.arange(1, 201)
    rebuilt = DiskIndex.open(tmp_path / "other", other)
    assert np.array_equal(rebuilt.vectors(rows), index.vectors(rows))


async def test_a_changed_paper_is_read_again_alone(store: SqlStore, tmp_path: Path) -> None:
    await store.save_batch("test", Batch(papers=papers(3)), now=NOW)
    encoder = SlowEncoder()
    index = DiskIndex.open(tmp_path / "index", encoder)
    await update_index(store, index)
    changed = replace(papers(3)[1], abstract="It has an abstract now.")
    await store.save_batch("test", Batch(papers=[changed]), now=NOW)
    await update_index(store, index)
    assert encoder.read[3:] == [changed.title]
    assert index.nearest(encoder.encode([f"{changed.title}. {changed.abstract}"])[0], 1).rows.tolist() == [2]


async def test_vectors_of_another_encoder_are_not_taken(store: SqlStore) -> None:
    await store.save_batch("test", Batch(papers=papers(2)), now=NOW)
    page = await store.papers_after(0, 10)
    first, second = SlowEncoder(), SlowEncoder()
    second.name = "other"
    assert await paper_vectors(store, first, page) is not None
    await paper_vectors(store, second, page)
    assert len(second.read) == 2


async def test_an_interruption_keeps_what_was_made(store: SqlStore) -> None:
    class Failing(SlowEncoder):
        def encode_papers(self, titles: Sequence[str], abstracts: Sequence[str]) -> Vectors:
            if self.read:
                raise RuntimeError("the power failed")
            return super().encode_papers(titles, abstracts)

    await store.save_batch("test", Batch(papers=papers(100)), now=NOW)
    page = await store.papers_after(0, 100)
    with pytest.raises(RuntimeError):
        await paper_vectors(store, Failing(), page)
    encoder = SlowEncoder()
    await paper_vectors(store, encoder, page)
    assert len(encoder.read) == 100 - 64


async def test_a_quick_encoder_keeps_nothing(store: SqlStore) -> None:
    await store.save_batch("test", Batch(papers=papers(1)), now=NOW)
    encoder = SlowEncoder()
    encoder.costly = False
    assert await paper_vectors(store, encoder, await store.papers_after(0, 1)) is None
    assert await store.cached_vectors("slow", [1]) == []
