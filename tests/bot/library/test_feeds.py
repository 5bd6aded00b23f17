"""Addresses of feeds."""

import pytest

from bot.domain.feeds import Collection, Feed
from bot.errors import UserError
from bot.library.app import App
from bot.library.feeds import fingerprint, give_address, read_feed
from tests.support.commands import ANA
from tests.support.secret_watch import note


async def test_only_a_fingerprint_of_an_address_is_kept(app: App) -> None:
    app.public_url = "https://papers.example.org"
    person = await app.store.person(ANA)
    given = await give_address(app, Feed(person, Collection.ME, title="Your saved papers"))
    token = note(given.url.removeprefix("https://papers.example.org/feeds/").removesuffix(".atom"))
    opened = await app.store.opened_feed(fingerprint(token))
    assert opened
    assert opened.fingerprint.startswith(given.key)
    assert token not in repr(opened)
    page = await read_feed(app, opened)
    assert (page.papers, page.updated) == ([], opened.since)


async def test_a_search_that_nobody_understands_gets_no_address(app: App) -> None:
    app.public_url = "https://papers.example.org"
    person = await app.store.person(ANA)
    with pytest.raises(UserError, match="sort:nothing"):
        await give_address(app, Feed(person, Collection.SEARCH, query="sort:nothing x"))
    assert await app.store.count_feeds() == 0
