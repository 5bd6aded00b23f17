"""Pages of a list in command lines."""

import pytest

from bot.chat.paging import names_page, split_page, with_page


@pytest.mark.parametrize(
    ("line", "split"),
    [
        ("search cats --page 2", ("search cats", 2)),
        ("search cats --page 0", ("search cats", 1)),
        ("search cats --page 12  ", ("search cats", 12)),
        ("search cats", ("search cats", None)),
        ("search the --page 2 option", ("search the --page 2 option", None)),
        ("search cats --page 1234", ("search cats --page 1234", None)),
    ],
)
def test_a_line_ends_with_its_page_or_names_none(line: str, split: tuple[str, int | None]) -> None:
    assert split_page(line) == split
    assert names_page(line) == (split[1] is not None)


def test_a_page_put_on_a_line_comes_off_again() -> None:
    assert split_page(with_page("similar 2601.00001", 3)) == ("similar 2601.00001", 3)
