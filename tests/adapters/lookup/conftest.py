"""A server that stands for every service, and one service that asks it."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from adapters.lookup import LOOKUPS
from adapters.lookup.service import LookupService
from bot.domain.paper_ids import PaperId
from bot.ports import Batch
from storage.sql.store import SqlStore
from tests.support.databases import Sqlite
from tests.support.lookup.bodies import lookup_settings
from tests.support.sources.world import FakeClock, ReplayServer, bodies, clock, server, shared

LookUp = Callable[[str, str], Awaitable[Batch]]
"""Asks a service, by its name, for a paper, by its id."""


@pytest.fixture
async def store(sqlite: Sqlite) -> AsyncIterator[SqlStore]:
    async with await SqlStore.open(sqlite.migrated()) as opened:
        yield opened


@pytest.fixture
def look_up(server: ReplayServer, clock: FakeClock, store: SqlStore) -> LookUp:
    async def ask(name: str, paper_id: str) -> Batch:
        settings = lookup_settings(server)
        services = [LookupService(spec, settings, clock, clock.sleep, store) for spec in LOOKUPS[name]]
        able = [service for service in services if service.has(PaperId(paper_id))]
        assert able, f"{name} knows no ids like {paper_id}"
        batches = [await service.fetch(PaperId(paper_id)) for service in able]
        return next((batch for batch in batches if batch.papers), Batch())

    return ask


__all__ = ["bodies", "clock", "server", "shared"]
