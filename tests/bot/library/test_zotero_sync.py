"""A library of Zotero and what is saved here, kept in step both ways."""

from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.zotero.service import ZoteroWeb
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.domain.people import FeedbackAct, FeedbackKind, Place, person_key
from bot.engine.encoder import StaticEncoder
from bot.library.zotero import Zotero
from bot.ports import Batch
from storage.index.disk_index import DiskIndex
from storage.sql.store import SqlStore
from tests.conftest import SAMPLE_ENDS, TickingClock
from tests.support.databases import KEY, Sqlite
from tests.support.stored_people import ANA, BEN
from tests.support.zotero import API_KEY, GROUP, USER, FakeZotero

NAMES = ("First of three papers", "Second of three papers", "Third of three papers")
IDS = [PaperId(f"2601.0000{number}") for number in (1, 2, 3)]
ONE, TWO, THREE = NAMES
ROOM = Place("slack", "T1", "C1", "#papers")


async def _slept(_seconds: float) -> None:
    """Nobody waits in tests."""


@dataclass
class Lab:
    """Ana with her library, and a channel with that of its group."""

    store: SqlStore
    clock: TickingClock
    fake: FakeZotero
    zotero: Zotero
    ana: int

    async def save(self, *numbers: int, place: str = "", person: int = 0) -> None:
        for number in numbers:
            await self._say(number, place, person, present=True)

    async def unsave(self, *numbers: int) -> None:
        for number in numbers:
            await self.store.withdraw(self.ana, IDS[number - 1], FeedbackKind.SAVE, at=self.clock.now())

    async def _say(self, number: int, place: str, person: int, *, present: bool) -> None:
        act = FeedbackAct(
            person or self.ana, IDS[number - 1], FeedbackKind.SAVE, present, self.clock.now(), place=place
        )
        await self.store.give_feedback(act)

    async def saved(self) -> list[str]:
        ids = [each.paper_id for each in await self.store.feedback_of(self.ana) if each.kind is FeedbackKind.SAVE]
        return sorted(stored.paper.title for stored in await self.store.papers(ids))

    async def turn(self, *, error: str = "", owner: str = "") -> None:
        ended = await self.zotero.sync(owner or person_key(self.ana))
        assert ended
        assert ended.error == error

    async def tags(self, number: int) -> list[str]:
        return (await self.store.shelf(person_key(self.ana))).tags.get(IDS[number - 1], [])


@pytest.fixture
async def lab(sqlite: Sqlite, encoder: StaticEncoder, tmp_path: Path) -> AsyncIterator[Lab]:
    async with (
        await SqlStore.open(sqlite.migrated(), keys=[KEY]) as store,
        FakeZotero().serving() as fake,
    ):
        yield await a_lab(store, DiskIndex.open(tmp_path / "index", encoder), fake)


async def a_lab(store: SqlStore, index: DiskIndex, fake: FakeZotero) -> Lab:
    clock = TickingClock(SAMPLE_ENDS)
    papers = [
        Paper(id=paper_id, title=title, authors=("Ada Example",)) for paper_id, title in zip(IDS, NAMES, strict=True)
    ]
    await store.save_batch("test", Batch(papers=papers), now=clock.now())
    service = ZoteroWeb(fake.url, clock, store, sleep=_slept)
    zotero = Zotero(store, index, clock, lambda: service)
    ana = await store.person(ANA)
    return Lab(store, clock, fake, zotero, ana)


@pytest.fixture
async def connected(lab: Lab) -> Lab:
    """Ana's whole library is connected."""
    await lab.zotero.connect(lab.ana, API_KEY)
    return lab


@pytest.fixture
async def chosen(lab: Lab) -> Lab:
    """The collection `Reading` of Ana's library is connected."""
    lab.fake.collect("READ2345", "Reading")
    await lab.zotero.connect(lab.ana, API_KEY, collection="reading")
    return lab


async def test_what_is_saved_here_appears_there_in_a_collection_of_its_own(connected: Lab) -> None:
    await connected.save(1, 2)
    await connected.turn()
    assert connected.fake.titles(within="Paperboy") == [ONE, TWO]
    item = connected.fake.item(ONE)
    assert (item["itemType"], item["archiveID"]) == ("preprint", "arXiv:2601.00001")
    assert item["creators"] == [{"creatorType": "author", "firstName": "Ada", "lastName": "Example"}]


