"""Tags, and what is asked of a list."""

import pytest

from bot.domain.notes import ShelfQuery, read_shelf_query, read_tags
from bot.errors import UserError


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("club", ["club"]),
        ("#To-Read, club; club", ["to-read", "club"]),
        ("größe c++ v1.2", ["größe", "c++", "v1.2"]),
        ("", []),
    ],
)
def test_tags_are_words_in_lower_case(typed: str, tags: list[str]) -> None:
    assert read_tags(typed) == tags


@pytest.mark.parametrize(
    "typed", ["<@U1>", "club/two", "a" * 41, "@everyone", "-", " ".join(f"t{n}" for n in range(21))]
)
def test_what_cannot_be_a_tag_is_refused(typed: str) -> None:
    with pytest.raises(UserError):
        read_tags(typed)


def test_a_query_has_words_and_tags() -> None:
    query = read_shelf_query("graph #Club -#read networks tag:best -tag:old -survey")
    assert query == ShelfQuery("graph networks -survey", ("club", "best"), ("read", "old"))
    assert query.admits(["best", "club", "more"])
    assert not query.admits(["best", "club", "read"])
    assert not query.admits(["best"])


def test_a_list_has_three_orders() -> None:
    assert read_shelf_query("graphs Sort:new") == ShelfQuery("graphs", sort="new")
    with pytest.raises(UserError, match="use `sort:new`, `sort:saves` or `sort:title`"):
        read_shelf_query("sort:best")
