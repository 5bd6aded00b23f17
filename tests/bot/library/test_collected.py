"""What files and feeds are made of."""

from itertools import pairwise

import pytest

from bot.chat.dispatch import Dispatcher
from bot.commands import registry
from bot.domain.feeds import Collection, Feed
from bot.errors import QueryError
from bot.library.app import App
from bot.library.collected import MOST_LISTED, papers_of
from tests.support.commands import ANA, PAPERS, ask

MAGMA, MEMO = "2601.03236", "2601.08079"


async def ids(app: App, collection: Collection, place: str = "", query: str = "") -> list[str]:
    person = await app.store.person(ANA)
    return [kept.stored.paper.id for kept in await papers_of(app, Feed(person, collection, place, query))]


async def test_a_list_has_what_was_saved_and_a_channels_what_was_saved_there(app: App) -> None:
    dispatcher = Dispatcher(registry, app)
    await ask(dispatcher, f"save {MAGMA} to club")
    await ask(dispatcher, f"save {MEMO}")
    assert await ids(app, Collection.ME) == [MEMO, MAGMA]
    assert await ids(app, Collection.ME, query="#club") == [MAGMA]
    assert await ids(app, Collection.CHANNEL, PAPERS.key) == [MEMO, MAGMA]
    assert await ids(app, Collection.CHANNEL, "console:terminal:#other") == []
    assert await ids(app, Collection.POSTS, PAPERS.key) == []


async def test_a_search_has_the_newest_first_and_an_end(app: App) -> None:
    person = await app.store.person(ANA)
    found = await papers_of(app, Feed(person, Collection.SEARCH, query="cat:cs.CL"))
    assert 20 < len(found) <= MOST_LISTED
    days = [kept.stored.paper.published for kept in found]
    assert all(one and other and one >= other for one, other in pairwise(days))
    assert all(kept.at.tzinfo for kept in found)


async def test_a_search_for_a_paper_that_is_not_here_finds_nothing(app: App) -> None:
    assert await ids(app, Collection.SEARCH, query="2699.00001") == []
    with pytest.raises(QueryError):
        await ids(app, Collection.SEARCH, query="sort:nothing x")
