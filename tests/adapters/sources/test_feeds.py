import pytest

from adapters.sources.feeds import from_settings
from bot.config import Settings
from bot.ports import Batch, PaperSource
from tests.support.sources.world import Collect, FakeClock, ReplayServer, Reply


def feed(*numbers: int, **headers: str) -> Reply:
    items = "".join(
        f"<item><title>Invented cells {number}</title><link>https://example.org/{number}</link></item>"
        for number in numbers
    )
    return Reply(f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>', headers=headers)


@pytest.fixture
def source(server: ReplayServer, settings: Settings, clock: FakeClock) -> PaperSource:
    feeds = (f"{server.url}/one", f"{server.url}/two")
    return from_settings(settings.model_copy(update={"feeds": feeds}), clock, clock.sleep)


async def read(source: PaperSource, cursor: str = "") -> list[Batch]:
    return [batch async for batch in source.batches(since=None, cursor=cursor)]


async def test_every_feed_is_read(server: ReplayServer, source: PaperSource) -> None:
    server.script("/one", feed(1, 2))
    server.script("/two", feed(3))
    batches = await read(source)
    assert [[paper.id for paper in batch.papers] for batch in batches] == [
        ["web:example.org/1", "web:example.org/2"],
        ["web:example.org/3"],
    ]
    assert {paper.source for batch in batches for paper in batch.papers} == {"feeds"}


async def test_a_feed_that_lists_the_same_is_not_read_again(server: ReplayServer, source: PaperSource) -> None:
    server.script("/one", feed(1, ETag='"v1"'))
    server.script("/two", feed(3))
    cursor = (await read(source))[-1].cursor
    server.script("/one", Reply(status=304))
    batches = await read(source, cursor)
    assert server.asked[-2].headers["If-None-Match"] == '"v1"'
    assert [list(batch.papers) for batch in batches] == [[], []]
    server.script("/one", feed(1, 2))
    assert len((await read(source, batches[-1].cursor))[0].papers) == 2


async def test_a_feed_that_cannot_be_read_does_not_hold_up_the_others(
    server: ReplayServer, source: PaperSource, collect: Collect
) -> None:
    server.script("/one", Reply("<html></html>"))
    server.script("/two", feed(3))
    batches, error = await collect(source)
    assert len(batches[0].papers) == 1
    assert "/one: neither RSS nor Atom (5 attempts)" in error


async def test_a_feed_that_breaks_its_reader_does_not_hold_up_the_others(
    server: ReplayServer, source: PaperSource, collect: Collect
) -> None:
    server.script("/one", Reply('<rss version="2.0"><channel><gml:pos>1 2</gml:pos></channel></rss>'))
    server.script("/two", feed(3))
    batches, error = await collect(source)
    assert len(batches[0].papers) == 1
    assert "/one: an answer of no known shape (KeyError" in error


async def test_a_feed_that_sends_one_elsewhere_is_not_followed(
    server: ReplayServer, source: PaperSource, collect: Collect
) -> None:
    server.script("/one", Reply(status=302, headers={"Location": "http://127.0.0.2:1/inside"}))
    server.script("/two", feed(3))
    _, error = await collect(source)
    assert "redirected to http://127.0.0.2:1, no host of this source" in error


async def test_without_feeds_the_setting_is_named(settings: Settings, clock: FakeClock) -> None:
    [batch] = await read(from_settings(settings, clock, clock.sleep))
    assert batch.notes == ("nothing to read: PAPERBOY_FEEDS is empty",)


async def test_a_cursor_of_another_kind_starts_anew(server: ReplayServer, source: PaperSource) -> None:
    server.script("/one", feed(1))
    server.script("/two", feed(3))
    assert len((await read(source, "17"))[0].papers) == 1
