"""The pace of a service, kept by all that ask it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from adapters.sources.pace import SharedInterval
from bot.errors import SourceError
from storage.sql.store import SqlStore
from tests.support.databases import Sqlite
from tests.support.sources.world import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 1, 7, 12, tzinfo=UTC))


@pytest.fixture
async def store(sqlite: Sqlite) -> AsyncIterator[SqlStore]:
    async with await SqlStore.open(sqlite.migrated()) as opened:
        yield opened


def pace(store: SqlStore, clock: FakeClock, patience: float = 0.0) -> SharedInterval:
    return SharedInterval(store, "arxiv", clock, clock.sleep, interval=3, patience=patience)


async def started(pace: SharedInterval, clock: FakeClock) -> float:
    """How many seconds after noon a request may begin."""
    async with pace.turn():
        return (clock.now() - datetime(2026, 1, 7, 12, tzinfo=UTC)).total_seconds()


async def test_a_sync_and_a_lookup_are_an_interval_apart(store: SqlStore, clock: FakeClock) -> None:
    sync, lookup = pace(store, clock), pace(store, clock, patience=30)
    assert [await started(each, clock) for each in (sync, lookup, sync, lookup)] == [0, 3, 6, 9]


async def test_a_sync_waits_for_lookups_that_came_later(store: SqlStore, clock: FakeClock) -> None:
    sync, lookup = pace(store, clock), pace(store, clock, patience=30)
    await started(sync, clock)
    order: list[tuple[str, float]] = []

    async def sleep(seconds: float) -> None:
        if not order:  # while the sync waits for its turn, somebody asks for a paper
            order.append(("lookup", await started(lookup, clock)))
        await clock.sleep(seconds)

    waiting = SharedInterval(store, "arxiv", clock, sleep, interval=3)
    order.append(("sync", await started(waiting, clock)))
    assert order == [("lookup", 3), ("sync", 6)]


async def test_a_service_that_asks_for_rest_gets_it_from_everybody(store: SqlStore, clock: FakeClock) -> None:
    sync, lookup = pace(store, clock), pace(store, clock, patience=60)
    await sync.hold(40)
    assert await started(lookup, clock) == 40
    assert await started(sync, clock) == 43


async def test_a_turn_that_comes_too_late_is_not_waited_for_and_not_taken(store: SqlStore, clock: FakeClock) -> None:
    lookup = pace(store, clock, patience=10)
    await lookup.hold(40)
    with pytest.raises(SourceError, match="the next turn is in 40 s"):
        await started(lookup, clock)
    assert clock.sleeps == []
    assert await started(pace(store, clock), clock) == 40