async def test_what_is_added_there_is_saved_here_and_what_is_no_paper_is_not(connected: Lab) -> None:
    connected.fake.add("ITEM2345", "A paper from Zotero", date="2020-03-04", url="https://arxiv.org/abs/2003.00001")
    connected.fake.add("PAGE2345", "A page from Zotero", itemType="webpage")
    connected.fake.add("NOTE2345", "A note on it", itemType="note", parentItem="ITEM2345")
    connected.fake.add("KNOWN234", "Whatever it is called there", archiveID="arXiv:2601.00003")
    await connected.turn()
    assert await connected.saved() == ["A paper from Zotero", THREE]
    assert connected.fake.titles(within="Paperboy") == [], "it is in the library already"


async def test_a_turn_without_news_changes_nothing_and_asks_little(connected: Lab) -> None:
    connected.fake.add("ITEM2345", "A paper from Zotero")
    await connected.save(1)
    await connected.turn()
    await connected.turn()
    connected.fake.asked.clear()
    before = connected.fake.libraries[USER].version
    await connected.turn()
    assert [each.split("?")[0] for each in connected.fake.asked] == [
        f"GET /{USER}/collections",
        f"GET /{USER}/items/top",
    ]
    assert connected.fake.libraries[USER].version == before


async def test_an_unsave_puts_what_paperboy_made_into_the_trash_and_a_save_brings_it_back(connected: Lab) -> None:
    await connected.save(1)
    await connected.turn()
    await connected.unsave(1)
    await connected.turn()
    assert (connected.fake.titles(), connected.fake.titles(trashed=True)) == ([], [ONE])
    await connected.save(1)
    await connected.turn()
    assert (connected.fake.titles(within="Paperboy"), connected.fake.titles(trashed=True)) == ([ONE], [])
    connected.fake.delete("items", connected.fake.item(ONE)["key"])
    await connected.turn()
    await connected.unsave(1)
    await connected.turn()
    await connected.save(1)
    await connected.turn()
    assert connected.fake.titles(within="Paperboy") == [ONE], "one that is gone for good is made anew"


async def test_a_paper_keeps_its_citation_key_whatever_is_saved_again(connected: Lab) -> None:
    connected.zotero._citation_key = "{author}"
    keys = ["Citation Key: example", "Citation Key: example-2", "Citation Key: example-3"]

    async def step(act: Awaitable[None]) -> None:
        await act
        await connected.turn()

    await step(connected.save(1, 2))
    await step(connected.unsave(1))
    connected.fake.delete("items", connected.fake.item(ONE)["key"])
    await connected.turn()
    await step(connected.save(2, 3))
    assert [connected.fake.item(title)["extra"] for title in (TWO, THREE)] == keys[1:]
    await step(connected.save(1))
    assert [connected.fake.item(title)["extra"] for title in NAMES] == keys


async def test_nothing_that_somebody_touched_is_put_into_the_trash(connected: Lab) -> None:
    await connected.save(1, 2, 3)
    await connected.turn()
    connected.fake.add(connected.fake.item(ONE)["key"], extra="My own words")
    connected.fake.add("NOTE2345", "note", itemType="note", parentItem=connected.fake.item(TWO)["key"])
    connected.fake.add("MINE2345", "A paper from Zotero")
    await connected.turn()
    await connected.unsave(1, 2, 3)
    mine = [each.paper_id for each in await connected.store.feedback_of(connected.ana)]
    await connected.store.withdraw(connected.ana, mine[0], FeedbackKind.SAVE, at=connected.clock.now())
    await connected.turn()
    assert connected.fake.titles(trashed=True) == [THREE]
    assert connected.fake.titles() == sorted(["A paper from Zotero", ONE, TWO, "note"])
    assert connected.fake.titles(within="Paperboy") == []
    assert await connected.saved() == [], "what stays there is not saved again"
    connected.fake.add("MINE2345", extra="changed")
    await connected.turn()
    assert await connected.saved() == []


async def test_a_removal_there_takes_back_what_came_from_there_alone(connected: Lab) -> None:
    connected.fake.add("ITEM2345", "A paper from Zotero")
    connected.fake.add("ELSE2345", "Another paper from Zotero")
    await connected.save(1)
    await connected.turn()
    connected.fake.add("ITEM2345", deleted=1)
    connected.fake.delete("items", "ELSE2345")
    connected.fake.add(connected.fake.item(ONE)["key"], deleted=1)
    await connected.turn()
    assert await connected.saved() == [ONE], "what was saved here stays"
    await connected.turn()
    assert connected.fake.titles() == [], "and is not put there again"
    connected.fake.add("ITEM2345", deleted=0)
    await connected.turn()
    assert await connected.saved() == ["A paper from Zotero", ONE], "out of the trash it is saved again"


