"""The part of the store that papers are found and fetched with."""

from datetime import datetime

import pytest
from sqlalchemy.exc import StatementError

from bot.errors import StoreError
from bot.ports import Batch, LibraryStore
from storage.sql.library_store import SqlLibraryStore
from storage.sql.store import SqlStore
from tests.support.databases import Postgres, Sqlite
from tests.support.stored_papers import NOON, paper, save, upvotes


async def test_what_it_keeps_the_whole_store_has(url: str) -> None:
    async with await SqlLibraryStore.open(url) as opened, await SqlStore.open(url) as whole:
        kept: LibraryStore = opened
        saved = await kept.save_batch("arxiv", Batch(papers=[paper(1)], cursor="page 1"), now=NOON)
        assert saved.new == 1
        assert [stored.paper.id for stored in await whole.papers_by_row([1])] == [paper(1).id]
        await save(whole, paper(2))
        assert await kept.count_papers() == 2
        assert [state.name for state in await kept.source_states()] == ["arxiv"]


async def test_its_tables_are_made_only_where_that_is_asked_for(databases: Sqlite | Postgres) -> None:
    url = databases.empty()
    with pytest.raises(StoreError, match="not up to date"):
        await SqlLibraryStore.open(url)
    async with await SqlLibraryStore.open(url, migrate=True) as made:
        assert await made.last_revision() == 0


async def test_a_batch_that_fails_leaves_nothing_behind(store: SqlStore) -> None:
    naive = upvotes(paper(1).id, 5, datetime(2025, 1, 1))
    with pytest.raises(StatementError, match="no time zone"):
        await store.save_batch("arxiv", Batch(papers=[paper(1)], signals=[naive], cursor="page 2"), now=NOON)
    assert await store.count_papers() == 0
    assert await store.source_states() == []
