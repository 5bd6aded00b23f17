"""What a half-typed option may become."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chat.completion import LIMIT, complete
from bot.chat.registry import Completion
from bot.commands import registry
from bot.engine.query import parse_query
from bot.library.app import App

MAGMA = "2601.03236"


async def values(app: App, kind: Completion, typed: str) -> list[str]:
    return [choice.value for choice in await complete(registry, app, kind, typed)]


async def labels(app: App, kind: Completion, typed: str) -> list[str]:
    return [choice.label for choice in await complete(registry, app, kind, typed)]


async def test_a_title_is_found_while_its_last_word_is_typed(app: App) -> None:
    title = (await app.library.find(MAGMA)).paper.title
    for length in range(8, len(title), 7):
        assert (await labels(app, "papers", title[:length]))[0] == title


async def test_titles_that_begin_so_come_before_others_the_shortest_first(app: App) -> None:
    titles = await labels(app, "papers", "learn")
    begin = [title.lower().startswith("learn") for title in titles]
    assert begin == sorted(begin, reverse=True)
    assert any(begin)


async def test_what_no_title_has_is_searched_for(app: App) -> None:
    assert MAGMA in await values(app, "papers", "magma author:jiang")
    assert await values(app, "papers", f"https://arxiv.org/abs/{MAGMA}") == [MAGMA]
    assert await values(app, "papers", '" -') == []
    assert await values(app, "papers", "  ") == []


async def test_authors_are_completed_within_a_search(app: App) -> None:
    author = (await app.library.find(MAGMA)).paper.authors[0]
    begun = author[: author.index(" ") + 2]
    for before in ("author:", "memory -author:", 'memory by:"'):
        found = await values(app, "queries", before + begun)
        assert f'{before.rstrip(chr(34))}"{author}"' in found
    query = parse_query(f'memory author:"{author}"')
    assert query.filters.authors == (author,)


async def test_categories_are_completed_by_code_and_by_name(app: App) -> None:
    assert "robots cat:cs.CV" in await values(app, "queries", "robots cat:cs.c")
    assert "cat:cs.LG · Machine Learning" in await labels(app, "topics", "cat:machine lea")
    assert (await values(app, "queries", "cat:"))[0] == "cat:cs"
    assert not [value for value in await values(app, "queries", "cat:hep") if value.startswith("cat:")]


async def test_sources_and_journals_are_completed(app: App) -> None:
    assert "robots source:arxiv" in await values(app, "queries", "robots source:ar")
    assert await values(app, "topics", "source:zz") == []


async def test_fields_and_orders_are_completed(app: App) -> None:
    assert "robots author:" in await values(app, "topics", "robots au")
    assert await values(app, "topics", "robots sort:n") == ["robots sort:new"]
    assert await values(app, "topics", "robots sort:c") == ["robots sort:cited"]
    assert await values(app, "topics", "robots") == []
    assert MAGMA in await values(app, "queries", "magma")


async def test_time_zones_and_commands_are_completed(app: App) -> None:
    assert await values(app, "timezones", "europe/ber") == ["Europe/Berlin"]
    assert "digest topics" in await values(app, "commands", "topic")


typed_text = st.text(max_size=40) | st.builds(
    lambda before, field, value: f"{before} {field}:{value}",
    st.text(max_size=10),
    st.sampled_from(["author", "cat", "by", "sort", "x"]),
    st.text(st.sampled_from('aehjo ,."-:') | st.characters(), max_size=15),
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=typed_text, kind=st.sampled_from(["papers", "queries", "topics", "timezones", "commands"]))
async def test_nothing_typed_breaks_it(app: App, typed: str, kind: Completion) -> None:
    choices = await complete(registry, app, kind, typed)
    assert len(choices) <= LIMIT
    assert all(choice.label and choice.value for choice in choices)