async def test_a_paper_with_two_items_is_saved_until_both_are_gone(connected: Lab) -> None:
    for key in ("ITEM2345", "ELSE2345"):
        connected.fake.add(key, "A paper from Zotero")
    await connected.turn()
    connected.fake.add("ITEM2345", deleted=1)
    await connected.turn()
    assert await connected.saved() == ["A paper from Zotero"]
    connected.fake.add("ITEM2345", deleted=0)
    await connected.turn()
    for key in ("ITEM2345", "ELSE2345"):
        connected.fake.add(key, deleted=1)
    await connected.turn()
    assert await connected.saved() == []


async def test_where_both_sides_changed_a_paper_adding_wins(connected: Lab) -> None:
    connected.fake.add("ITEM2345", NAMES[0], archiveID="arXiv:2601.00001")
    await connected.turn()
    connected.fake.add("ITEM2345", deleted=1)
    await connected.turn()
    assert await connected.saved() == []
    await connected.save(1)
    connected.fake.delete("items", "ITEM2345")
    await connected.turn()
    assert (await connected.saved(), connected.fake.titles()) == ([ONE], [ONE])


async def test_what_somebody_changes_while_it_is_changed_is_left_to_the_next_turn(connected: Lab) -> None:
    await connected.save(1)
    await connected.turn()
    await connected.unsave(1)
    key = connected.fake.item(ONE)["key"]

    def edit(asked: str) -> bool:
        if f"itemKey={key}" in asked:
            connected.fake.add(key, extra="My own words")
        return False

    connected.fake.breaks = edit
    await connected.turn()
    assert connected.fake.titles(within="Paperboy") == [ONE], "a 412: nothing is done to it"
    connected.fake.breaks = lambda _asked: False
    await connected.turn()
    assert connected.fake.titles(trashed=True) == []
    assert (connected.fake.titles(), connected.fake.titles(within="Paperboy")) == ([ONE], [])


async def test_of_a_chosen_collection_that_alone_is_read_with_those_in_it(chosen: Lab) -> None:
    chosen.fake.collect("DEEP2345", "Deeper", "READ2345")
    chosen.fake.add("ITEM2345", "A paper to read", collections=["READ2345"])
    chosen.fake.add("DEEPITEM", "A paper deeper down", collections=["DEEP2345"])
    chosen.fake.add("ELSE2345", "A paper elsewhere")
    await chosen.turn()
    assert await chosen.saved() == ["A paper deeper down", "A paper to read"]
    chosen.fake.add("ELSE2345", collections=["READ2345"])
    chosen.fake.add("ITEM2345", collections=[])
    await chosen.turn()
    assert await chosen.saved() == ["A paper deeper down", "A paper elsewhere"]
    assert chosen.fake.titles(trashed=True) == []


async def test_lists_are_collections_and_collections_are_lists(connected: Lab) -> None:
    owner = person_key(connected.ana)
    await connected.save(1)
    await connected.store.add_tags(owner, IDS[0], ["club", "c++"], at=connected.clock.now())
    connected.fake.collect("THESIS23", "My Thesis!")
    await connected.turn()
    await connected.turn()
    library = connected.fake.libraries[USER]
    assert sorted(each["name"] for each in library.collections.values()) == ["My Thesis!", "Paperboy", "c++", "club"]
    assert connected.fake.titles(within="club") == connected.fake.titles(within="c++") == [ONE]
    item = connected.fake.item(ONE)
    connected.fake.add(item["key"], collections=[connected.fake.collection("Paperboy"), "THESIS23"])
    await connected.store.add_tags(owner, IDS[0], ["later"], at=connected.clock.now())
    await connected.turn()
    assert await connected.tags(1) == ["later", "my-thesis"]
    assert connected.fake.titles(within="later") == [ONE]
    connected.fake.delete("collections", "THESIS23")
    await connected.store.remove_tags(owner, IDS[0], ["later"])
    await connected.turn()
    assert await connected.tags(1) == ["my-thesis"], "a collection that is gone takes no tags along"
    assert connected.fake.titles(within="later") == []


