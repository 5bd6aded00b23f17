"""How categories are matched, and numbered on disk."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.index.categories import CategorySets, category_keys


def sets(directory: Path) -> CategorySets:
    opened = CategorySets(directory)
    opened.refresh()
    return opened


@pytest.mark.parametrize(
    ("categories", "keys"),
    [
        (("cs.LG", "cs.CL"), ("cs", "cs.cl", "cs.lg")),
        ((" Math-PH ",), ("math-ph",)),
        (("hep-th", "hep-th"), ("hep-th",)),
        (("", " "), ()),
    ],
)
def test_a_paper_is_found_by_its_categories_and_their_archives(
    categories: tuple[str, ...], keys: tuple[str, ...]
) -> None:
    assert category_keys(categories) == keys


def test_one_set_of_categories_has_one_number_however_it_is_written(tmp_path: Path) -> None:
    numbers = sets(tmp_path).number([("cs.LG", "cs.CL"), ("CS.CL", "cs.lg"), ("math.AG",)])
    assert numbers[0] == numbers[1] != numbers[2]


def test_numbers_mean_the_same_to_whoever_opens_them_later(tmp_path: Path) -> None:
    writer = sets(tmp_path)
    [first, second] = writer.number([("cs.LG",), ("math.AG",)])
    writer.sync()
    reader = sets(tmp_path)
    assert reader.matching(["cs"]).tolist() == [number == first for number in (first, second)] + [False]
    assert list(reader.number([("math.AG",), ("cs.LG",)])) == [second, first]


def test_a_reader_reads_on_where_it_stopped(tmp_path: Path) -> None:
    writer, reader = sets(tmp_path), sets(tmp_path)
    assert reader.matching(["cs.LG"]).tolist() == [False]
    writer.number([("cs.LG",)])
    writer.sync()
    assert reader.matching(["cs.lg "]).tolist() == [True, False]


def test_half_a_line_is_left_for_later(tmp_path: Path) -> None:
    path = tmp_path / "categories.jsonl"
    path.write_text('["cs", "cs.lg"]\n["math", "ma')
    reader = sets(tmp_path)
    assert reader.matching(["cs", "math"]).tolist() == [True, False]
    path.write_text('["cs", "cs.lg"]\n["math", "math.ag"]\n')
    assert reader.matching(["math.AG"]).tolist() == [False, True, False]


@given(st.lists(st.sampled_from(["cs.LG", "cs.CL", "math.AG", "math", "stat.ML"])))
def test_keys_are_sorted_and_do_not_depend_on_order(categories: list[str]) -> None:
    keys = category_keys(tuple(categories))
    assert keys == tuple(sorted(set(keys))) == category_keys(tuple(categories[::-1]))
    assert {category.lower() for category in categories} <= set(keys)
