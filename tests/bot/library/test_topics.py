"""Which texts can be a topic."""

import pytest

from bot.domain.people import Topic
from bot.errors import QueryError, UserError
from bot.library.topics import LONGEST_TOPIC, read_topic, read_topics


def test_a_topic_is_read_with_its_spaces_folded() -> None:
    assert read_topic("  protein \n folding ") == Topic("protein folding")
    assert read_topic("crypto", wanted=False) == Topic("crypto", wanted=False)


@pytest.mark.parametrize("typed", ["  ", "x" * (LONGEST_TOPIC + 1)])
def test_an_empty_or_endless_topic_is_refused(typed: str) -> None:
    with pytest.raises(UserError, match="A topic has from 1 to 200 characters"):
        read_topic(typed)


def test_a_topic_that_is_no_query_is_refused_as_a_search_is() -> None:
    with pytest.raises(QueryError):
        read_topic("diffusion after:yesterday")


def test_commas_outside_of_quotes_part_topics() -> None:
    assert [topic.text for topic in read_topics('robots, "graphs, trees"; crypto', wanted=False)] == [
        "robots",
        '"graphs, trees"',
        "crypto",
    ]


def test_a_list_of_topics_has_an_end() -> None:
    with pytest.raises(UserError, match="at most 5,000 characters"):
        read_topics("a," * 100_000)


@pytest.mark.parametrize(
    ("typed", "topic"),
    [
        ('"graph neural" -survey cat:cs.LG as graphs', Topic('"graph neural" -survey cat:cs.LG', name="graphs")),
        ('folding as "protein folding"', Topic("folding", name="protein folding")),
        ("cat:cs.LG AS Proteins", Topic("cat:cs.LG", name="Proteins")),
        ('"models as agents"', Topic('"models as agents"')),
        ("models as good agents", Topic("models as good agents")),
        ("language models as agents", Topic("language models as agents")),
        ('graph neural networks as "graphs"', Topic("graph neural networks", name="graphs")),
        ('"as is" as "it is', Topic('"as is" as "it is')),
    ],
)
def test_a_topic_may_be_a_query_with_a_name_behind_it(typed: str, topic: Topic) -> None:
    assert read_topic(typed) == topic
    assert read_topic(topic.typed) == topic


def test_what_a_topic_excludes_never_comes_first_since_a_minus_in_front_blocks() -> None:
    assert read_topic('-survey -"position paper" graphs neural as "g"') == Topic(
        'graphs neural -survey -"position paper"', name="g"
    )


def test_what_cannot_be_a_name_is_refused() -> None:
    with pytest.raises(UserError, match="cannot be a name"):
        read_topic('graphs as "cat:x"')
