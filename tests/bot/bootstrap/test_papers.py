"""Where papers come from."""

from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap import (
    paper_sources,
)
from bot.config import Settings
from bot.errors import UserError


def loaded(data_dir: Path, **changed: Any) -> Settings:
    return Settings(_env_file=None, data_dir=data_dir, **changed)


def test_a_source_nobody_knows_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nonesuch"):
        paper_sources(loaded(tmp_path), ["nonesuch"])
