"""A second process that indexes the papers of a large import while the first one still reads and stores them.

The first begins it as `paperboy index --beside-import PAPERS`, about so many being expected, and holds its standard
input open for as long as papers come. When that closes, the second indexes what is left and ends. It writes how many
papers it has added, a number a line; where nobody reads that any more, because the first was killed, it ends at once,
and the next import or `paperboy index` goes on from its last commit.
"""

import asyncio
import os
import sys
import threading
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.ports import Saved
from bot.runtime.cores import cores

_BEGINS_AT = 5_000
"""New papers of an import from which on the time saved is worth the memory of a second process."""

_GIVES_WAY = 10
"""The priority ("nice") of the first process from then on: a tenth of the usual share where both want a core."""

_CAUTIOUS = 0.95
"""Fewer papers are expected than the first ones suggest: one commit too many leaves the index in two parts, one too few
in fourteen."""

_PAUSE = 0.5
"""Seconds between two looks for papers."""

_MEMORY = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(128 << 20),
}
"""How glibc gives memory to the second process.

One heap for all threads: one for each would take more memory than the time they save is worth. What large arrays are
made in is kept for the next ones: to get it from the system again, page by page, takes time.
"""


class Second:
    """The second process, which is begun once enough papers are stored. An async context manager."""

    def __init__(
        self, data_dir: Path, *, begins_at: int = _BEGINS_AT, give_way: Callable[[], None] = lambda: None
    ) -> None:
        """`give_way` is called when the second process has begun."""
        self._data_dir = data_dir
        self._begins_at = begins_at
        self._give_way = give_way
        self._new = 0
        self._before = 0
        self._beginning: asyncio.Task[Process] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for it also where the import failed: it has begun to write."""
        await self.end(lambda count: None)

    def stored(self, saved: Saved, read: float) -> None:
        """Be told of what one file has come to so far, and what part of it is read, 0 where nobody knows."""
        if saved.new < self._new:
            self._before += self._new
        self._new = saved.new
        if self._before + self._new >= self._begins_at and self._beginning is None and cores() > 1:
            self._beginning = asyncio.create_task(self._begin(self._before + expected_of(self._new, read)))

    async def _begin(self, expected: int) -> Process:
        command = [sys.executable, "-m", "bot", "--data-dir", str(self._data_dir), "index"]
        command += ["--beside-import", str(expected)]
        # Whatever stops it, the first process then indexes what is left, and tells what stops that.
        environment = {**os.environ, **_MEMORY}
        begun = await asyncio.create_subprocess_exec(*command, env=environment, stdin=PIPE, stdout=PIPE, stderr=DEVNULL)
        self._give_way()
        return begun

    async def end(self, indexed: Callable[[int], None]) -> int:
        """Wait until all that is stored is in the index, and say how many papers it added; `indexed` is called too."""
        if self._beginning is None:
            return 0
        process, self._beginning = await self._beginning, None
        assert process.stdin
        assert process.stdout
        process.stdin.close()
        count = 0
        async for line in process.stdout:
            count = int(line)
            indexed(count)
        await process.wait()
        return count


def expected_of(new: int, read: float) -> int:
    """How many papers to expect of a file that had so many in the part of it that is read; 0 where nobody knows."""
    return int(_CAUTIOUS * new / read) if read else 0


def give_way_to_second() -> None:
    """Let the second process have a core where there are not enough for all: the import takes as long as it does.

    Three threads are busy then: this one's, the second's, and tantivy's. Only Linux has priorities of threads.
    """
    if sys.platform == "linux":
        for thread in threading.enumerate():
            if thread.native_id is not None:
                with suppress(OSError):
                    now = os.getpriority(os.PRIO_PROCESS, thread.native_id)
                    os.setpriority(os.PRIO_PROCESS, thread.native_id, max(now, _GIVES_WAY))


def papers_of_first() -> Callable[[], Awaitable[bool]]:
    """For the second process: what waits for more papers of the first, and is False when there will be none."""
    ended = asyncio.get_running_loop().run_in_executor(None, sys.stdin.buffer.read)

    async def more() -> bool:
        await asyncio.wait({ended}, timeout=_PAUSE)
        return not ended.done()

    return more


def print_count(count: int) -> None:
    """For the second process: tell the first how many papers are indexed."""
    sys.stdout.write(f"{count}\n")
    sys.stdout.flush()
