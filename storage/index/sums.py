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
"""A file in the directory of a generation while somebody writes there; one that stays tells of an unclean end."""

_SUMMED = ("categories.jsonl", "rotation.npy")


def row_sums(fixed: NDArray[np.uint8], *texts: Entries) -> NDArray[np.uint32]:
    """CRC-32 of each paper, [n]: of its bytes in the arrays, [n, width], then of its numbers in each of `texts`."""
    sums = [crc32(row) for row in np.ascontiguousarray(fixed)]
    for bounds, entries in texts:
        data = entries.tobytes()
        ends = (bounds * 4).tolist()
        sums = [crc32(data[ends[i] : ends[i + 1]], before) for i, before in enumerate(sums)]
    return np.array(sums, np.uint32)


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
