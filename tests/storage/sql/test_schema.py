"""Migrations, on every database."""

import asyncio
from typing import Any, Protocol

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from bot.errors import StoreError
from storage.sql.database import Database
from storage.sql.schema import known_versions, migrate, needs_migration, schema_version
from storage.sql.store import SqlStore
from storage.sql.tables import metadata


class Databases(Protocol):
    def empty(self) -> str: ...


@pytest.fixture
def empty_url(databases: Databases) -> str:
    return databases.empty()


async def test_migrating_makes_exactly_the_tables_that_the_code_describes(url: str) -> None:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    async with Database(url) as database:
        assert await database.read(differences) == []


async def test_a_database_without_tables_is_refused_and_the_error_says_what_to_do(empty_url: str) -> None:
    with pytest.raises(StoreError, match=r"run `paperboy .*migrate`"):
        await SqlStore.open(empty_url)


async def test_opening_migrates_when_asked_to(empty_url: str) -> None:
    async with await SqlStore.open(empty_url, migrate=True) as store:
        assert await store.count_papers() == 0
    async with await SqlStore.open(empty_url) as store:
        assert await store.count_papers() == 0


def test_migrating_twice_is_migrating_once(empty_url: str) -> None:
    assert schema_version(empty_url) is None
    assert needs_migration(empty_url)
    for _ in range(2):
        migrate(empty_url)
        assert schema_version(empty_url) == known_versions()[-1]
        assert not needs_migration(empty_url)


async def test_several_processes_may_migrate_at_once(empty_url: str) -> None:
    await asyncio.gather(*(asyncio.to_thread(migrate, empty_url) for _ in range(4)))
    assert schema_version(empty_url) == known_versions()[-1]


async def test_a_database_of_a_newer_paperboy_is_refused(url: str) -> None:
    async with Database(url) as database, database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for asked in (False, True):
        with pytest.raises(StoreError, match="newer Paperboy"):
            await SqlStore.open(url, migrate=asked)
