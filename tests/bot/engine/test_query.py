"""What a typed search means."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.query import filters_typed, parse_query, unknown_fields
from bot.errors import QueryError
from bot.ports import Filters


def test_free_text_is_what_is_ranked_by() -> None:
    query = parse_query("  retrieval  augmented generation ")
    assert (query.text, query.filters, query.sort) == ("retrieval augmented generation", Filters(), "relevance")


def test_fields_become_filters_and_leave_the_text() -> None:
    query = parse_query('diffusion author:ho by:"pieter abbeel" cat:cs.LG cat:stat after:2019 before:2021-06 sort:new')
    assert query.text == "diffusion"
    assert query.filters.authors == ("ho", "pieter abbeel")
    assert query.filters.categories == ("cs.LG", "stat")
    assert (query.filters.after, query.filters.before) == (date(2019, 1, 1), date(2021, 6, 1))
    assert query.sort == "new"


def test_sources_and_journals_are_filters_too() -> None:
    query = parse_query('source:biorxiv journal:"nature medicine" venue:iclr -source:arxiv -journal:nature sort:cited')
    assert (query.text, query.sort) == ("", "cited")
    assert (query.filters.sources, query.filters.journals) == (("biorxiv",), ("nature medicine", "iclr"))
    assert (query.filters.not_sources, query.filters.not_journals) == (("arxiv",), ("nature",))


def test_phrases_rank_and_filter() -> None:
    query = parse_query('"chain of thought" prompting')
    assert query.filters.phrases == ("chain of thought",)
    assert query.text == "chain of thought prompting"


def test_a_minus_excludes() -> None:
    query = parse_query('gan -video -"style transfer" -author:karras -cat:cs.CV')
    assert query.text == "gan"
    assert query.filters.excluded == ("video", "style transfer")
    assert query.filters.not_authors == ("karras",)
    assert query.filters.not_categories == ("cs.CV",)


def test_a_hyphen_inside_a_word_excludes_nothing() -> None:
    assert parse_query("state-of-the-art few-shot").filters == Filters()


def test_typographic_quotes_and_unclosed_quotes_are_understood() -> None:
    assert parse_query("“chain of thought”").filters.phrases == ("chain of thought",)
    assert parse_query('"chain of thought').filters.phrases == ("chain of thought",)


@pytest.mark.parametrize("typed", ["2310.06825v2", "https://arxiv.org/abs/2310.06825", "arXiv:2310.06825"])
def test_an_id_or_a_link_names_a_paper(typed: str) -> None:
    assert parse_query(typed).paper_ids == ("2310.06825",)


@pytest.mark.parametrize(
    "typed",
    [
        "[2310.06825]",
        "2310.06825?",
        "2310.06825 diffusion",
        "see https://arxiv.org/abs/2310.06825v2",
        "[Mistral](https://arxiv.org/abs/2310.06825)",
        "ARXIV.ORG/ABS/2310.06825",
    ],
)
def test_an_id_or_a_link_names_a_paper_wherever_it_stands(typed: str) -> None:
    assert parse_query(typed).paper_ids == ("2310.06825",)


def test_a_known_field_is_never_an_id() -> None:
    assert parse_query("cat:cs.LG").paper_ids == ()
    assert parse_query("author:ho").filters.authors == ("ho",)


def test_a_field_may_have_a_space_behind_it() -> None:
    assert parse_query("agents after: 2024 author: niu -cat: cs.CV") == parse_query(
        "agents after:2024 author:niu -cat:cs.CV"
    )
    assert parse_query("hereafter: more").text == "hereafter: more"


def test_an_unknown_field_is_text() -> None:
    assert parse_query("about re:invent and more").text == "about re:invent and more"


def test_a_link_in_the_middle_is_text() -> None:
    assert "https://example.org/x" in parse_query("compare https://example.org/x today").text


@pytest.mark.parametrize(
    ("typed", "teaches"),
    [
        ("", "Say what to look for"),
        ("-video", "Say what to look for"),
        ("x after:soon", "after:2024-05"),
        ("x before:2024-13", "is not a date"),
        ("x after:2024-02-30", "is not a date"),
        ("x after:2025 before:2024", "Swap the two dates?"),
        ("x after:2024 before:2024", "`before` is exclusive; name a later day."),
        ("x sort:best", "sort:new"),
        ("x -after:2024", "drop the minus: `after:2024`"),
        ("x -since:2024", "drop the minus: `since:2024`"),
        ("x -before:2024", "drop the minus: `before:2024`"),
        ("x -sort:new", "drop the minus: `sort:new`"),
    ],
)
def test_mistakes_are_answered_with_what_to_write(typed: str, teaches: str) -> None:
    with pytest.raises(QueryError, match=teaches):
        parse_query(typed)


def test_the_parts_that_keep_papers_out_are_named_as_they_were_typed() -> None:
    typed = "robots  author: ho cat:cs.RO “two words” –video sort:new foo:bar before:2024/1"
    assert filters_typed(typed) == ["author:ho", "cat:cs.RO", '"two words"', "-video", "before:2024/1"]
    assert filters_typed("robots sort:new") == []


def test_a_word_that_is_only_a_little_like_a_field_is_none() -> None:
    assert unknown_fields("science: progress, and note: this") == {}
    assert unknown_fields("x" * 13 + ":y") == {}


@given(st.text() | st.text(alphabet='ab"-: .\n\\cat:author:after:2024'))
def test_any_text_is_understood_or_answered(typed: str) -> None:
    try:
        query = parse_query(typed)
    except QueryError as error:
        assert str(error)
    else:
        assert query.text or query.filters or query.paper_ids


@pytest.mark.parametrize("typed", ["„graph learning“", "«graph learning»", "“graph learning”", "「graph learning」"])
def test_the_quotes_of_any_language_make_a_phrase(typed: str) -> None:
    assert parse_query(typed).filters.phrases == ("graph learning",)


@pytest.mark.parametrize("typed", ["graph –video", "graph —video", "graph −video"])
def test_the_dash_of_a_phone_excludes_a_word(typed: str) -> None:
    assert parse_query(typed).filters.excluded == ("video",)
    assert parse_query("graph – video").filters.excluded == ()


def test_a_date_may_have_slashes_or_dots() -> None:
    assert parse_query("after:2024/01/16").filters.after == date(2024, 1, 16)
    assert parse_query("after:2024.1").filters.after == date(2024, 1, 1)


def test_the_words_of_a_query_are_those_that_no_phrase_demands_already() -> None:
    assert parse_query('molecules "graph neural" -survey graph cat:cs.LG').words == "molecules graph"
    assert parse_query('"graph neural" -survey').words == ""
    assert parse_query("graph neural").words == "graph neural"
