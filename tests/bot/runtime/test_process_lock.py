"""On SQLite one process does everything; a second one is sent away, and the lock goes with its holder."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from bot.config import Settings
from bot.errors import UserError
from bot.runtime.process_lock import process_lock

HOLDER = """
import asyncio, sys
from pathlib import Path
from bot.config import Settings
from bot.runtime.process_lock import process_lock

async def main():
    async with process_lock(Settings(_env_file=None, data_dir=Path(sys.argv[1]))):
        print("held", flush=True)
        sys.stdin.read()

asyncio.run(main())
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path / "data")


async def test_a_second_run_on_the_same_data_is_told_what_to_do_instead(settings: Settings) -> None:
    async with process_lock(settings):
        with pytest.raises(UserError, match=r"already runs on .*data\. .*set PAPERBOY_DATABASE_URL"):
            async with process_lock(settings):
                raise AssertionError("there are two")


async def test_processes_on_data_of_their_own_do_not_shut_each_other_out(settings: Settings, tmp_path: Path) -> None:
    async with process_lock(settings), process_lock(Settings(_env_file=None, data_dir=tmp_path / "other")):
        assert (tmp_path / "other" / "run.lock").exists()


async def test_the_next_run_may_begin_when_the_first_has_ended(settings: Settings) -> None:
    for _ in range(2):
        async with process_lock(settings):
            assert (settings.data_dir / "run.lock").exists()


async def test_a_process_that_is_killed_leaves_no_lock_behind(settings: Settings) -> None:
    command = [sys.executable, "-c", HOLDER, str(settings.data_dir)]
    holder = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
    assert holder.stdout
    assert await holder.stdout.readline() == b"held\n"
    with pytest.raises(UserError, match="already runs"):
        async with process_lock(settings):
            raise AssertionError("there are two")
    holder.kill()
    await holder.communicate()
    async with process_lock(settings):
        pass


async def test_on_postgresql_any_number_of_processes_run(settings: Settings) -> None:
    shared = Settings(_env_file=None, data_dir=settings.data_dir, database_url="postgresql://host/papers")
    async with process_lock(shared), process_lock(shared):
        assert not settings.data_dir.exists()
