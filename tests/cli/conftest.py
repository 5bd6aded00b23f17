"""What the tests of the command line share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog


@pytest.fixture
def folder(sample_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample's data folder; the terminal is wide, and no settings of the machine count."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return shutil.copytree(sample_folder, tmp_path / "data")


@pytest.fixture(autouse=True)
def _log_of_the_command() -> Iterator[None]:
    """A command sends log lines to the standard error of its own test, which later tests must not write to."""
    yield
    structlog.reset_defaults()