async def test_a_channel_keeps_the_library_of_its_group(lab: Lab) -> None:
    ben = await lab.store.person(BEN)
    await lab.save(1, place=ROOM.key)
    await lab.zotero.connect(lab.ana, API_KEY, place=ROOM)
    lab.fake.add("ITEM2345", "A paper of the group", path=GROUP)
    await lab.save(2, place=ROOM.key, person=ben)
    await lab.turn(owner=ROOM.key)
    assert lab.fake.titles(GROUP, within="Paperboy") == [ONE, TWO]
    assert lab.fake.titles(USER) == []
    saves = {each.name for each in await lab.store.saves_at(ROOM.key)}
    assert "Zotero" in saves
    assert await lab.saved() == [ONE], "it is on nobody's own list"


@pytest.mark.parametrize("part", ["POST /users/1000001/items", "POST /users/1000001/collections", "PATCH", "itemKey="])
async def test_a_turn_that_breaks_off_is_gone_on_with_and_nothing_is_made_twice(connected: Lab, part: str) -> None:
    await connected.save(1, 2, 3)
    await connected.store.add_tags(person_key(connected.ana), IDS[0], ["club"], at=connected.clock.now())
    connected.fake.add("ITEM2345", "A paper from Zotero")
    connected.fake.breaks = lambda asked: part in asked
    await connected.zotero.sync(person_key(connected.ana))
    connected.fake.breaks = lambda _asked: False
    await connected.turn()
    assert connected.fake.titles(within="Paperboy") == list(NAMES)
    assert connected.fake.titles(within="club") == [ONE]
    assert await connected.saved() == sorted(["A paper from Zotero", *NAMES])
    assert len(connected.fake.libraries[USER].items) == 4


async def test_a_paper_unsaved_before_it_was_known_to_be_made_is_taken_out_again(connected: Lab) -> None:
    await connected.save(1, 2)
    connected.fake.breaks = lambda asked: asked.startswith(f"POST /{USER}/items")
    await connected.zotero.sync(person_key(connected.ana))
    connected.fake.breaks = lambda _asked: False
    await connected.unsave(1)
    await connected.turn()
    assert await connected.saved() == [TWO]
    assert (connected.fake.titles(), connected.fake.titles(trashed=True)) == ([TWO], [ONE])


async def test_a_paper_that_zotero_does_not_take_is_not_offered_for_ever(connected: Lab) -> None:
    long = replace((await connected.store.papers([IDS[0]]))[0].paper, id=PaperId("2601.00009"), title="Long " * 300)
    await connected.store.save_batch("test", Batch(papers=[long]), now=connected.clock.now())
    act = FeedbackAct(connected.ana, long.id, FeedbackKind.SAVE, True, connected.clock.now())
    await connected.store.give_feedback(act)
    await connected.save(1)
    await connected.turn()
    assert connected.fake.titles() == [ONE]
    connected.fake.asked.clear()
    await connected.turn()
    assert not [each for each in connected.fake.asked if each.startswith("POST")]
    await connected.store.withdraw(connected.ana, long.id, FeedbackKind.SAVE, at=connected.clock.now())
    await connected.turn()


async def test_when_its_collection_is_gone_nothing_is_unsaved(chosen: Lab) -> None:
    chosen.fake.add("ITEM2345", "A paper to read", collections=["READ2345"])
    await chosen.turn()
    chosen.fake.delete("collections", "READ2345")
    await chosen.turn(error="The collection for your papers is gone.")
    assert await chosen.saved() == ["A paper to read"]
    waiting = await chosen.store.zotero_library(person_key(chosen.ana))
    assert waiting
    assert waiting.next_at is None, "until it is connected again"


async def test_of_a_library_that_is_too_large_nothing_is_read_until_there_is_room(connected: Lab) -> None:
    connected.fake.add("ITEM2345", "A paper to read")
    await connected.turn()
    connected.fake.add("ITEM2346", "Another paper")
    connected.fake.add("ITEM2347", "A third paper")
    connected.zotero._most_items = 2
    owner = person_key(connected.ana)
    refused = await connected.zotero.sync(owner)
    assert refused
    assert "There are 3 items, and 2 are the most" in refused.trouble
    assert refused.trouble.endswith("(PAPERBOY_ZOTERO_MOST_ITEMS). Connect it again.")
    assert await connected.saved() == ["A paper to read"]
    connected.zotero._most_items = 3
    await connected.zotero.connect(connected.ana, API_KEY)
    await connected.turn()
    assert await connected.saved() == ["A paper to read", "A third paper", "Another paper"]


