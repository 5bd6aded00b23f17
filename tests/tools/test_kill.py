"""A handful of kills at random moments; `tools/kill.py` does more of them."""

import random
from pathlib import Path

import pytest

from tools.kill import daily_papers, torture

pytestmark = pytest.mark.long


def test_killed_at_random_moments_nothing_is_lost(tmp_path: Path) -> None:
    with daily_papers() as url:
        assert torture(tmp_path, url, random.Random(3), rounds=5, papers=4_000) == []
