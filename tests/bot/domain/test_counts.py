"""Counts as people write them."""

import pytest

from bot.domain.counts import compact, counted, size_in_words


@pytest.mark.parametrize(("count", "expected"), [(1, "1 paper"), (0, "0 papers"), (1204, "1,204 papers")])
def test_what_is_counted_agrees_in_number(count: int, expected: str) -> None:
    assert counted(count, "paper") == expected


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0"), (950, "950"), (1000, "1k"), (1234, "1.2k"), (34_000, "34k"), (1_100_000, "1.1M")]
)
def test_large_counts_are_written_short(count: int, text: str) -> None:
    assert compact(count) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1.0 kB"),
        (12_345_678, "12.3 MB"),
        (999_990_000, "1.0 GB"),
        (10**15, "1000.0 TB"),
    ],
)
def test_sizes_are_written_with_their_unit(size: int, text: str) -> None:
    assert size_in_words(size) == text
