"""Feeds over HTTP: who may read them, and when nothing is sent."""

import re
from collections.abc import AsyncIterator

import feedparser
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.feeds.page import FeedPages
from adapters.http import application
from bot.chat.dispatch import Dispatcher
from bot.commands import registry
from bot.domain.messages import plain_text
from bot.library.app import App
from tests.support.commands import ANA, ask
from tests.support.secret_watch import note
from tests.support.waits import Waits

BASE = "https://papers.example.org"
MAGMA, MEMO = "2601.03236", "2601.08079"


Browser = TestClient[web.Request, web.Application]


@pytest.fixture
def dispatcher(app: App) -> Dispatcher:
    return Dispatcher(registry, app)


@pytest.fixture
async def browser(app: App) -> AsyncIterator[Browser]:
    app.public_url = BASE
    async with TestClient(TestServer(application(FeedPages(app, Waits()).routes()))) as client:
        yield client


async def address(dispatcher: Dispatcher, line: str = "export me feed") -> str:
    """Where a feed is found, as a path."""
    found = re.search(rf"{BASE}(/feeds/([\w-]+)\.atom)", plain_text(await ask(dispatcher, line)))
    assert found, line
    note(found[2])
    return found[1]


async def test_what_is_saved_appears_in_the_feed(browser: Browser, dispatcher: Dispatcher) -> None:
    path = await address(dispatcher)
    await ask(dispatcher, f"save {MAGMA}")
    async with browser.get(path) as answer:
        assert (answer.status, answer.headers["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
        assert answer.headers["Cache-Control"] == "private, max-age=900"
        read = feedparser.parse(await answer.read())
    assert not read.bozo
    assert [entry.link for entry in read.entries] == [f"https://arxiv.org/abs/{MAGMA}"]
    assert read.feed.links[0].href == f"{BASE}{path}"


async def test_a_reader_that_has_it_is_told_that_nothing_changed(browser: Browser, dispatcher: Dispatcher) -> None:
    await ask(dispatcher, f"save {MAGMA}")
    path = await address(dispatcher)
    async with browser.get(path) as first:
        tag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    for headers, status in (
        ({"If-None-Match": tag}, 304),
        ({"If-Modified-Since": modified}, 304),
        ({"If-None-Match": '"another"', "If-Modified-Since": modified}, 200),
        ({"If-Modified-Since": "Thu, 01 Jan 2026 00:00:00 GMT"}, 200),
    ):
        async with browser.get(path, headers=headers) as again:
            assert again.status == status, headers
            assert bool(await again.read()) is (status == 200)
            assert again.headers["ETag"] == tag
    await ask(dispatcher, f"save {MEMO}")
    async with browser.get(path, headers={"If-None-Match": tag, "If-Modified-Since": modified}) as changed:
        assert changed.status == 200


async def test_a_revoked_or_guessed_address_finds_nothing(browser: Browser, dispatcher: Dispatcher, app: App) -> None:
    answer = await ask(dispatcher, "export me feed")
    [revoke] = [button.command for button in answer.buttons]
    path = await address(dispatcher, "export search feed memory")
    first = await address(dispatcher)
    second = await address(dispatcher)
    assert "was revoked before" in plain_text(await ask(dispatcher, revoke)), "another address had taken its place"
    for gone in (first, "/feeds/guessed.atom", "/feeds/.atom"):
        async with browser.get(gone) as found:
            assert found.status == 404
    async with browser.get(second) as found:
        assert found.status == 200
    await app.store.forget_person(await app.store.person(ANA))
    for gone in (second, path):
        async with browser.get(gone) as found:
            assert found.status == 404


async def test_one_address_is_read_so_often_in_an_hour(browser: Browser, dispatcher: Dispatcher) -> None:
    path = await address(dispatcher)
    statuses = []
    for _ in range(122):
        async with browser.get(path) as answer:
            statuses.append(answer.status)
    assert statuses[:120] == [200] * 120
    assert statuses[-1] == 429
    async with browser.get(path) as answer:
        assert 0 < int(answer.headers["Retry-After"]) <= 30
