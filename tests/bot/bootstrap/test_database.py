"""The database as a whole."""

from pathlib import Path
from typing import Any

from bot.bootstrap import (
    migrate,
    schema_versions,
)
from bot.config import Settings


def loaded(data_dir: Path, **changed: Any) -> Settings:
    return Settings(_env_file=None, data_dir=data_dir, **changed)


async def test_asking_for_the_version_of_a_database_does_not_make_one(tmp_path: Path) -> None:
    settings = loaded(tmp_path)
    version, newest = await schema_versions(settings)
    assert version is None
    assert not (tmp_path / "paperboy.db").exists()
    await migrate(settings)
    await migrate(settings)
    assert await schema_versions(settings) == (newest, newest)
