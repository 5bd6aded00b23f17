"""What a half-typed option may become."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chat.completion import LIMIT, Asker, complete
from bot.chat.dispatch import Dispatcher
from bot.chat.registry import Completion
from bot.commands import registry
from bot.domain.follows import FollowKind
from bot.domain.people import Account
from bot.engine.query import parse_query
from bot.library.app import App
from bot.library.follows import key, read_follow
from tests.support.commands import ANA, PAPERS, ask

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


async def test_a_lab_is_completed_by_its_name_the_most_frequent_first(app: App) -> None:
    labs = await app.library.labs()
    assert len(labs) > LIMIT
    found = await values(app, "follows", f"lab:{labs[0][:4].lower()}")
    assert any(key(labs[0]) == key(value.removeprefix("lab:")) for value in found)
    assert all(read_follow(value).kind is FollowKind.LAB for value in found)
    assert len(await values(app, "follows", "lab:")) == LIMIT


async def test_a_cited_paper_is_completed_by_its_title(app: App) -> None:
    assert (await values(app, "follows", "cited-by:magma"))[0] == f"cited-by:{MAGMA}"
    assert (await values(app, "follows", "cited"))[0] == "cited-by:"
    assert "lab:NAME" in await labels(app, "follows", "la")
    assert "cat:cs.LG" in await values(app, "follows", "cat:cs.l")


async def test_what_is_followed_is_told_to_who_follows_it(app: App) -> None:
    dispatcher = Dispatcher(registry, app)
    await ask(dispatcher, "follow lab:deepmind")
    await ask(dispatcher, "follow channel lab:meta", admin=True)

    async def offered(kind: Completion, account: Account = ANA, **given: str) -> list[str]:
        found = await complete(registry, app, kind, "", Asker(account, PAPERS, given))
        return [choice.value for choice in found]

    assert await offered("followed") == ["lab:deepmind"]
    assert await offered("followed", where="channel") == ["lab:meta"]
    assert await offered("followed here") == ["lab:meta"]
    stranger = Account("console", "ben", "ben")
    assert await offered("followed", stranger) == []
    assert not await app.store.is_known(stranger), "who only types is not kept"
    assert await values(app, "followed", "") == await values(app, "posts", "") == []
