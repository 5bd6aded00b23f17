"""Which files make up the index at this moment: one small file, always replaced as a whole."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, NamedTuple

from bot.errors import IndexBusyError, IndexDamagedError, IndexUnusableError

FORMAT = 5
"""Grows with every change of the files that older code would misread."""

REBUILD = "run `paperboy index --rebuild`"

NAME = "index.json"
BEGUN = "rebuild.json"
"""The manifest of a rebuild, which becomes that of the index when all is written."""

_LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Manifest:
    """A committed state: the directory that holds it and how much of that directory counts.

    `rows` is the length of the arrays, the largest row plus one; `papers` how many of the rows hold a paper; `commit`
    numbers the commits of a generation from 1 on. `lengths` are those of this package's files, in bytes; of the small
    ones `sums` holds a CRC-32 (sums).
    """

    encoder: str
    dim: int
    generation: str = ""
    commit: int = 0
    watermark: int = 0
    rows: int = 0
    papers: int = 0
    lengths: Mapping[str, int] = field(default_factory=dict)
    sums: Mapping[str, int] = field(default_factory=dict)


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


def read(path: Path, name: str = NAME) -> tuple[Stamp, Manifest | None]:
    """The manifest in the index directory `path`, None when nothing was ever committed; `name` may be `BEGUN`.

    Raises IndexDamagedError when it is damaged or of an older format, IndexUnusableError when it is of a newer one.
    """
    try:
        with (path / name).open(encoding="utf-8") as file:
            status = os.fstat(file.fileno())
            known = json.load(file)
            _require_format(path, known.pop("format"))
            return Stamp(status.st_ino, status.st_mtime_ns), _plausible(Manifest(**known))
    except FileNotFoundError:
        return Stamp(), None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise IndexDamagedError(str(path), f"is damaged ({name}: {error})") from error


def _require_format(path: Path, written: int) -> None:
    if written > FORMAT:
        raise IndexUnusableError(f"The index in {path} was written by a newer version of Paperboy; {REBUILD}.")
    if written != FORMAT:
        raise IndexDamagedError(str(path), "was written by another version of Paperboy")


def _plausible(manifest: Manifest) -> Manifest:
    """The manifest, if its values can be what they stand for. Raises ValueError otherwise."""
    numbers = (manifest.dim, manifest.commit, manifest.watermark, manifest.rows, manifest.papers)
    counts = [*numbers, *manifest.lengths.values(), *manifest.sums.values()]
    if not all(isinstance(count, int) and count >= 0 for count in counts) or manifest.papers > manifest.rows:
        raise ValueError("its numbers are impossible")
    if Path(manifest.generation).name != manifest.generation:
        raise ValueError("it names no generation")
    return manifest


def publish(path: Path, manifest: Manifest, name: str = NAME) -> None:
    """Replace a manifest in the index directory `path`; the new state is safe even if the power fails."""
    draft = path / f"{name}.new"
    with draft.open("w", encoding="utf-8") as file:
        json.dump({"format": FORMAT} | asdict(manifest), file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path / name)
    sync_directory(path)


def publish_begun(path: Path) -> None:
    """Let the manifest of a rebuild take the place of the index's, in one step, safe even if the power fails."""
    (path / BEGUN).replace(path / NAME)
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

    Raises IndexBusyError when there is another writer.
    """
    path.mkdir(parents=True, exist_ok=True)
    with (path / _LOCK).open("w") as file:
        if not _locked(file):
            raise IndexBusyError(f"Another process is writing the index in {path}; try again when it is done.")
        yield


@contextmanager
def undisturbed(path: Path) -> Iterator[bool]:
    """Keep writers away from the index directory `path`; False where one is there already.

    Where nothing can be written, nobody is kept away: it is taken for a directory that does not change.
    """
    try:
        file = (path / _LOCK).open("a")
    except OSError:
        file = None
    if file is None:
        yield True
        return
    with file:
        yield _locked(file)


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
