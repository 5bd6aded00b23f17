"""What every Store does, whatever database it stands on."""

import asyncio

from bot.domain.paper_ids import PaperId
from bot.ports import Store
from storage.sql.store import SqlStore
from tests.support.stored_papers import paper, save


async def test_the_sql_store_is_a_store(store: SqlStore) -> None:
    kept: Store = store
    assert await kept.count_papers() == 0
    assert await kept.last_revision() == 0
    assert await kept.source_states() == []


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


async def test_a_database_takes_space(store: SqlStore) -> None:
    assert await store.size() > 10_000
