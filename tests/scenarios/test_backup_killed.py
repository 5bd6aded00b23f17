"""Backups and their return are killed at random moments."""

import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.cli import main
from tools.kill import PAPERBOY, run_for, write_papers

pytestmark = pytest.mark.long

PAPERS = 1_000


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    file = write_papers(tmp_path / "papers.jsonl", 1, PAPERS, random.Random(1))
    assert main(["--data-dir", str(tmp_path / "data"), "import", str(file)]) == 0
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PAPERBOY_")}
    return inherited | {"PAPERBOY_DATA_DIR": str(tmp_path / "data")}


def paperboy(environment: dict[str, str], *arguments: str) -> str:
    """What a command that must work says."""
    done = subprocess.run([*PAPERBOY, *arguments], env=environment, check=True, capture_output=True, text=True)
    return done.stdout


def test_a_backup_is_whole_or_not_there(environment: dict[str, str], tmp_path: Path) -> None:
    rng = random.Random(2)
    ends = []
    for number in range(3):
        file = tmp_path / f"{number}.tar.gz"
        ends.append(run_for(rng.uniform(0.2, 1.5), ["backup", str(file)], environment))
        if not file.exists():
            paperboy(environment, "backup", str(file))
        restored = tmp_path / "restored"
        assert f"{PAPERS:,} papers can be searched" in paperboy(
            environment, "--data-dir", str(restored), "restore", str(file)
        )
        shutil.rmtree(restored)
    assert "killed" in ends


def test_a_return_that_was_killed_is_begun_anew(environment: dict[str, str], tmp_path: Path) -> None:
    rng = random.Random(3)
    file, restored = tmp_path / "backup.tar.gz", tmp_path / "restored"
    paperboy(environment, "backup", str(file))
    again = ["--data-dir", str(restored), "restore", str(file)]
    ends = []
    for _ in range(3):
        ends.append(run_for(rng.uniform(0.2, 2.5), again, environment))
        if (restored / "paperboy.db").exists():
            paperboy(environment, "--data-dir", str(restored), "index")
        else:
            assert f"{PAPERS:,} papers can be searched" in paperboy(environment, *again)
        found = paperboy(environment, "--data-dir", str(restored), "status")
        assert f"{PAPERS:,} papers, {PAPERS:,} in the index" in found
        shutil.rmtree(restored)
    assert "killed" in ends
