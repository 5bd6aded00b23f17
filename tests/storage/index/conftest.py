"""An index of its own for each test."""

from pathlib import Path

import pytest

from bot.ports import PaperIndex
from storage.index.disk_index import DiskIndex
from tests.support.index import HashingEncoder


@pytest.fixture
def index(tmp_path: Path) -> PaperIndex:
    return DiskIndex.open(tmp_path / "index", HashingEncoder())
