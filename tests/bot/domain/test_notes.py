"""Tags, and what is asked of a list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.notes import ShelfQuery, list_name, read_shelf_query, read_tags
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


def test_the_name_of_a_collection_elsewhere_becomes_a_tag() -> None:
    names = ["Reading group!", "2024/Graphs & nets", "été", "c++", "!!!", "x" * 60]
    assert [list_name(name) for name in names] == [
        "reading-group",
        "2024-graphs-nets",
        "été",
        "c++",
        "",
        "x" * 40,
    ]


@given(st.text(max_size=60))
def test_every_name_of_a_list_can_be_typed_as_a_tag_and_stays_as_it_is(name: str) -> None:
    if tag := list_name(name):
        assert read_tags(tag) == [tag]
        assert list_name(tag) == tag
