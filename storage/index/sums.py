"""Whether the files of the index are as they were written: their lengths, and checksums of what they hold.

Small files that only grow, or never change, have a checksum in the manifest. The arrays are overwritten in place, so a
killed writer would leave every checksum of a whole file wrong: there each row has its own, over all that the arrays,
the terms and the tokens hold of its paper, in `sums.u4`. tantivy has its own (segments).
"""

from collections.abc import Mapping
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Entries = tuple[NDArray[np.int64], NDArray[np.uint32]]
"""Numbers of papers, one paper after another: paper i has `entries[bounds[i]:bounds[i + 1]]`."""

UNCHECKED = "unchecked"
"""A file in the directory of a generation while somebody writes there; one that stays tells of an unclean end.

It holds which run of the machine that was: what a killed process wrote stays in the machine's memory and reaches the
disk, so that bytes are lost only where the machine itself went down. Empty, or of another run, all is to be checked.
"""

BOOT = Path("/proc/sys/kernel/random/boot_id")
"""Where Linux tells one run of the machine from every other."""

_SUMMED = ("categories.jsonl", "rotation.npy")


def row_sums(fixed: NDArray[np.uint8], *texts: Entries) -> NDArray[np.uint32]:
    """CRC-32 of each paper, [n]: of its bytes in the arrays, [n, width], then of its numbers in each of `texts`."""
    sums = [crc32(row) for row in np.ascontiguousarray(fixed)]
    for bounds, entries in texts:
        data = entries.tobytes()
        ends = (bounds * 4).tolist()
        sums = [crc32(data[ends[i] : ends[i + 1]], before) for i, before in enumerate(sums)]
    return np.array(sums, np.uint32)


def mark_unchecked(directory: Path, *, boot: Path = BOOT) -> None:
    """Note that somebody may write in this run of the machine. Raises OSError."""
    (directory / UNCHECKED).write_text(_run_of_machine(boot), encoding="ascii")


def mark_doubted(directory: Path) -> None:
    """Note that every opening is to check all there is. Raises OSError."""
    (directory / UNCHECKED).write_bytes(b"")


def is_doubtful(directory: Path, known: Mapping[str, int], *, boot: Path = BOOT) -> bool:
    """Whether all there is should be checked, given the files' lengths.

    So it is when a writer did not come to its end, unless the machine has been running ever since; and when a file is
    longer without a writer, because then it is another file.
    """
    try:
        marked = (directory / UNCHECKED).read_bytes().decode("ascii", "replace")
    except FileNotFoundError:
        return are_longer(directory, known)
    return not marked or marked != _run_of_machine(boot)


def _run_of_machine(boot: Path) -> str:
    """Which run of the machine this is; empty where that is not known."""
    try:
        return boot.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def lengths(directory: Path) -> dict[str, int]:
    """The length in bytes of each file of this package in the directory of a generation."""
    return {file.name: file.stat().st_size for file in directory.iterdir() if file.is_file() and file.name != UNCHECKED}


def file_sums(directory: Path, known: Mapping[str, int]) -> dict[str, int]:
    """CRC-32 of the small files, each up to its length in `known`. Raises OSError when one cannot be read."""
    return {name: _sum(directory / name, known[name]) for name in _SUMMED if name in known}


def require_lengths(directory: Path, known: Mapping[str, int], sums: Mapping[str, int]) -> None:
    """Raises OSError or ValueError when a file is gone or shorter than in `known`, or a small one has another sum.

    A file that is longer is one that a writer is adding to, or was when it was killed.
    """
    for name, length in known.items():
        if (directory / name).stat().st_size < length:
            raise ValueError(f"{name} is shorter than it was")
    for name, found in file_sums(directory, known).items():
        if found != sums.get(name):
            raise ValueError(f"{name} is not as it was written")


def are_longer(directory: Path, known: Mapping[str, int]) -> bool:
    """Whether any file is longer than in `known`: by a writer, or because it is another file."""
    return any((directory / name).stat().st_size > length for name, length in known.items())


def _sum(file: Path, length: int) -> int:
    with file.open("rb") as opened:
        return crc32(opened.read(length))
