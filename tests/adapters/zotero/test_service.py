"""Zotero's Web API, spoken with a small Zotero on this machine."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web as server

from adapters.zotero.service import ZoteroWeb
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.domain.zotero import ZoteroCollection
from bot.errors import AskedToWaitError, KeyRefusedError, SourceError
from bot.ports.zotero import Changed, NewItem, ZoteroAccess
from storage.sql.store import SqlStore
from tests.conftest import SAMPLE_ENDS, TickingClock
from tests.support.databases import Sqlite
from tests.support.secret_watch import note
from tests.support.zotero import API_KEY, GROUP, READ_ONLY, USER, FakeZotero

HOME = ZoteroCollection("HOME2345", "Paperboy")


class Machine:
    """A clock that is moved by the sleeps it is asked for."""

    def __init__(self) -> None:
        self.clock = TickingClock(SAMPLE_ENDS)
        self.slept = 0.0

    async def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.clock.moment += timedelta(seconds=seconds)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
async def fake() -> AsyncIterator[FakeZotero]:
    async with FakeZotero().serving() as serving:
        yield serving


@pytest.fixture
async def web(fake: FakeZotero, machine: Machine, sqlite: Sqlite) -> AsyncIterator[ZoteroWeb]:
    async with await SqlStore.open(sqlite.migrated()) as store:
        yield ZoteroWeb(f"{fake.url}/", machine.clock, store, sleep=machine.sleep, contact="lab@example.org")


def paper(number: int, title: str = "A paper") -> Paper:
    return Paper(id=PaperId(f"2601.0000{number}"), title=title)


async def test_a_key_says_what_it_may_do(web: ZoteroWeb) -> None:
    async with web.session(API_KEY) as session:
        assert await session.access() == ZoteroAccess(1000001, "ana", True, frozenset({169947}))
        assert await session.group_name(GROUP) == "Lab of eight"
    async with web.session(READ_ONLY) as session:
        assert await session.access() == ZoteroAccess(1000001, "ana", False)
        with pytest.raises(KeyRefusedError):
            await session.make_collection(USER, HOME)


async def test_a_key_that_is_refused_or_can_be_none_is_told_apart_from_trouble(web: ZoteroWeb) -> None:
    async with web.session(note("wrongKeyOfNobody")) as session:
        with pytest.raises(KeyRefusedError, match="does not let this API key"):
            await session.access()
    with pytest.raises(KeyRefusedError, match="no API key"):
        async with web.session("line\r\nbreak: in a header"):
            pass


async def test_what_changed_is_told_by_versions_and_nothing_where_nothing_did(web: ZoteroWeb, fake: FakeZotero) -> None:
    fake.add("ITEM2345", "One")
    fake.add("ELSE2345", "Two", collections=["HOME2345"], deleted=1)
    fake.collect("HOME2345", "Paperboy")
    async with web.session(API_KEY) as session:
        assert await session.changed(USER, since=0) == Changed({"ITEM2345": 2, "ELSE2345": 3}, 4)
        assert await session.changed(USER, since=2) == Changed({"ELSE2345": 3}, 4)
        assert await session.changed(USER, since=0, collection="HOME2345") == Changed({"ELSE2345": 3}, 4)
        assert await session.changed(USER, since=4) == Changed({}, 4)
        found = {item.key: item for item in await session.items(USER, ["ITEM2345", "ELSE2345", "GONE2345"])}
    assert found.keys() == {"ITEM2345", "ELSE2345"}
    assert found["ELSE2345"].trashed


async def test_what_is_deleted_is_told_since_a_version(web: ZoteroWeb, fake: FakeZotero) -> None:
    fake.add("ITEM2345", "One")
    fake.collect("HOME2345", "Paperboy")
    fake.delete("items", "ITEM2345")
    fake.delete("collections", "HOME2345")
    async with web.session(API_KEY) as session:
        assert await session.deleted(USER, since=3) == (frozenset({"ITEM2345"}), frozenset({"HOME2345"}))
        assert await session.deleted(USER, since=4) == (frozenset(), frozenset({"HOME2345"}))


async def test_all_pages_of_collections_are_read_of_one_version(web: ZoteroWeb, fake: FakeZotero) -> None:
    fake.page = 2
    for number in range(2, 7):
        fake.collect(f"COLL234{number}", f"Number {number}", parent="COLL2342" if number > 2 else False)
    fake.breaks = lambda asked: (
        "start=2" in asked and fake.asked.count(asked) == 1 and not fake.collect("LATE2345", "x")
    )
    async with web.session(API_KEY) as session:
        found = await session.collections(USER)
    assert len(found) == 6
    assert found[1] == ZoteroCollection("COLL2343", "Number 3", "COLL2342")


async def test_items_are_made_once_and_each_says_what_became_of_it(web: ZoteroWeb, fake: FakeZotero) -> None:
    items = [NewItem(f"ITEM234{number}", paper(number), ("HOME2345",)) for number in (2, 3)]
    async with web.session(API_KEY) as session:
        await session.make_collection(USER, HOME)
        await session.make_collection(USER, HOME)
        made = await session.make_items(USER, items[:1])
        assert (made.done, made.version) == (frozenset({"ITEM2342"}), 3)
        long = NewItem("LONG2345", paper(4, "long " * 300), ())
        astray = NewItem("ASTRAY23", paper(5), ("GONE2345",))
        made = await session.make_items(USER, [*items, long, astray])
    assert (made.known, made.done) == (frozenset({"ITEM2342"}), frozenset({"ITEM2343"}))
    assert made.refused == {"LONG2345": "title is too long"}
    assert fake.titles(within="Paperboy") == ["A paper", "A paper"]


async def test_an_item_is_changed_only_as_it_was_read(web: ZoteroWeb, fake: FakeZotero) -> None:
    fake.add("ITEM2345", "One")
    async with web.session(API_KEY) as session:
        [item] = await session.items(USER, ["ITEM2345"])
        assert await session.change(USER, item, {"deleted": 1}) == 3
        assert await session.change(USER, item, {"deleted": 0}) is None, "412"
        fake.delete("items", "ITEM2345")
        assert await session.change(USER, item, {"deleted": 0}) is None, "404"
    assert fake.titles(trashed=True) == []


async def test_a_busy_zotero_is_asked_again_after_what_it_asks_for(
    web: ZoteroWeb, fake: FakeZotero, machine: Machine
) -> None:
    fake.faults = [(429, {"Retry-After": "30"}), (503, {}), (500, {})]
    async with web.session(API_KEY) as session:
        assert (await session.access()).name == "ana"
    assert 30 <= machine.slept < 60
    fake.faults = [(429, {"Retry-After": "3600"})]
    async with web.session(API_KEY) as session:
        with pytest.raises(AskedToWaitError, match="left alone for 3600 s") as caught:
            await session.access()
    assert caught.value.seconds == 3600


@pytest.mark.parametrize("header", ["Retry-After", "Backoff"])
async def test_a_wait_beyond_counting_is_a_long_one(web: ZoteroWeb, fake: FakeZotero, header: str) -> None:
    fake.faults = [(429, {header: "9" * 400})]
    async with web.session(API_KEY) as session:
        with pytest.raises(AskedToWaitError) as caught:
            await session.access()
    assert timedelta(seconds=caught.value.seconds) == timedelta(days=7)


async def test_a_backoff_with_a_good_answer_holds_the_next_request(
    web: ZoteroWeb, fake: FakeZotero, machine: Machine
) -> None:
    fake.headers = {"Backoff": "20"}
    async with web.session(API_KEY) as session:
        await session.access()
        assert machine.slept == 0
        await session.access()
    assert 15 < machine.slept <= 20


async def test_trouble_that_stays_is_told_without_whose_library_it_is(web: ZoteroWeb, fake: FakeZotero) -> None:
    fake.faults = [(500, {})] * 5
    async with web.session(API_KEY) as session:
        with pytest.raises(SourceError, match=r"^Zotero: 500 Internal Server Error \(5 attempts\)$"):
            await session.changed(USER, since=0)
    fake.breaks = lambda _asked: True
    async with web.session(API_KEY) as session:
        with pytest.raises(SourceError, match=r"^Zotero: .*\(5 attempts\)$") as caught:
            await session.changed(USER, since=0)
    assert "1000001" not in str(caught.value)


@pytest.mark.parametrize("body", ["<html>", "[]", '{"userID": "x"}'])
async def test_an_answer_of_no_known_shape_is_trouble(web: ZoteroWeb, fake: FakeZotero, body: str) -> None:
    fake._answered = lambda _request, _body: server.Response(text=body)  # type: ignore[method-assign, assignment]
    async with web.session(API_KEY) as session:
        with pytest.raises(SourceError, match="no known shape"):
            await session.access()
