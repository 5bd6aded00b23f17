"""What the tests of commands share."""

import shutil
from pathlib import Path

import pytest

from bot.chat.dispatch import Dispatcher
from bot.commands import registry
from bot.library.app import App


@pytest.fixture
def folder(sample_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample's data folder; the terminal is wide, and no service is asked."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("PAPERBOY_LOOKUP", "off")
    return shutil.copytree(sample_folder, tmp_path / "data")


@pytest.fixture
def dispatcher(app: App) -> Dispatcher:
    """Every command, over the bundled sample."""
    return Dispatcher(registry, app)
