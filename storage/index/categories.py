"""Categories, sources and venues of papers: how they are matched, and numbers for the sets of them that papers have."""

import json
import os
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from bot.domain.categories import called
from bot.domain.paper_ids import is_arxiv
from bot.domain.papers import Paper, PaperKind, venue_key
from bot.ports import Filters


@lru_cache(maxsize=4_096)
def category_keys(categories: tuple[str, ...]) -> tuple[str, ...]:
    """The keys that find a paper in these categories, sorted: each category and its archive, in lower case.

    >>> category_keys(("cs.LG", "cs.CL"))
    ('cs', 'cs.cl', 'cs.lg')
    """
    names = map(category_key, categories)
    return tuple(sorted({key for name in names for key in (name, name.partition(".")[0]) if key}))


def category_key(category: str) -> str:
    """A category as it is looked up; those that are no codes of arXiv may be written with `-` and `_`.

    >>> category_key("hep-TH"), category_key("cell_biology")
    ('hep-th', 'cell biology')
    """
    key = category.strip().lower()
    return key if called(key) or ":" in key else " ".join(re.split(r"[\s_-]+", key))


def marks(paper: Paper) -> tuple[str, ...]:
    """What a paper is found by beside its text: its categories, its sources and where it was published."""
    server = paper.venue if paper.kind == PaperKind.PREPRINT else ""
    sources = (paper.source, "arxiv" if is_arxiv(paper.id) else "", server)
    return (*paper.categories, *map(_source, filter(None, sources)), *_venues(paper))


def wanted(filters: Filters) -> list[tuple[str, ...]]:
    """The keys that filters ask for; of each group one must match."""
    groups = (
        tuple(map(category_key, filters.categories)),
        tuple(map(_source, filters.sources)),
        tuple(map(_venue, filters.journals)),
    )
    return [group for group in groups if group]


def unwanted(filters: Filters) -> tuple[str, ...]:
    """The keys that filters exclude."""
    return (
        *map(category_key, filters.not_categories),
        *map(_source, filters.not_sources),
        *map(_venue, filters.not_journals),
    )


def _source(name: str) -> str:
    return f"source:{name.strip().lower()}"


def _venue(name: str) -> str:
    return f"journal:{venue_key(name)}"


def _venues(paper: Paper) -> list[str]:
    """The venue; of a conference also its beginning (`iclr`, `iclr 2025`), since what comes after it varies."""
    words = venue_key(paper.venue).split()
    if paper.kind == PaperKind.CONFERENCE:
        return [_venue(" ".join(words[:length])) for length in range(1, len(words) + 1)]
    return [_venue(paper.venue)] if words else []


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
            having = self._having.get(category_key(category), [])
            flags[[number for number in having if number < len(flags) - 1]] = True
        return flags

    def number(self, papers: Iterable[tuple[str, ...]]) -> NDArray[np.int32]:
        """The numbers of the category sets of papers; new sets are written to the file. Only the writer calls it."""
        keys = list(map(category_keys, papers))
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
