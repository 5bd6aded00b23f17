"""What is kept of each paper in raw arrays."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bot.ports import Filters, StoredPaper, Vectors
from storage.index.arrays import NO_DAY, Arrays, ArraysWriter, day_number, holds
from storage.index.categories import CategorySets
from storage.index.manifest import Manifest
from tests.support.index import stored

DIM = 64
EMPTY = Manifest("given", DIM)
JUNE = date(2024, 6, 1)


def one_direction(number: int) -> Vectors:
    vector = np.zeros(DIM, np.float32)
    vector[number] = 1
    return vector


def write(directory: Path, papers: Iterable[StoredPaper], after: Manifest = EMPTY) -> Manifest:
    """Write papers, each in the direction of its row, as the commit after a manifest."""
    writer = ArraysWriter(directory, after, CategorySets(directory))
    papers = list(papers)
    writer.write(papers, np.stack([one_direction(paper.row) for paper in papers]))
    rows, count = writer.flush()
    return replace(after, commit=after.commit + 1, rows=rows, papers=count)


def read(directory: Path, manifest: Manifest) -> Arrays:
    return Arrays(directory, manifest, CategorySets(directory))


def rows(arrays: Arrays, filters: Filters) -> list[int]:
    found: list[int] = np.flatnonzero(arrays.mask(filters, None)).tolist()
    return found


def test_rows_without_a_paper_are_none(tmp_path: Path) -> None:
    manifest = write(tmp_path, [stored(2, "Two"), stored(5, "Five")])
    arrays = read(tmp_path, manifest)
    assert (manifest.rows, manifest.papers) == (6, 2)
    assert arrays.rows().tolist() == [2, 5]
    assert arrays.live(np.array([-1, 2, 3, 99])).tolist() == [False, True, False, False]


def test_vectors_come_back_and_are_zero_where_there_is_no_paper(tmp_path: Path) -> None:
    arrays = read(tmp_path, write(tmp_path, [stored(2, "Two"), stored(5, "Five")]))
    found = arrays.vectors(np.array([5, 4, 2]))
    assert found == pytest.approx(np.stack([one_direction(5), np.zeros(DIM, np.float32), one_direction(2)]))


def test_what_was_never_published_stays_out_of_sight_and_can_be_written_again(tmp_path: Path) -> None:
    first = write(tmp_path, [stored(1, "One")])
    write(tmp_path, [stored(2, "Two")], after=first)  # its manifest is lost
    assert read(tmp_path, replace(first, rows=3)).rows().tolist() == [1]
    again = write(tmp_path, [stored(3, "Three")], after=first)
    assert read(tmp_path, again).rows().tolist() == [1, 3]


def test_dates_and_categories_are_filters(tmp_path: Path) -> None:
    papers = [
        stored(1, "Old", published=date(1991, 8, 14), categories=("cs.LG",)),
        stored(2, "New", published=JUNE, categories=("math.AG",)),
        stored(3, "Undated", categories=("cs.LG", "math.AG")),
    ]
    arrays = read(tmp_path, write(tmp_path, papers))
    assert rows(arrays, Filters(after=JUNE)) == [2]
    assert rows(arrays, Filters(before=JUNE)) == [1]
    assert rows(arrays, Filters(categories=("cs",))) == [1, 3]
    assert rows(arrays, Filters(not_categories=("math.AG",))) == [1]
    assert np.flatnonzero(arrays.mask(Filters(), np.array([3, 77]))).tolist() == [3]


def test_the_nearest_of_the_allowed_rows_are_found(tmp_path: Path) -> None:
    arrays = read(tmp_path, write(tmp_path, [stored(row, "x") for row in range(1, 20)]))
    found, scores = arrays.nearest(one_direction(7), 1, arrays.mask(Filters(), None))
    assert (found.tolist(), scores.tolist()) == ([7], [pytest.approx(1.0, abs=0.01)])
    found, _ = arrays.nearest(one_direction(7), 1, arrays.mask(Filters(), np.array([3])))
    assert found.tolist() == [3]


def test_days_are_numbers_and_an_unknown_one_is_before_all_others() -> None:
    assert day_number(None) == NO_DAY < day_number(date(1, 1, 1)) < day_number(JUNE)


def test_a_mask_says_nothing_of_rows_beyond_it() -> None:
    assert holds(np.array([True, False]), np.array([0, 1, 2, -1])).tolist() == [True, False, False, False]
