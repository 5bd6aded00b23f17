"""Files that their owner alone may read."""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@contextmanager
def private_files() -> Iterator[None]:
    """For the time of a block, new files and folders are for their owner alone."""
    before = os.umask(_OTHERS)
    try:
        yield
    finally:
        os.umask(before)


def keep_private(paths: Iterable[Path]) -> None:
    """Take files and folders away from others, as far as they are ours: earlier versions let others read them."""
    for path in readable_by_others(paths):
        with suppress(OSError):
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~_OTHERS)


def readable_by_others(paths: Iterable[Path]) -> list[Path]:
    """Those of some files and folders that are there and that others may read."""
    return [path for path in paths if path.exists() and path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH)]