async def test_what_leaves_makes_room(connected: Lab) -> None:
    connected.zotero._most_items = 1
    connected.fake.add("ITEM2345", "A paper to read")
    await connected.turn()
    connected.fake.add("ITEM2345", deleted=1)
    await connected.turn()
    connected.fake.add("ITEM2346", "Another paper")
    await connected.turn()
    assert await connected.saved() == ["Another paper"]


async def test_a_library_disconnected_in_the_middle_keeps_nothing(connected: Lab) -> None:
    await connected.save(1)
    owner = person_key(connected.ana)
    link_items = connected.store.link_items

    async def gone(*given: object) -> bool:
        await connected.store.disconnect_zotero(owner)
        return await link_items(*given)  # type: ignore[arg-type]

    connected.store.link_items = gone  # type: ignore[method-assign, assignment]
    assert await connected.zotero.sync(owner) is None
    assert await connected.store.linked_items(owner) == []


_NUMBERS = count()
ACTS = st.lists(
    st.tuples(st.sampled_from(["save", "unsave", "add", "trash", "file", "tag", "untag", "turn"]), st.integers(1, 3)),
    max_size=14,
)


@given(acts=ACTS)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_happens_both_sides_come_to_the_same(
    sqlite: Sqlite, encoder: StaticEncoder, tmp_path: Path, acts: list[tuple[str, int]]
) -> None:
    async with (
        await SqlStore.open(sqlite.migrated(), keys=[KEY]) as store,
        FakeZotero().serving() as fake,
    ):
        lab = await a_lab(store, DiskIndex.open(tmp_path / str(next(_NUMBERS)), encoder), fake)
        fake.collect("READ2345", "Reading")
        fake.collect("CLUB2345", "club", "READ2345")
        await lab.zotero.connect(lab.ana, API_KEY, collection="Reading")
        for act, number in acts:
            await happen(lab, act, number)
        await lab.turn()
        await lab.turn()
        version = fake.libraries[USER].version
        await lab.turn()
        assert fake.libraries[USER].version == version, "there is nothing left to do"
        there = {each["title"] for each in fake.libraries[USER].items.values() if is_read(each)}
        assert there <= set(await lab.saved()), "what is there is saved here"
        # What was saved here and removed there stays here, and is not put there again.
        links = {each.paper_id: each for each in await store.linked_items(person_key(lab.ana))}
        kept = {NAMES[IDS.index(key)] for key, link in links.items() if link.saved and not link.there}
        assert set(await lab.saved()) - there <= kept
        for number in (1, 2, 3):
            if NAMES[number - 1] in there:
                in_club = any("CLUB2345" in each["collections"] for each in items_of(fake, number))
                assert ("club" in await lab.tags(number)) == in_club


def is_read(item: dict[str, Any]) -> bool:
    return not item.get("deleted") and bool({"READ2345", "CLUB2345"} & set(item["collections"]))


def items_of(fake: FakeZotero, number: int) -> list[dict[str, Any]]:
    return [
        each for each in fake.libraries[USER].items.values() if each["title"] == NAMES[number - 1] and is_read(each)
    ]


async def happen(lab: Lab, act: str, number: int) -> None:
    """One thing that somebody does here or there."""
    owner, items = person_key(lab.ana), lab.fake.libraries[USER].items
    known = [key for key, each in items.items() if each["title"] == NAMES[number - 1]]
    match act:
        case "save":
            await lab.save(number)
        case "unsave":
            await lab.unsave(number)
        case "add" if not known:
            lab.fake.add(f"ITEM234{number + 1}", NAMES[number - 1], collections=["READ2345"])
        case "add" | "trash" if known:
            lab.fake.add(known[0], deleted=int(act == "trash"))
        case "file" if known:
            lab.fake.add(known[0], collections=["READ2345", "CLUB2345"])
        case "tag":
            await lab.store.add_tags(owner, IDS[number - 1], ["club"], at=lab.clock.now())
        case "untag":
            await lab.store.remove_tags(owner, IDS[number - 1], ["club"])
        case "turn":
            await lab.turn()
