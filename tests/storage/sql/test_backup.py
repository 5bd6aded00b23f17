"""A database in one file, and back from it."""

import json
import tarfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.domain.deliveries import Status
from bot.errors import StoreError
from storage.sql.backup import Backup, back_up, move_in_place, unpack
from storage.sql.schema import migrate
from storage.sql.store import SqlStore
from storage.sql.tables.every import metadata
from tests.support.databases import Postgres, Sqlite, postgres_programs
from tests.support.everything import give_everything
from tests.support.stored_people import NOW
from tests.support.stored_queue import DUE, POST, YESTERDAY, Queue, claimed


@pytest.fixture(autouse=True)
def _client_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore of the server's own version."""
    monkeypatch.setenv("PATH", str(postgres_programs()), prepend=":")


def backed_up(url: str, file: Path, *names: str) -> Backup:
    return back_up(url, file, now=NOW, paperboy="0.2.0", settings=names)


def restore(file: Path, url: str) -> Backup:
    """All the way to its place."""
    made, _ = unpack(file, url)
    move_in_place(url)
    return made


async def counts(store: SqlStore) -> dict[str, int]:
    async with store.reading() as connection:
        return {
            table.name: await connection.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }


async def test_everything_comes_back(store: SqlStore, url: str, databases: Sqlite | Postgres, tmp_path: Path) -> None:
    await give_everything(store)
    before = await counts(store)
    made = backed_up(url, tmp_path / "backup", "DISCORD_TOKEN")
    restored = databases.empty()
    assert restore(tmp_path / "backup", restored) == made
    assert made.settings == ("DISCORD_TOKEN",)
    async with await SqlStore.open(restored) as again:
        assert await counts(again) == before
    assert [path.name for path in tmp_path.iterdir()] == ["backup"], "nothing is left beside it"


def test_a_database_that_is_not_empty_is_left_as_it_is(url: str, databases: Sqlite | Postgres, tmp_path: Path) -> None:
    backed_up(url, tmp_path / "backup")
    with pytest.raises(StoreError, match="restore into an empty one"):
        restore(tmp_path / "backup", databases.migrated())
    with pytest.raises(StoreError, match="is there already"):
        backed_up(url, tmp_path / "backup")
    with pytest.raises(StoreError, match="has no tables yet"):
        backed_up(databases.empty(), tmp_path / "another")


async def test_a_backup_is_taken_while_somebody_writes(
    store: SqlStore, url: str, databases: Sqlite | Postgres, tmp_path: Path
) -> None:
    async with store.writing() as connection:
        await connection.execute(metadata.tables["people"].insert())
        backed_up(url, tmp_path / "backup")
    restored = databases.empty()
    restore(tmp_path / "backup", restored)
    async with await SqlStore.open(restored) as again:
        assert (await counts(again))["people"] == 0, "what is not committed is not in it"


def test_kinds_of_databases_are_not_mixed(sqlite: Sqlite, postgres: Postgres, tmp_path: Path) -> None:
    backed_up(sqlite.migrated(), tmp_path / "backup")
    with pytest.raises(StoreError, match=r"This backup is of sqlite, and the database here is postgresql"):
        restore(tmp_path / "backup", postgres.empty())


def test_a_newer_paperboy_is_named(sqlite: Sqlite, tmp_path: Path) -> None:
    rewritten(backed_up(sqlite.migrated(), tmp_path / "backup"), tmp_path, schema="9999", paperboy="7.0.0")
    with pytest.raises(StoreError, match=r"made by Paperboy 7\.0\.0 .* Update Paperboy"):
        restore(tmp_path / "changed", sqlite.empty())


def rewritten(made: Backup, folder: Path, **changed: str) -> None:
    """`changed`, which is `backup` with other facts."""
    facts = folder / "facts.json"
    facts.write_text(json.dumps({**vars_of(made), **changed}))
    with tarfile.open(folder / "backup") as archive, tarfile.open(folder / "changed", "w:gz") as target:
        target.add(facts, "backup.json")
        archive.extract("paperboy.db", folder, filter="data")
        target.add(folder / "paperboy.db", "paperboy.db")


def vars_of(made: Backup) -> dict[str, object]:
    return {name: getattr(made, name) for name in made.__slots__}


def test_what_is_damaged_is_refused_and_leaves_nothing(sqlite: Sqlite, tmp_path: Path) -> None:
    made = backed_up(sqlite.migrated(), tmp_path / "backup")
    whole = (tmp_path / "backup").read_bytes()
    rewritten(made, tmp_path, sha256="0" * 64)
    (tmp_path / "text").write_text("no backup")
    with tarfile.open(tmp_path / "other", "w:gz") as archive:
        archive.add(tmp_path / "text", "text")
    for length in (0, 20, len(whole) // 2, len(whole) * 9 // 10):
        (tmp_path / f"cut-{length}").write_bytes(whole[:length])
    damaged = [path for path in tmp_path.iterdir() if path.name in {"changed", "text", "other"} or "cut" in path.name]
    assert len(damaged) == 7
    for file in damaged:
        target = sqlite.empty()
        with pytest.raises(StoreError, match=r"is no backup of Paperboy|is damaged"):
            restore(file, target)
        assert not Path(target.removeprefix("sqlite:///")).exists()


def test_a_backup_of_an_earlier_version_is_migrated(sqlite: Sqlite, tmp_path: Path) -> None:
    url = sqlite.migrated()
    rewritten(backed_up(url, tmp_path / "backup"), tmp_path, paperboy="0.1.0")
    restored = sqlite.empty()
    assert restore(tmp_path / "changed", restored).paperboy == "0.1.0"
    migrate(restored)


async def test_what_was_due_is_doubted(queue: Queue) -> None:
    sending = await claimed(queue)
    until = DUE + timedelta(minutes=1)
    await queue.begin_message(sending.number, "w", now=DUE, until=until)
    await queue.save_destination(replace(POST, place=replace(POST.place, channel="C9")), now=YESTERDAY)
    await queue.claim_due(now=DUE, limit=10)
    assert await queue.doubt_open(now=until, error="restored") == 2
    told = [delivery for upcoming in await queue.upcoming() for delivery in upcoming.deliveries]
    assert [(each.status, each.error) for each in told] == [(Status.UNKNOWN, "restored")] * 2
    assert await queue.lease("w", now=until, until=until, limit=9, reaches=lambda _: True) == []
    assert await queue.doubt_open(now=until, error="again") == 0
    again = await queue.resend(POST.place.key, now=until)
    assert again
    assert again.status is Status.SENDING, "what was composed can be sent when an admin asks for it"
