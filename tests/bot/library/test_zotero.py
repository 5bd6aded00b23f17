"""Connecting libraries of Zotero, and when each has its turn."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.people import Place, person_key
from bot.domain.zotero import LinkedItem, ZoteroLibrary
from bot.errors import UserError
from bot.library.app import App
from bot.library.zotero import EVERY, Zotero
from bot.ports import Store
from storage.sql.store import SqlStore
from tests.conftest import TickingClock
from tests.support.secret_watch import note
from tests.support.stored_people import ANA
from tests.support.zotero import API_KEY, GROUP, READ_ONLY, USER, FakeZotero, beside

ROOM = Place("slack", "T1", "C1", "#papers")


@dataclass
class Desk:
    """Ana before a sample of papers, with a Zotero."""

    store: Store
    clock: TickingClock
    zotero: Zotero
    ana: int

    @property
    def owner(self) -> str:
        return person_key(self.ana)


@pytest.fixture
async def fake(app: App) -> AsyncIterator[FakeZotero]:
    async with beside(app) as serving:
        yield serving


@pytest.fixture
async def desk(app: App, fake: FakeZotero) -> Desk:
    assert isinstance(app.clock, TickingClock)
    assert app.zotero
    return Desk(app.store, app.clock, app.zotero, await app.store.person(ANA))


async def test_a_library_is_connected_with_a_collection_for_what_is_saved_here(desk: Desk, fake: FakeZotero) -> None:
    library = await desk.zotero.connect(desk.ana, f" {API_KEY}\n")
    assert (library.path, library.name, library.whole) == (USER, "ana", True)
    assert library.collection == fake.collection("Paperboy")
    again = await desk.zotero.connect(desk.ana, API_KEY)
    assert again.collection == library.collection, "none is made where there is one"
    chosen = await desk.zotero.connect(desk.ana, API_KEY, collection="Thesis")
    assert (chosen.collection, chosen.whole) == (fake.collection("Thesis"), False)


async def test_of_collections_of_one_name_that_at_the_top_is_meant(desk: Desk, fake: FakeZotero) -> None:
    fake.collect("TOPS2345", "Something")
    fake.collect("AAAA2345", "Thesis", "TOPS2345")
    fake.collect("ZZZZ2345", "Thesis")
    assert (await desk.zotero.connect(desk.ana, API_KEY, collection="thesis")).collection == "ZZZZ2345"


@pytest.mark.parametrize("named", ["", "169947", "https://www.zotero.org/groups/169947/lab_of_eight/library"])
async def test_a_place_has_the_library_of_a_group(desk: Desk, named: str) -> None:
    library = await desk.zotero.connect(desk.ana, API_KEY, place=ROOM, library=named)
    assert (library.owner, library.path, library.name) == (ROOM.key, GROUP, "Lab of eight")


@pytest.mark.parametrize(
    ("key", "library", "said"),
    [
        (note("wrongKeyOfNobody"), "", "does not accept this API key"),
        ("no key at all!", "", "does not accept this API key"),
        (READ_ONLY, "", "may not write to your library"),
        (API_KEY, "4711", "may not write to the group 4711"),
        (API_KEY, "the lab", "named by its number or its address"),
    ],
)
async def test_what_cannot_be_connected_says_why(desk: Desk, key: str, library: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        await desk.zotero.connect(desk.ana, key, library=library)
    assert await desk.store.zotero_library(desk.owner) is None


async def test_a_place_needs_a_group_and_trouble_connects_nothing(desk: Desk, fake: FakeZotero) -> None:
    with pytest.raises(UserError, match="may write to no group"):
        await desk.zotero.connect(desk.ana, READ_ONLY, place=ROOM)
    fake.faults = [(500, {})] * 5
    with pytest.raises(UserError, match=r"^Zotero: 500 .*Nothing was connected"):
        await desk.zotero.connect(desk.ana, API_KEY)


async def test_each_library_has_its_turn_every_so_often(desk: Desk, fake: FakeZotero) -> None:
    await desk.zotero.connect(desk.ana, API_KEY)
    fake.add("ITEM2345", "A paper from Zotero that counts stars")
    await desk.zotero.sync_due()
    assert len(await desk.store.feedback_of(desk.ana)) == 1
    [found] = await desk.store.papers([each.paper_id for each in await desk.store.feedback_of(desk.ana)])
    assert found.row <= desk.zotero._index.watermark
    asked = len(fake.asked)
    await desk.zotero.sync_due()
    assert len(fake.asked) == asked
    desk.clock.moment += EVERY
    await desk.zotero.sync_due()
    assert len(fake.asked) > asked


async def test_a_library_is_nobodys_until_its_turn_comes(
    desk: Desk, fake: FakeZotero, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.zotero.connect(desk.ana, API_KEY)
    await desk.zotero.connect(desk.ana, API_KEY, place=ROOM)
    linked_items, taken = desk.store.linked_items, list[str]()

    async def meanwhile(owner: str) -> list[LinkedItem]:
        now = desk.clock.now()
        if owner == desk.owner:
            taken.extend(await desk.store.claim_zotero(now=now, until=now + EVERY, owner=ROOM.key))
        return await linked_items(owner)

    monkeypatch.setattr(desk.store, "linked_items", meanwhile)
    await desk.zotero.sync_due()
    assert taken == [ROOM.key], "somebody else works on it while a long turn goes on"
    rooms = await desk.zotero.library(ROOM.key)
    assert rooms
    assert rooms.synced_at is None


async def test_trouble_is_recorded_and_waited_out_for_longer_and_longer(desk: Desk, fake: FakeZotero) -> None:
    await desk.zotero.connect(desk.ana, API_KEY)
    waits = []
    for _ in range(3):
        fake.faults = [(500, {})] * 5
        failed = await desk.zotero.sync(desk.owner)
        assert failed
        assert failed.next_at
        waits.append((failed.next_at - desk.clock.moment).total_seconds())
    assert waits == pytest.approx([60, 120, 240], abs=5)
    counts = await desk.store.count_zotero()
    assert (counts.libraries, counts.failing) == (1, 1)
    [state] = await desk.store.service_states()
    assert (state.name, state.error) == ("zotero", "Zotero: 500 Internal Server Error (5 attempts)")
    fake.faults = [(429, {"Retry-After": "36000"})]
    asked = await desk.zotero.sync(desk.owner)
    assert asked
    assert asked.next_at
    assert asked.next_at - desk.clock.moment > timedelta(hours=9), "as Zotero asks"
    fine = await desk.zotero.sync(desk.owner)
    assert fine
    assert (fine.error, fine.attempts) == ("", 0)


async def test_a_refused_key_waits_for_another(desk: Desk, fake: FakeZotero) -> None:
    await desk.zotero.connect(desk.ana, API_KEY)
    fake.faults = [(403, {})]
    refused = await desk.zotero.sync(desk.owner)
    assert refused
    assert refused.next_at is None
    [state] = await desk.store.service_states()
    assert state.error == "", "that is no trouble of the service, which everybody sees"
    desk.clock.moment += timedelta(days=9)
    asked = len(fake.asked)
    await desk.zotero.sync_due()
    assert len(fake.asked) == asked
    await desk.zotero.connect(desk.ana, API_KEY)
    await desk.zotero.sync_due()
    assert (await desk.store.count_zotero()).failing == 0


async def test_a_key_that_is_refused_while_another_is_given_keeps_nobody_waiting(
    desk: Desk, fake: FakeZotero, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.zotero.connect(desk.ana, API_KEY)
    record = desk.store.end_zotero

    async def after_another_was_given(library: ZoteroLibrary, ended: ZoteroLibrary) -> None:
        await desk.zotero.connect(desk.ana, API_KEY)
        await record(library, ended)

    fake.faults = [(403, {})]
    with monkeypatch.context() as patched:
        patched.setattr(desk.store, "end_zotero", after_another_was_given)
        await desk.zotero.sync(desk.owner)
    await desk.zotero.sync_due()
    library = await desk.zotero.library(desk.owner)
    assert library
    assert (library.error, bool(library.synced_at)) == ("", True)


async def test_who_has_no_library_has_no_turn(desk: Desk, app: App, tmp_path: Path) -> None:
    assert await desk.zotero.sync(desk.owner) is None
    await desk.zotero.connect(desk.ana, API_KEY)
    async with await SqlStore.open(f"sqlite:///{tmp_path / 'data' / 'paperboy.db'}") as without_keys:
        zotero = Zotero(without_keys, app.index, app.clock, lambda: desk.zotero._service)
        assert await zotero.sync(desk.owner) is None, "its key cannot be read any more"
