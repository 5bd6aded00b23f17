"""Making room in files that are written through memory."""

import errno
import os
from pathlib import Path

_CANNOT = {errno.EINVAL, errno.EOPNOTSUPP}


def grow(path: Path, size: int) -> None:
    """Let a file have at least `size` bytes, the new ones zero; it is created where there is none.

    Raises OSError where the disk has no room for them: whoever writes through memory to a file with holes in it is
    killed (SIGBUS) when the disk is full.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        before = os.fstat(descriptor).st_size
        if before < size:
            _allocate(descriptor, before, size)
    finally:
        os.close(descriptor)


def _allocate(descriptor: int, before: int, size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        try:
            os.posix_fallocate(descriptor, before, size - before)
        except OSError as error:
            os.truncate(descriptor, before)  # A part may have been made.
            if error.errno not in _CANNOT:
                raise
        else:
            return
    os.truncate(descriptor, size)
