"""The terms of every paper and how often each occurs in it: kept to compare whole texts.

    terms.u4    the terms of one paper after another, one number each: 20 bits name the term, 12 hold its count
    terms.i8    by row: where a paper's terms begin, and in the lowest 16 bits how many they are

The encoder's tokens are kept in the same way, in `tokens.u4` and `tokens.i8`. The terms of a paper that
changed are written again at the end, and its span is replaced as a whole. What was written after a reader mapped the
file counts as no terms until the reader refreshes.
"""

import os
from functools import cached_property
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.domain.pieces import Pieces, as_numbers
from bot.domain.words import PerPiece
from bot.ports import TERM_SPACE, Rows, TermCounts
from storage.index.growing import grow
from storage.index.sums import Entries
from storage.index.words import terms_of

_COUNT_BITS = 12
_LENGTH_BITS = 16
_LARGEST_COUNT = (1 << _COUNT_BITS) - 1
_SHIFT, _MASK = np.uint32(_COUNT_BITS), np.uint32(_LARGEST_COUNT)
_MOST_TERMS = (1 << _LENGTH_BITS) - 1
_SAMPLED = 1_000


def term_number(term: str) -> int:
    """The number of a term as it is indexed, below TERM_SPACE: a hash, so two terms may rarely share one."""
    return crc32(term.encode()) % TERM_SPACE


class Terms:
    """The terms of papers as of when it was opened, for reading."""

    def __init__(self, directory: Path, kind: str = "terms") -> None:
        self._entries = _mapped(directory / f"{kind}.u4", np.uint32)
        self._spans = _mapped(directory / f"{kind}.i8", np.int64)

    def of(self, rows: Rows) -> TermCounts:
        """The terms of papers, [len(rows)]; none where a row holds no paper."""
        bounds, entries = self.entries(rows)
        return TermCounts(bounds, entries >> _SHIFT, entries & _MASK)

    @cached_property
    def average_length(self) -> float:
        """How many terms a paper has, each as often as it occurs: the mean of a thousand papers; 1 without any."""
        rows = np.flatnonzero(self._spans & _MOST_TERMS)
        papers = self.of(rows[np.linspace(0, len(rows) - 1, min(len(rows), _SAMPLED)).astype(np.int64)])
        return float(papers.counts.sum()) / len(papers) if len(papers) else 1.0

    def entries(self, rows: Rows) -> Entries:
        """The terms of papers as they stand in the file, with where those of each paper begin, [len(rows) + 1]."""
        spans = np.zeros(len(rows), np.int64)
        within = (rows >= 0) & (rows < len(self._spans))
        spans[within] = self._spans[rows[within]]
        starts, lengths = spans >> _LENGTH_BITS, spans & _MOST_TERMS
        lengths[(starts < 0) | (starts + lengths > len(self._entries))] = 0
        bounds = np.concatenate([[0], np.cumsum(lengths)])
        return bounds, self._entries.take(np.arange(bounds[-1]) + np.repeat(starts - bounds[:-1], lengths))


class TermsWriter:
    """Appends the terms of papers."""

    def __init__(self, directory: Path, kind: str = "terms") -> None:
        self._entries_path = directory / f"{kind}.u4"
        self._spans_path = directory / f"{kind}.i8"
        self._entries_path.touch()
        self._length = self._entries_path.stat().st_size // 4
        # A writer that was killed may have left a part of a number.
        os.truncate(self._entries_path, self._length * 4)

    def write(self, rows: Rows, papers: TermCounts) -> None:
        """Write the terms of papers, each row once; at most the first 65,535 of a paper."""
        entries = papers.numbers << _COUNT_BITS | np.minimum(papers.counts, _LARGEST_COUNT)
        with self._entries_path.open("ab") as file:
            file.write(entries.astype(np.uint32).tobytes())
        starts, lengths = self._length + papers.bounds[:-1], np.minimum(np.diff(papers.bounds), _MOST_TERMS)
        self._length += len(entries)
        self._spans(int(rows.max()) + 1)[rows] = starts << _LENGTH_BITS | lengths

    def _spans(self, rows: int) -> NDArray[np.int64]:
        grow(self._spans_path, rows * 8)
        return np.memmap(self._spans_path, np.int64, "r+")

    def flush(self) -> None:
        """Flush what was written to the disk."""
        for path in (self._entries_path, self._spans_path):
            if path.exists():
                with path.open("rb") as file:
                    os.fsync(file.fileno())


def count_terms(texts: Pieces) -> TermCounts:
    """The terms of papers, given the title and the abstract of each, cut into terms."""
    bounds, numbers = texts.numbers(_numbers)
    return TermCounts.of(bounds[::2], numbers)


_numbers = PerPiece(lambda piece: as_numbers(map(term_number, terms_of(piece))), 1 << 18)


def _mapped(path: Path, dtype: type[Any]) -> NDArray[Any]:
    """A file as an array, mapped; empty when there is none. A plain array: numpy's memmap class is slow."""
    size = path.stat().st_size // np.dtype(dtype).itemsize if path.exists() else 0
    return np.asarray(np.memmap(path, dtype, "r", shape=(size,))) if size else np.empty(0, dtype)
