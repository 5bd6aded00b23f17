"""Backups and their return are killed at random moments."""

import os
import random
import shutil
from pathlib import Path

import pytest

from bot.cli import main
from tools.kill import run_for, write_papers

pytestmark = pytest.mark.long

PAPERS = 1_000


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("PAPERBOY_DATA_DIR", str(tmp_path / "data"))
    file = write_papers(tmp_path / "papers.jsonl", 1, PAPERS, random.Random(1))
    assert main(["import", str(file)]) == 0
    return dict(os.environ)


def paperboy(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command says that nobody kills and that must work: it needs no process of its own."""
    capsys.readouterr()
    assert main([*arguments]) == 0
    return capsys.readouterr().out


def test_a_backup_is_whole_or_not_there(
    environment: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random(2)
    ends = []
    for number in range(3):
        file = tmp_path / f"{number}.tar.gz"
        ends.append(run_for(rng.uniform(0.2, 1.5), ["backup", str(file)], environment))
        if not file.exists():
            paperboy(capsys, "backup", str(file))
        restored = tmp_path / "restored"
        assert f"{PAPERS:,} papers can be searched" in paperboy(
            capsys, "--data-dir", str(restored), "restore", str(file)
        )
        shutil.rmtree(restored)
    assert "killed" in ends


def test_a_return_that_was_killed_is_begun_anew(
    environment: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random(3)
    file, restored = tmp_path / "backup.tar.gz", tmp_path / "restored"
    paperboy(capsys, "backup", str(file))
    again = ["--data-dir", str(restored), "restore", str(file)]
    ends = []
    for _ in range(3):
        ends.append(run_for(rng.uniform(0.2, 2.5), again, environment))
        if (restored / "paperboy.db").exists():
            paperboy(capsys, "--data-dir", str(restored), "index")
        else:
            assert f"{PAPERS:,} papers can be searched" in paperboy(capsys, *again)
        found = paperboy(capsys, "--data-dir", str(restored), "status")
        assert f"{PAPERS:,} papers, {PAPERS:,} in the index" in found
        shutil.rmtree(restored)
    assert "killed" in ends
