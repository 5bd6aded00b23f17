"""What the tests of commands share."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def folder(sample_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample's data folder; the terminal is wide."""
    monkeypatch.setenv("COLUMNS", "200")
    return shutil.copytree(sample_folder, tmp_path / "data")
