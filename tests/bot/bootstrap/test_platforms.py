"""The platforms that are set up, and what is served."""

from pathlib import Path
from typing import Any

from bot.bootstrap import open_metrics, open_platforms
from bot.config import Settings
from bot.library.app import App


def loaded(data_dir: Path, **changed: Any) -> Settings:
    return Settings(_env_file=None, data_dir=data_dir, **changed)


async def test_nothing_is_served_where_nothing_is_set_up(app: App, tmp_path: Path) -> None:
    assert open_metrics(loaded(tmp_path), app) is None
    async with open_platforms(loaded(tmp_path), app) as connected:
        assert (dict(connected.platforms), connected.server) == ({}, None)


async def test_figures_alone_are_served_too(app: App, tmp_path: Path) -> None:
    async with open_platforms(loaded(tmp_path, metrics_secret="metrics-hidden"), app) as connected:
        assert connected.platforms == {}
        assert connected.server is not None
