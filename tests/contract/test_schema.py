"""Migrations, on every database."""

import asyncio
from typing import Any, Protocol

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from bot.errors import StoreError
from storage.database import connect, known_versions, migrate, needs_migration, schema_version
from storage.store import SqlStore
from storage.tables import metadata


class Databases(Protocol):
    def empty(self) -> str: ...


@pytest.fixture
def empty_url(databases: Databases) -> str:
    return databases.empty()


async def test_migrating_makes_exactly_the_tables_that_the_code_describes(url: str) -> None:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    engine = connect(url)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_a_database_without_tables_is_refused_and_the_error_says_what_to_do(empty_url: str) -> None:
    with pytest.raises(StoreError, match=r"run `paperboy .*migrate`"):
        await SqlStore.open(empty_url)


async def test_opening_migrates_when_asked_to(empty_url: str) -> None:
    async with await SqlStore.open(empty_url, migrate=True) as store:
        assert await store.count_papers() == 0
    async with await SqlStore.open(empty_url) as store:
        assert await store.count_papers() == 0


async def test_migrating_twice_is_migrating_once(empty_url: str) -> None:
    engine = connect(empty_url)
    assert await schema_version(engine) is None
    assert await needs_migration(engine)
    for _ in range(2):
        await migrate(engine)
        assert await schema_version(engine) == known_versions()[-1]
        assert not await needs_migration(engine)
    await engine.dispose()


async def test_several_processes_may_migrate_at_once(empty_url: str) -> None:
    engines = [connect(empty_url) for _ in range(4)]
    await asyncio.gather(*(migrate(engine) for engine in engines))
    assert await schema_version(engines[0]) == known_versions()[-1]
    for engine in engines:
        await engine.dispose()


async def test_a_database_of_a_newer_paperboy_is_refused(url: str) -> None:
    engine = connect(url)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await engine.dispose()
    for asked in (False, True):
        with pytest.raises(StoreError, match="newer Paperboy"):
            await SqlStore.open(url, migrate=asked)
