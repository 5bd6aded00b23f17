"""What a half-typed option may become."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chat.completion import LIMIT, complete
from bot.chat.registry import Completion
from bot.commands import registry
from bot.domain.categories import called, written
from bot.engine.query import parse_query
from bot.library.library import Library

MAGMA = "2601.03236"


async def values(library: Library, kind: Completion, typed: str) -> list[str]:
    return [choice.value for choice in await complete(registry, library, kind, typed)]


async def labels(library: Library, kind: Completion, typed: str) -> list[str]:
    return [choice.label for choice in await complete(registry, library, kind, typed)]


async def test_a_title_is_found_while_its_last_word_is_typed(library: Library) -> None:
    title = (await library.find(MAGMA)).paper.title
    for length in range(8, len(title), 7):
        assert (await labels(library, "papers", title[:length]))[0] == title


async def test_titles_that_begin_so_come_before_others_the_shortest_first(library: Library) -> None:
    titles = await labels(library, "papers", "learn")
    begin = [title.lower().startswith("learn") for title in titles]
    assert begin == sorted(begin, reverse=True)
    assert any(begin)


async def test_what_no_title_has_is_searched_for(library: Library) -> None:
    assert MAGMA in await values(library, "papers", "magma author:jiang")
    assert await values(library, "papers", f"https://arxiv.org/abs/{MAGMA}") == [MAGMA]
    assert await values(library, "papers", '" -') == []
    assert await values(library, "papers", "  ") == []


async def test_authors_are_completed_within_a_search(library: Library) -> None:
    author = (await library.find(MAGMA)).paper.authors[0]
    begun = author[: author.index(" ") + 2]
    for before in ("author:", "memory -author:", 'memory by:"'):
        found = await values(library, "queries", before + begun)
        assert f'{before.rstrip(chr(34))}"{author}"' in found
    query = parse_query(f'memory author:"{author}"')
    assert query.filters.authors == (author,)


async def test_categories_are_completed_by_code_and_by_name(library: Library) -> None:
    assert "robots cat:cs.CV" in await values(library, "queries", "robots cat:cs.c")
    assert "cat:cs.LG · Machine Learning" in await labels(library, "topics", "cat:machine lea")
    assert (await values(library, "queries", "cat:"))[0] == "cat:cs"
    assert not [value for value in await values(library, "queries", "cat:hep") if value.startswith("cat:")]


async def test_fields_and_orders_are_completed(library: Library) -> None:
    assert "robots author:" in await values(library, "topics", "robots au")
    assert await values(library, "topics", "robots sort:n") == ["robots sort:new"]
    assert await values(library, "topics", "robots") == []
    assert MAGMA in await values(library, "queries", "magma")


async def test_time_zones_and_commands_are_completed(library: Library) -> None:
    assert await values(library, "timezones", "europe/ber") == ["Europe/Berlin"]
    assert "digest topics" in await values(library, "commands", "topic")


@pytest.mark.parametrize(("key", "code", "name"), [("cs.lg", "cs.LG", "Machine Learning"), ("my.own", "my.own", "")])
def test_categories_are_written_as_arxiv_does(key: str, code: str, name: str) -> None:
    assert (written(key), called(key)) == (code, name)


typed_text = st.text(max_size=40) | st.builds(
    lambda before, field, value: f"{before} {field}:{value}",
    st.text(max_size=10),
    st.sampled_from(["author", "cat", "by", "sort", "x"]),
    st.text(st.sampled_from('aehjo ,."-:') | st.characters(), max_size=15),
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=typed_text, kind=st.sampled_from(["papers", "queries", "topics", "timezones", "commands"]))
async def test_nothing_typed_breaks_it(library: Library, typed: str, kind: Completion) -> None:
    choices = await complete(registry, library, kind, typed)
    assert len(choices) <= LIMIT
    assert all(choice.label and choice.value for choice in choices)
