"""Space on the disk, and the last backup."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.runtime.space import NotedBackup, folder_size, free_space, last_backup, note_backup

AT = datetime(2026, 1, 19, 12, tzinfo=UTC)


def test_a_folder_takes_what_its_files_take(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "a").write_bytes(b"x" * 5)
    (tmp_path / "inside" / "b").write_bytes(b"x" * 7)
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    assert folder_size(tmp_path) == 12
    assert folder_size(tmp_path / "nowhere") == 0
    assert free_space(tmp_path) > 0


def test_the_last_backup_is_remembered_with_whether_it_is_there(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "backup.tar.gz"
    assert last_backup(data) is None
    file.write_bytes(b"x" * 9)
    note_backup(data, file, AT)
    assert last_backup(data) == NotedBackup(file, AT, 9)
    file.unlink()
    assert last_backup(data) == NotedBackup(file, AT, None)


@pytest.mark.parametrize("note", ["", "[]", "{}", '{"file": 1, "made_at": "x"}', '{"file": "x", "made_at": "x"}'])
def test_a_note_that_cannot_be_read_is_none(tmp_path: Path, note: str) -> None:
    (tmp_path / "last_backup.json").write_text(note)
    assert last_backup(tmp_path) is None
