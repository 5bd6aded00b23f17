"""Migrations, on every database."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import Any, Protocol

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Column, Connection, MetaData, Table, create_engine, text

from bot.domain.deliveries import Status
from bot.domain.paper_ids import PaperId
from bot.domain.people import Topic
from bot.errors import StoreError
from storage.sql.database import Database, driver_url
from storage.sql.schema import MIGRATIONS, known_versions, migrate, needs_migration, schema_version
from storage.sql.store import SqlStore
from storage.sql.tables.every import metadata


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


async def test_feedback_of_before_comes_to_one_state_for_each_person_and_paper(empty_url: str) -> None:
    """A database of version 0011, with likes beside dislikes, migrates to what was said last."""
    with _at(empty_url, "0011", "papers", "feedback") as (connection, tables):
        connection.execute(text("INSERT INTO people (person) VALUES (1)"))
        papers, feedback = tables["papers"], tables["feedback"]
        for row in (1, 2, 3):
            filled = {c.name: _filler(c) for c in papers.c if not c.nullable} | {"authors": "[]"}
            connection.execute(papers.insert().values(filled | {"row": row, "revision": row, "id": f"2601.0000{row}"}))
        for row, kind, origin, present, minute in (
            (1, "dislike", "a", True, 1), (1, "like", "b", True, 2),
            (2, "save", "command", True, 1), (2, "save", "m1", False, 2),
            (3, "save", "command", True, 1), (3, "like", "m1", True, 2),
        ):  # fmt: skip
            at = datetime(2026, 1, 19, 12, minute, tzinfo=UTC)
            act = {"person": 1, "row": row, "attitude": kind, "origin": origin, "present": present, "at": at}
            connection.execute(feedback.insert().values(place="", **act))
    async with await SqlStore.open(empty_url, migrate=True) as store:
        kinds = {entry.paper_id: entry.kind.value for entry in await store.feedback_of(1)}
    assert kinds == {"2601.00001": "like", "2601.00003": "save"}


async def test_papers_of_before_are_read_from_tex_and_indexed_anew(empty_url: str) -> None:
    """A database of version 0013, in which titles stood as they were written."""
    with _at(empty_url, "0013", "papers") as (connection, tables):
        papers = tables["papers"]
        filled = {c.name: _filler(c) for c in papers.c if not c.nullable}
        plain = {"id": "2601.00001", "title": "A plain title", "authors": "[]"}
        tex = {
            "id": "2601.00002",
            "title": r"On H\"older $\alpha$-continuity",
            "authors": json.dumps(['Otto H{\\"o}lder']),
        }
        for row, paper in enumerate((plain, tex), 1):
            connection.execute(papers.insert().values(filled | paper | {"row": row, "revision": row}))
    async with await SqlStore.open(empty_url, migrate=True) as store:
        [changed] = await store.papers_after(2, 10)
        [first] = await store.papers([PaperId("2601.00001")])
    assert changed.paper.title == "On Hölder α-continuity"
    assert changed.paper.authors == ("Otto Hölder",)
    assert changed.paper.title_tex == r"On H\"older $\alpha$-continuity"
    assert (first.paper.title, first.revision) == ("A plain title", 1)


async def test_a_post_that_had_a_language_is_kept_without_it(empty_url: str) -> None:
    """A database of version 0014, in which dates could be German."""
    with _at(empty_url, "0014", "destinations") as (connection, tables):
        destinations = tables["destinations"]
        filled = {c.name: _filler(c) for c in destinations.c if not c.nullable}
        of_slack = {"key": "slack:T:C", "platform": "slack", "workspace": "T", "channel": "C", "at": "17:30"}
        chosen = {"days": "04", "layout": "compact", "quiet": "say", "timezone": "Asia/Tokyo", "language": "de"}
        connection.execute(destinations.insert().values(filled | of_slack | chosen | {"count": 3}))
    async with await SqlStore.open(empty_url, migrate=True) as store:
        kept = await store.destination("slack:T:C")
    assert kept is not None
    assert (kept.at, kept.timezone, kept.days, kept.count) == (time(17, 30), "Asia/Tokyo", frozenset({0, 4}), 3)


async def test_a_place_of_before_has_its_one_post_and_its_topics_have_no_names(empty_url: str) -> None:
    """A database of version 0019, in which a place had one post."""
    with _at(empty_url, "0019", "destinations", "deliveries", "topics") as (connection, tables):
        destinations, topics = tables["destinations"], tables["topics"]
        filled = {c.name: _filler(c) for c in destinations.c if not c.nullable}
        of_slack = {"key": "slack:T:C", "platform": "slack", "workspace": "T", "channel": "C", "at": "17:30"}
        chosen = {"days": "04", "layout": "", "quiet": "say", "timezone": "UTC", "scope": "everything", "count": 3}
        connection.execute(destinations.insert().values(filled | of_slack | chosen))
        deliveries = tables["deliveries"]
        filled = {c.name: _filler(c) for c in deliveries.c if not c.nullable}
        sent = {"destination": "slack:T:C", "kind": "daily", "day": date(2026, 1, 2), "status": "sent", "sent": "[]"}
        connection.execute(deliveries.insert().values(filled | sent))
        connection.execute(topics.insert().values(owner="slack:T:C", folded="graphs", text="Graphs", wanted=True))
    async with await SqlStore.open(empty_url, migrate=True) as store:
        [kept] = await store.posts_of("slack:T:C")
        [upcoming] = await store.upcoming(["slack:T:C"])
        assert (kept.key, kept.post, kept.at, kept.count) == ("slack:T:C", "", time(17, 30), 3)
        assert [each.status for each in upcoming.deliveries] == [Status.SENT]
        assert await store.topics("slack:T:C") == [Topic("Graphs")]


@contextmanager
def _at(url: str, version: str, *names: str) -> Iterator[tuple[Connection, Mapping[str, Table]]]:
    """A connection to a new database of an earlier version, and these of its tables."""
    engine = create_engine(driver_url(url))
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.upgrade(config, version)
        reflected = MetaData()
        reflected.reflect(connection, only=names)
        yield connection, reflected.tables
    engine.dispose()


def _filler(column: Column[Any]) -> Any:
    """A value for a column that must have one."""
    return {bool: False, int: 0, str: "", datetime: datetime(2026, 1, 1, tzinfo=UTC)}.get(column.type.python_type, "[]")
