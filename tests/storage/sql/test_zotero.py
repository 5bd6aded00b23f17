"""Libraries of Zotero in the store, on every database."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from bot.domain.people import FeedbackAct, FeedbackKind, person_key
from bot.domain.zotero import BY_ZOTERO, LinkedItem, ZoteroLibrary, zotero_account
from bot.errors import StoreError
from bot.ports.zotero import ZoteroCounts
from storage.sql.store import SqlStore
from tests.support.databases import KEY
from tests.support.secret_watch import note
from tests.support.stored_people import ANA, BEN, NOW, ONE, PAPERS, TWO, act, saves

API_KEY = note("zotero-key-hidden")
SOON = NOW + timedelta(minutes=10)
ITEM = LinkedItem(
    "ITEM2345", ONE, saved=True, there=True, made=True, version=7, collections=("HOME2345",), citation_key="k2"
)

pytestmark = pytest.mark.usefixtures("two_papers")


async def connected(store: SqlStore, person: int, **changed: object) -> ZoteroLibrary:
    library = ZoteroLibrary(person_key(person), person, API_KEY, "users/1", "ana's", "HOME2345", True, next_at=NOW)
    library = replace(library, **changed)  # type: ignore[arg-type]
    await store.connect_zotero(library)
    return library


def came(person: int, *, present: bool = True, place: str = "") -> FeedbackAct:
    return FeedbackAct(person, ONE, FeedbackKind.SAVE, present, NOW, place, BY_ZOTERO)


async def test_a_library_is_found_again_with_its_key_which_nobody_can_read(store: SqlStore) -> None:
    library = await connected(store, await store.person(ANA))
    assert await store.zotero_library(library.owner) == library
    assert API_KEY not in repr(library)
    async with store.reading() as connection:
        kept = (await connection.execute(text("SELECT * FROM zotero_libraries"))).one()
    assert API_KEY not in str(kept)


async def test_a_new_key_reads_what_the_old_one_wrote_and_replaces_it(store: SqlStore, url: str) -> None:
    library = await connected(store, await store.person(ANA))
    newer = Fernet.generate_key().decode()
    async with await SqlStore.open(url, keys=[newer, KEY]) as both:
        await both.encrypt_zotero_anew()
    async with await SqlStore.open(url, keys=[newer]) as new:
        assert await new.zotero_library(library.owner) == library
    async with await SqlStore.open(url) as without:
        await without.encrypt_zotero_anew()
        with pytest.raises(StoreError, match="PAPERBOY_TOKEN_KEYS"):
            await without.connect_zotero(library)
        with pytest.raises(StoreError, match=r"of person:\d+ cannot be read"):
            await without.zotero_library(library.owner)


async def test_the_same_collection_connected_again_is_read_on_from_where_it_was(store: SqlStore) -> None:
    person = await store.person(ANA)
    library = await connected(store, person, version=5)
    await store.link_items(library, [ITEM])
    await connected(store, person, name="ana's again")
    known = await store.zotero_library(library.owner)
    assert known
    assert (known.version, known.name) == (5, "ana's again")
    assert await store.linked_items(library.owner) == [ITEM]
    await connected(store, person, collection="ELSE2345")
    known = await store.zotero_library(library.owner)
    assert known
    assert known.version == 0
    assert await store.linked_items(library.owner) == []


async def test_an_item_and_what_it_says_of_a_paper_are_kept_together(store: SqlStore) -> None:
    person = await store.person(ANA)
    library = await connected(store, person)
    assert not await store.link_items(replace(library, path="groups/2"), [ITEM], [came(person)]), "another library"
    assert await saves(store, person) == []
    assert await store.link_items(library, [ITEM, replace(ITEM, item="ELSE2345", paper_id=TWO)], [came(person)])
    assert await saves(store, person) == [ONE]
    later = replace(ITEM, there=False, tags=("club",))
    assert await store.link_items(library, [later], [came(person, present=False)])
    assert later in await store.linked_items(library.owner)
    assert await saves(store, person) == []
    await store.unlink_items(library, ["ITEM2345"])
    assert [each.item for each in await store.linked_items(library.owner)] == ["ELSE2345"]


async def test_taking_back_a_save_from_zotero_leaves_one_that_was_made_here(store: SqlStore) -> None:
    person = await store.person(ANA)
    library = await connected(store, person)
    await store.give_feedback(act(person))
    await store.link_items(library, [ITEM], [came(person)])
    await store.link_items(library, [ITEM], [came(person, present=False)])
    assert await saves(store, person) == [ONE]


async def test_a_turn_belongs_to_one_process_until_it_ends(store: SqlStore) -> None:
    ana, ben = await store.person(ANA), await store.person(BEN)
    library = await connected(store, ana)
    await connected(store, ben, owner=person_key(ben), next_at=NOW - timedelta(minutes=1))
    await connected(store, ben, owner=PAPERS.key, next_at=None)
    assert await store.claim_zotero(now=NOW, until=SOON, limit=9) == [person_key(ben), library.owner]
    assert await store.claim_zotero(now=NOW, until=SOON, limit=9) == []
    assert await store.claim_zotero(now=NOW, until=SOON, owner=library.owner) == [], "somebody works on it"
    assert await store.claim_zotero(now=NOW, until=SOON, owner=PAPERS.key) == [PAPERS.key]
    later = SOON + timedelta(minutes=1)
    assert await store.hold_zotero(library, until=later)
    assert await store.claim_zotero(now=SOON, until=later, limit=9) == [person_key(ben)]
    ended = replace(library, version=9, synced_at=NOW, next_at=SOON, error="broken", attempts=2)
    await store.end_zotero(library, ended)
    assert await store.zotero_library(library.owner) == ended
    assert await store.claim_zotero(now=NOW, until=SOON, owner=library.owner) == [library.owner], "it was given back"
    assert await store.count_zotero() == ZoteroCounts(3, 1, ("broken",))


async def test_what_a_turn_came_to_says_nothing_of_a_library_that_was_connected_again(store: SqlStore) -> None:
    old = await connected(store, await store.person(ANA))
    await store.claim_zotero(now=NOW, until=SOON, owner=old.owner)
    new = await connected(store, old.person, key=note("zotero-key-of-today"), next_at=NOW + timedelta(seconds=1))
    await store.end_zotero(old, replace(old, next_at=None, error="refused", attempts=1))
    assert await store.zotero_library(old.owner) == new
    assert await store.claim_zotero(now=NOW + timedelta(seconds=1), until=SOON) == [old.owner], "it was given back"


async def test_a_disconnected_library_leaves_nothing_but_the_saves(store: SqlStore) -> None:
    person = await store.person(ANA)
    library = await connected(store, person)
    await store.link_items(library, [ITEM], [came(person)])
    assert await store.disconnect_zotero(library.owner)
    assert not await store.disconnect_zotero(library.owner)
    assert await store.zotero_library(library.owner) is None
    assert await store.linked_items(library.owner) == []
    assert not await store.hold_zotero(library, until=SOON)
    assert await saves(store, person) == [ONE]


async def test_people_who_are_joined_keep_one_library(store: SqlStore) -> None:
    ana, ben = await store.person(ANA), await store.person(BEN)
    await connected(store, ben, owner=person_key(ben))
    await connected(store, ben, owner=PAPERS.key)
    await store.join_people(ana, ben)
    owned, here = await store.zotero_library(person_key(ana)), await store.zotero_library(PAPERS.key)
    assert owned
    assert here
    assert (owned.person, here.person) == (ana, ana)
    ben = await store.person(replace(BEN, id="8"))
    await connected(store, ben, owner=person_key(ben), name="ben's")
    await store.join_people(ana, ben)
    kept = await store.zotero_library(person_key(ana))
    assert kept
    assert kept.name == "ana's"
    assert (await store.count_zotero()).libraries == 2


async def test_a_key_goes_with_whoever_gave_it_and_the_group_keeps_its_saves(store: SqlStore) -> None:
    ana, zotero = await store.person(ANA), await store.person(zotero_account(PAPERS.key))
    library = await connected(store, ana, owner=PAPERS.key)
    await store.link_items(library, [ITEM], [came(zotero, place=PAPERS.key)])
    await store.forget_person(ana)
    assert await store.zotero_library(PAPERS.key) is None
    [saved] = await store.saves_at(PAPERS.key)
    assert (saved.name, saved.seen) == ("Zotero", True)


async def test_uninstalling_takes_the_library_of_a_channel_and_what_came_from_it(store: SqlStore) -> None:
    ben, zotero = await store.person(BEN), await store.person(zotero_account(PAPERS.key))
    library = await connected(store, ben, owner=PAPERS.key)
    await store.link_items(library, [ITEM], [came(zotero, place=PAPERS.key)])
    assert await store.workspaces("slack") == {"T1"}
    await store.forget_workspace("slack", "T1")
    assert await store.zotero_library(PAPERS.key) is None
    assert not await store.is_known(zotero_account(PAPERS.key))
    assert await store.accounts(ben) == [BEN]
