"""Categories of papers: how they are matched, and numbers for the sets of categories that papers have."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray


def category_keys(categories: Iterable[str]) -> list[str]:
    """The keys that find a paper in these categories, sorted: each category and its archive, in lower case.

    >>> category_keys(["cs.LG", "cs.CL"])
    ['cs', 'cs.cl', 'cs.lg']
    """
    names = [category.strip().lower() for category in categories]
    return sorted({key for name in names for key in (name, name.partition(".")[0]) if key})


class CategorySets:
    """The distinct sets of category keys that occur, numbered in order of appearance.

    A few thousand sets are enough for millions of papers. They are in a file of JSON lines that only grows, so a number
    always means the same set, and a reader continues where it stopped.
    """

    def __init__(self, directory: Path) -> None:
        self._path = directory / "categories.jsonl"
        self._read = 0
        self._count = 0
        self._having: dict[str, list[int]] = {}
        self._number: dict[tuple[str, ...], int] = {}
        self._reading = Lock()

    def refresh(self) -> None:
        """Read what was written since the last time, up to the last whole line."""
        if not self._path.exists():
            return
        with self._reading, self._path.open("rb") as file:
            file.seek(self._read)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                self._read += len(line)
                self._learn(tuple(json.loads(line)))

    def _learn(self, keys: tuple[str, ...]) -> None:
        for key in keys:
            self._having.setdefault(key, []).append(self._count)
        self._number[keys] = self._count
        self._count += 1

    def matching(self, categories: Iterable[str]) -> NDArray[np.bool_]:
        """Which sets contain any of the categories, [count + 1]; the last value is for sets not known yet.

        The file is read only here: most searches name no category, and the first answer should be quick.
        """
        self.refresh()
        flags = np.zeros(self._count + 1, np.bool_)
        for category in categories:
            having = self._having.get(category.strip().lower(), [])
            flags[[number for number in having if number < len(flags) - 1]] = True
        return flags

    def number(self, papers: Iterable[Iterable[str]]) -> NDArray[np.int32]:
        """The numbers of the category sets of papers; new sets are written to the file. Only the writer calls it."""
        keys = [tuple(category_keys(categories)) for categories in papers]
        if new := [one for one in dict.fromkeys(keys) if one not in self._number]:
            self._write(new)
        return np.array([self._number[one] for one in keys], np.int32)

    def _write(self, new: list[tuple[str, ...]]) -> None:
        with self._path.open("ab") as file:
            # An unfinished line of a killed writer is overwritten.
            file.truncate(self._read)
            for keys in new:
                self._read += file.write(json.dumps(keys).encode() + b"\n")
                self._learn(keys)

    def sync(self) -> None:
        """Flush the file to the disk."""
        with self._path.open("ab") as file:
            os.fsync(file.fileno())
