"""What the index keeps of each paper outside tantivy: raw arrays whose position is the paper's row.

A paper that changed is overwritten in place. A row counts only once the commit that first wrote it is published
(`since`), so that what a killed writer left behind is not seen until it is written again.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bot.ports import Filters, Rows, StoredPaper, Vectors
from storage.index import quantization
from storage.index.categories import CategorySets, marks, unwanted, wanted
from storage.index.growing import grow
from storage.index.manifest import Manifest
from storage.index.quantization import BLOCK, Bits, Mask, Quantized
from storage.index.sums import row_sums

if TYPE_CHECKING:
    from storage.index.terms import Terms

NO_DAY = -1
"""The day of a paper whose date is not known."""

_ROTATION = "rotation.npy"
_CHECKED_AT_ONCE = 8_192
_BEING_WRITTEN = 0


def day_number(day: date | None) -> int:
    """A date as the index keeps it: its proleptic Gregorian ordinal."""
    return day.toordinal() if day else NO_DAY


@dataclass(frozen=True, slots=True)
class _Columns:
    """The files of a directory, mapped; `rows` is a multiple of BLOCK, `since` the commit that wrote a row, or 0."""

    values: NDArray[np.int8]
    scales: NDArray[np.float32]
    signs: Bits
    days: NDArray[np.int32]
    sets: NDArray[np.int32]
    since: NDArray[np.int32]
    sums: NDArray[np.uint32]

    @classmethod
    def map(cls, directory: Path, dim: int, rows: int, *, writable: bool = False) -> "_Columns":
        """Map at least `rows` rows; a writer's files grow to hold them."""
        blocks = -(-rows // BLOCK)

        def column(name: str, dtype: type[Any], *shape: int) -> NDArray[Any]:
            return _map(directory / name, np.dtype(dtype), shape, writable=writable)

        return cls(
            values=column("vectors.i8", np.int8, blocks * BLOCK, dim),
            scales=column("scales.f4", np.float32, blocks * BLOCK),
            signs=column("signs.u8", np.uint64, blocks, quantization.sign_words(dim), BLOCK),
            days=column("days.i4", np.int32, blocks * BLOCK),
            sets=column("sets.i4", np.int32, blocks * BLOCK),
            since=column("since.i4", np.int32, blocks * BLOCK),
            sums=column("sums.u4", np.uint32, blocks * BLOCK),
        )

    def sums_of(self, rows: Rows, terms: "Terms", tokens: "Terms") -> NDArray[np.uint32]:
        """What `sums` should hold for some rows, one at least."""
        signs = self.signs[rows // BLOCK, :, rows % BLOCK]
        parts = (rows, self.values[rows], self.scales[rows], signs, self.days[rows], self.sets[rows], self.since[rows])
        fixed = [np.ascontiguousarray(part).reshape(len(rows), -1).view(np.uint8) for part in parts]
        sums = row_sums(np.concatenate(fixed, axis=1), terms.entries(rows), tokens.entries(rows))
        return np.where(sums == _BEING_WRITTEN, 1, sums).astype(np.uint32)

    def flush(self) -> None:
        """Flush what was written to the disk."""
        for column in (self.values, self.scales, self.signs, self.days, self.sets, self.since, self.sums):
            if isinstance(column, np.memmap):
                column.flush()


def _map(path: Path, dtype: np.dtype[Any], shape: tuple[int, ...], *, writable: bool) -> NDArray[Any]:
    size = int(np.prod(shape)) * dtype.itemsize
    if not size:
        return np.zeros(shape, dtype)
    if writable:
        grow(path, size)
    return np.memmap(path, dtype, "r+" if writable else "r", shape=shape)


def holds(mask: Mask, rows: Rows) -> Mask:
    """The values of a mask [n] at some rows; False for rows beyond its end."""
    within = (rows >= 0) & (rows < len(mask))
    within[within] = mask[rows[within]]
    return within


class Arrays:
    """The arrays as of one commit, for reading. Raises OSError and ValueError for files that cannot be right."""

    def __init__(self, directory: Path, manifest: Manifest, categories: CategorySets) -> None:
        columns = _Columns.map(directory, manifest.dim, manifest.rows)
        rows = manifest.rows
        self._columns = columns
        # Plain arrays over the same memory: slices of numpy's memmap class are slow.
        self._stored = Quantized(np.asarray(columns.values)[:rows], np.asarray(columns.scales)[:rows])
        self._signs = np.asarray(columns.signs)
        self._days = np.asarray(columns.days)[:rows]
        self._sets = np.asarray(columns.sets)[:rows]
        since = np.asarray(columns.since)[:rows]
        self._live: Mask = (since > 0) & (since <= manifest.commit)
        self._live.flags.writeable = False
        if np.count_nonzero(self._live) != manifest.papers:
            raise ValueError("since.i4 is not as it was written")
        self._rotation: Vectors = np.load(directory / _ROTATION) if rows else np.eye(manifest.dim, dtype=np.float32)
        self._categories = categories

    def rows(self) -> Rows:
        """The rows that hold a paper."""
        return np.flatnonzero(self._live)

    def unfinished(self) -> Rows:
        """The rows that a killed writer was overwriting; their papers are after the watermark, so they come again."""
        rows = self.rows()
        found: Rows = rows[self._columns.sums[rows] == _BEING_WRITTEN]
        return found

    def require_sums(self, rows: Rows, terms: "Terms", tokens: "Terms") -> None:
        """Raises ValueError when what is kept of the papers in some rows, there or here, is not as it was written."""
        for start in range(0, len(rows), _CHECKED_AT_ONCE):
            some = rows[start : start + _CHECKED_AT_ONCE]
            wrong = some[self._columns.sums_of(some, terms, tokens) != self._columns.sums[some]]
            if len(wrong):
                raise ValueError(f"the paper in row {wrong[0]} is not as it was written")

    def live(self, rows: Rows) -> Mask:
        """Which of some rows hold a paper."""
        return holds(self._live, rows)

    def vectors(self, rows: Rows) -> Vectors:
        """Vectors of papers, [len(rows), dim]; zero for rows without a paper."""
        live = self.live(rows)
        if live.all():
            return self._stored.restore(rows)
        found = np.zeros((len(rows), self._stored.values.shape[1]), np.float32)
        found[live] = self._stored.restore(rows[live])
        return found

    def mask(self, filters: Filters, among: Rows | None) -> Mask:
        """Which rows hold a paper of `among` whose date, categories, sources and journals meet the filters, [n].

        With filters it is the caller's to change.
        """
        if not filters and among is None:
            return self._live
        mask = self._live.copy()
        if among is not None:
            mask[:] = False
            mask[among[self.live(among)]] = True
        if filters.after:
            mask &= self._days >= filters.after.toordinal()
        if filters.before:
            mask &= (self._days < filters.before.toordinal()) & (self._days != NO_DAY)
        for group in wanted(filters):
            mask &= self._marked(group)
        if excluded := unwanted(filters):
            mask &= ~self._marked(excluded)
        return mask

    def _marked(self, keys: Sequence[str]) -> Mask:
        return np.take(self._categories.matching(keys), self._sets, mode="clip")

    def nearest(self, vector: Vectors, limit: int, allowed: Mask) -> tuple[Rows, NDArray[np.float32]]:
        """The allowed rows, [n], nearest to a vector [dim], best first, and their dot products with it."""
        return quantization.nearest(self._stored, self._signs, self._rotation, vector, limit, allowed)


class ArraysWriter:
    """Writes rows that become visible with the commit after `manifest`."""

    def __init__(self, directory: Path, manifest: Manifest, categories: CategorySets) -> None:
        self._directory = directory
        self._dim = manifest.dim
        self._commit = manifest.commit + 1
        self._categories = categories
        since = directory / "since.i4"
        rows = since.stat().st_size // 4 if since.exists() else 1
        self._columns = _Columns.map(directory, self._dim, rows, writable=True)
        # What an earlier writer wrote but did not publish does not count.
        self._columns.since[self._columns.since > manifest.commit] = 0
        self._rotation = self._own_rotation()

    def _own_rotation(self) -> Vectors:
        """The rotation of this directory. It is kept in a file, because another machine might draw another one."""
        path = self._directory / _ROTATION
        if not path.exists():
            with path.open("wb") as file:
                np.save(file, quantization.random_rotation(self._dim))
                file.flush()
                os.fsync(file.fileno())
        rotation: Vectors = np.load(path)
        return rotation

    def holds(self, row: int) -> bool:
        """Whether a row was written before, published or not."""
        return row < len(self._columns.since) and bool(self._columns.since[row])

    def write(self, papers: Sequence[StoredPaper], vectors: Vectors) -> None:
        """Write papers, each row once, whose writing has begun, and their vectors, [len(papers), dim]."""
        rows = np.array([stored.row for stored in papers], np.int64)
        columns = self._columns
        columns.values[rows], columns.scales[rows] = quantization.quantize(vectors)
        columns.signs[rows // BLOCK, :, rows % BLOCK] = quantization.pack(vectors @ self._rotation.T > 0)
        columns.days[rows] = [day_number(stored.paper.published) for stored in papers]
        columns.sets[rows] = self._categories.number(marks(stored.paper) for stored in papers)
        new = rows[columns.since[rows] == 0]
        columns.since[new] = self._commit

    def begin(self, rows: Rows) -> None:
        """Note that rows are being written, until they are sealed."""
        self._reserve(int(rows.max()) + 1)
        self._columns.sums[rows] = _BEING_WRITTEN

    def seal(self, rows: Rows, terms: "Terms", tokens: "Terms") -> None:
        """Write the checksums of rows, when all is written of them."""
        self._columns.sums[rows] = self._columns.sums_of(rows, terms, tokens)

    def _reserve(self, rows: int) -> None:
        if rows > len(self._columns.since):
            self._columns = _Columns.map(self._directory, self._dim, rows, writable=True)

    def flush(self) -> tuple[int, int]:
        """Flush what was written to the disk; returns the length of the arrays and how many rows hold a paper.

        Rows written after this belong to the next commit.
        """
        self._categories.sync()
        self._columns.flush()
        self._commit += 1
        written = np.flatnonzero(self._columns.since)
        return (int(written[-1]) + 1 if len(written) else 0), len(written)
