"""Which files make up the index at this moment: one small file, always replaced as a whole."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from bot.errors import IndexUnusableError

FORMAT = 4
"""Grows with every change of the files that older code would misread."""

REBUILD = "run `paperboy index --rebuild`"

NAME = "index.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """A committed state: the directory that holds it and how much of that directory counts.

    `rows` is the length of the arrays, the largest row plus one; `papers` how many of the rows hold a paper; `commit`
    numbers the commits of a generation from 1 on.
    """

    encoder: str
    dim: int
    generation: str = ""
    commit: int = 0
    watermark: int = 0
    rows: int = 0
    papers: int = 0


class Stamp(NamedTuple):
    """Shows whether the manifest has changed, without reading it."""

    inode: int = 0
    modified: int = 0


def stamp(file: Path) -> Stamp:
    """The stamp of the manifest `file`, called `NAME` in every index; `Stamp()` when there is no manifest."""
    try:
        status = file.stat()
    except FileNotFoundError:
        return Stamp()
    return Stamp(status.st_ino, status.st_mtime_ns)


def read(path: Path) -> tuple[Stamp, Manifest | None]:
    """The manifest in the index directory `path`, None when nothing was ever committed.

    Raises IndexUnusableError when it is of another format or damaged.
    """
    try:
        with (path / NAME).open(encoding="utf-8") as file:
            status = os.fstat(file.fileno())
            known = json.load(file)
            if known.pop("format") != FORMAT:
                raise IndexUnusableError(f"The index in {path} was written by another version of Paperboy; {REBUILD}.")
            return Stamp(status.st_ino, status.st_mtime_ns), Manifest(**known)
    except FileNotFoundError:
        return Stamp(), None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise IndexUnusableError(f"{path / NAME} is damaged ({error}); {REBUILD}.") from error


def publish(path: Path, manifest: Manifest) -> None:
    """Replace the manifest in the index directory `path`; the new state is safe even if the power fails."""
    draft = path / f"{NAME}.new"
    with draft.open("w", encoding="utf-8") as file:
        json.dump({"format": FORMAT} | asdict(manifest), file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path / NAME)
    sync_directory(path)


def sync_directory(path: Path) -> None:
    """Flush the names of new files in a directory to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Be the only writer of the index directory `path`; the lock ends with the process, however that ends.

    Raises IndexUnusableError when there is another writer.
    """
    path.mkdir(parents=True, exist_ok=True)
    with (path / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise IndexUnusableError(
                f"Another process is writing the index in {path}; try again when it is done."
            ) from None
        yield
