"""backup and restore."""

import re
import shutil
import stat
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.cli import main
from bot.domain.deliveries import Status
from bot.domain.destinations import Destination
from bot.domain.people import Place
from storage.sql.store import SqlStore
from tests.support.command_line import failure, found, in_store

PLACE = Place("slack", "T1", "C1", "#papers")


def test_what_was_lost_comes_back_in_another_folder(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = found(capsys, "robot", "--json", "--data-dir", str(folder))
    file, elsewhere = tmp_path / "backups.tar.gz", tmp_path / "elsewhere"
    assert main(["--data-dir", str(folder), "backup", str(file)]) == 0
    assert f"Backed up to {file}: sqlite" in capsys.readouterr().out
    shutil.rmtree(folder)
    assert main(["--data-dir", str(elsewhere), "restore", str(file)]) == 0
    told = capsys.readouterr().out
    assert re.search(r"backed up on \d{4}-\d\d-\d\d at \d\d:\d\d\.", told)
    assert "200 papers can be searched" in told
    assert found(capsys, "robot", "--json", "--data-dir", str(elsewhere)) == before
    for path in (file, elsewhere, elsewhere / "paperboy.db", elsewhere / "index"):
        assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO), path
    assert {path.name for path in elsewhere.iterdir()} == {"paperboy.db", "index"}


def test_no_post_is_sent_again_that_was_due_since_the_backup(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def subscribe(store: SqlStore) -> None:
        yesterday = datetime.now(UTC) - timedelta(days=1)
        await store.save_destination(Destination(place=PLACE, at=time()), now=yesterday)
        another = replace(PLACE, channel="C2")
        await store.save_destination(Destination(place=another, at=time()), now=yesterday)

    in_store(folder, subscribe)
    assert main(["--data-dir", str(folder), "backup", str(tmp_path / "backup")]) == 0
    restored = tmp_path / "restored"
    assert main(["--data-dir", str(restored), "restore", str(tmp_path / "backup")]) == 0
    assert "2 posts may have been sent since the backup" in capsys.readouterr().out

    async def look(store: SqlStore) -> None:
        told = await store.upcoming()
        assert [each.deliveries[0].status for each in told] == [Status.UNKNOWN] * 2
        assert all(each.next_run_at and each.next_run_at > datetime.now(UTC) for each in told)

    in_store(restored, look)


def test_mistakes_are_told(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ["--data-dir", str(tmp_path / "none")]
    assert "No papers in" in failure(capsys, *data, "backup", str(tmp_path / "backup"))
    assert "No such file" in failure(capsys, *data, "restore", str(tmp_path / "backup"))
    (tmp_path / "text").write_text("no backup")
    assert "is no backup of Paperboy" in failure(capsys, *data, "restore", str(tmp_path / "text"))
    assert main(["--data-dir", str(folder), "backup", str(tmp_path / "backup")]) == 0
    told = failure(capsys, "--data-dir", str(folder), "restore", str(tmp_path / "backup"))
    assert "There is a database in" in told
    assert not (tmp_path / "none" / "paperboy.db").exists()


def test_an_end_in_the_middle_leaves_the_place_empty(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["--data-dir", str(folder), "backup", str(tmp_path / "backup")]) == 0
    restored = tmp_path / "restored"
    with monkeypatch.context() as patched:
        patched.setattr(SqlStore, "doubt_open", _killed)
        with pytest.raises(_Killed):
            main(["--data-dir", str(restored), "restore", str(tmp_path / "backup")])
    assert not (restored / "paperboy.db").exists()
    assert main(["--data-dir", str(restored), "restore", str(tmp_path / "backup")]) == 0


class _Killed(BaseException):
    """An end that nothing can handle."""


async def _killed(*_: object, **__: object) -> int:
    raise _Killed
