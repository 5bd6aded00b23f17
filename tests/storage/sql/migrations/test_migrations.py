"""The migrations as files, and how a failing one ends."""

from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from bot.errors import StoreError
from storage.sql import schema
from storage.sql.database import driver_url
from storage.sql.store import SqlStore


def test_migrations_are_numbered_in_the_order_they_run() -> None:
    script = ScriptDirectory(schema.MIGRATIONS)
    revisions = [step.revision for step in script.walk_revisions()][::-1]
    assert revisions == schema.known_versions()
    assert all(Path(step.path).name.startswith(f"{step.revision}_") for step in script.walk_revisions())


async def test_a_database_in_a_directory_with_odd_characters_migrates(tmp_path: Path) -> None:
    directory = tmp_path / "50% of #papers"
    directory.mkdir()
    async with await SqlStore.open(f"sqlite:///{directory}/paperboy.db", migrate=True) as store:
        assert await store.count_papers() == 0


async def test_a_file_that_is_no_database_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "paperboy.db"
    path.write_text("these are not the bytes of a database\n" * 100)
    with pytest.raises(StoreError, match=r"paperboy\.db is damaged.*not a database"):
        await SqlStore.open(f"sqlite:///{path}", migrate=True)


async def test_a_database_in_a_missing_directory_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nowhere/paperboy\.db.*cannot be opened"):
        await SqlStore.open(f"sqlite:///{tmp_path}/nowhere/paperboy.db")


async def test_a_server_that_is_not_there_is_refused_without_telling_the_password(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened") as refused:
        await SqlStore.open(f"postgresql://someone:secret@/papers?host={tmp_path}")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://localhost/papers",
        "papers.db",
        "postgresql+asyncpg://localhost/papers",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
async def test_urls_that_name_no_database_it_can_use_are_refused(url: str) -> None:
    with pytest.raises(StoreError, match="sqlite:///"):
        await SqlStore.open(url)


@pytest.mark.parametrize("url", ["postgres://h/d", "postgresql://h/d", "postgresql+psycopg://h/d"])
def test_every_spelling_of_a_postgresql_url_is_understood(url: str) -> None:
    assert driver_url(url).drivername == "postgresql+psycopg"
