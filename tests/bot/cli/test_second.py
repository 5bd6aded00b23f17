"""The second process of a large import."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.bootstrap import load_encoder, open_app
from bot.cli.second import Second, expected_of
from bot.config import Settings
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.library.app import App
from bot.library.ingest import update_index
from bot.ports import Batch, Saved
from storage.index.disk_index import DiskIndex

NOW = datetime(2026, 1, 19, tzinfo=UTC)


async def store(opened: App, first: int, last: int) -> Saved:
    papers = [Paper(id=PaperId(f"test:{n}"), title=f"The paper of number {n}") for n in range(first, last)]
    return await opened.store.save_batch("test", Batch(papers=papers), now=NOW)


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: {0, 1}, raising=False)


@pytest.mark.usefixtures("two_cores")
async def test_what_a_large_import_stores_is_indexed_by_a_second_process(tmp_path: Path) -> None:
    counts: list[int] = []
    given: list[bool] = []
    made = Second(tmp_path, begins_at=30, give_way=lambda: given.append(True))
    async with open_app(Settings(data_dir=tmp_path), create=True) as opened, made as second:
        second.stored(await store(opened, 0, 20), 0.1)
        assert await second.end(counts.append) == 0
        assert given == []
        second.stored(await store(opened, 20, 31), 0.5)  # Another file: its counts begin anew.
        await store(opened, 31, 40)
        assert await second.end(counts.append) == 40
        assert counts[-1] == 40
        assert given == [True]
        assert (len(opened.index), opened.index.watermark) == (40, await opened.store.last_revision())


def test_somewhat_fewer_papers_are_expected_than_the_first_of_a_file_suggest() -> None:
    assert expected_of(5_000, 0.01) == 475_000
    assert expected_of(5_000, 0) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has priorities of threads")
async def test_all_threads_of_the_first_process_give_way_and_new_ones_too() -> None:
    script = """
import asyncio, os, threading
from bot.cli.second import give_way_to_second
def mine():
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
async def main():
    await asyncio.to_thread(mine)  # A thread that waits for more.
    give_way_to_second()
    print(mine(), await asyncio.to_thread(mine))
os.nice(3)
asyncio.run(main())
"""
    ended = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=PIPE)
    told, _ = await ended.communicate()
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert told.split() == [str(max(10, min(own + 3, 19))).encode()] * 2


@pytest.mark.usefixtures("two_cores")
async def test_a_second_process_that_cannot_write_the_index_leaves_all_of_it_to_the_first(tmp_path: Path) -> None:
    async with open_app(Settings(data_dir=tmp_path), create=True) as opened, Second(tmp_path, begins_at=1) as second:
        with DiskIndex.open(tmp_path / "index", load_encoder()).writer():
            second.stored(await store(opened, 0, 20), 0.1)
            assert await second.end(lambda count: None) == 0


async def test_a_second_process_ends_with_its_input_when_all_that_is_stored_is_indexed(tmp_path: Path) -> None:
    async with open_app(Settings(data_dir=tmp_path), create=True) as opened:
        await store(opened, 0, 20)
        command = [sys.executable, "-m", "bot", "--data-dir", str(tmp_path), "index", "--beside-import", "0"]
        ended = await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=PIPE)
        told, _ = await ended.communicate()
        assert (told, ended.returncode) == (b"20\n", 0)
        assert len(opened.index) == 20


async def test_a_second_process_whose_first_was_killed_ends_and_leaves_the_index_to_the_next(tmp_path: Path) -> None:
    async with open_app(Settings(data_dir=tmp_path), create=True) as opened:
        await store(opened, 0, 20)
        command = [sys.executable, "-m", "bot", "--data-dir", str(tmp_path), "index", "--beside-import", "0"]
        nobody, out = os.pipe()
        os.close(nobody)
        ended = await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=out, stderr=PIPE)
        os.close(out)
        await ended.communicate()
        assert ended.returncode != 0
        assert len(opened.index) == 0
        assert await update_index(opened.store, opened.index) == 20
