"""Posts with names."""

import pytest

from bot.domain.destinations import Destination
from bot.domain.named_posts import of_post, read_name, topics_of_post
from bot.domain.people import Place, Topic
from bot.errors import UserError

HERE = Place("discord", "1", "2", "#papers")
NO_CRYPTO = Topic("crypto", wanted=False)


@pytest.mark.parametrize(
    ("typed", "name"), [(" robotics ", "robotics"), ('"protein  folding"', "protein folding"), ("“C++”", "C++")]
)
def test_a_name_is_read_without_its_quotes(typed: str, name: str) -> None:
    assert read_name(typed) == name


@pytest.mark.parametrize("typed", ["", "  ", "09:00", "cat:cs.RO", "-survey", "a#b", "x" * 41, "`rm`"])
def test_what_would_be_taken_for_something_else_is_no_name(typed: str) -> None:
    with pytest.raises(UserError, match="cannot be a name"):
        read_name(typed)


def test_a_post_is_about_its_own_topics_else_the_one_of_its_name_else_its_name() -> None:
    graphs = Topic('"graph neural" -survey', name="Graphs")
    shared = [Topic("diffusion"), graphs, NO_CRYPTO]
    assert topics_of_post("robotics", [], []) == [Topic("robotics")]
    assert topics_of_post("graphs", [], shared) == [graphs, NO_CRYPTO]
    assert topics_of_post("diffusion", [], shared) == [Topic("diffusion"), NO_CRYPTO]
    assert topics_of_post("graphs", [Topic("trees")], shared) == [Topic("trees"), NO_CRYPTO]
    assert topics_of_post("graphs", [Topic("trees", wanted=False)], shared) == [
        graphs,
        Topic("trees", wanted=False),
        NO_CRYPTO,
    ]


def test_each_post_of_a_place_has_a_key_of_its_own_and_what_was_shown_is_kept_for_all() -> None:
    first, named, own = (
        Destination(place=HERE),
        Destination(place=HERE, post="Robotics"),
        Destination(place=HERE, post="robotics", person=7),
    )
    assert (first.key, named.key) == (HERE.key, f"{HERE.key}#robotics")
    assert first.owner == named.owner == HERE.key
    assert (own.owner, own.topics_owner) == ("person:7", own.key)
    assert (of_post(first), of_post(Destination(place=HERE, post="a b"))) == ("", ' post "a b"')
