"""Notes and tags."""

from datetime import timedelta

import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.people import person_key
from storage.sql.store import SqlStore
from tests.support.stored_people import ANA, BEN, NOW, ONE, PAPERS, TWO

UNKNOWN = PaperId("2601.09999")

pytestmark = pytest.mark.usefixtures("two_papers")


async def test_of_a_persons_notes_on_a_paper_the_last_stands(store: SqlStore) -> None:
    ana, ben = await store.person(ANA), await store.person(BEN)
    assert await store.write_note(PAPERS.key, ana, ONE, "Read it", at=NOW) == ""
    assert await store.write_note(PAPERS.key, ana, ONE, "Read it twice", at=NOW) == "Read it"
    await store.write_note(PAPERS.key, ben, ONE, "No", at=NOW + timedelta(minutes=1))
    await store.write_note(person_key(ana), ana, TWO, "Mine", at=NOW)
    shelf = await store.shelf(PAPERS.key)
    assert [(note.text, note.person, note.author) for note in shelf.notes[ONE]] == [
        ("No", ben, ""),
        ("Read it twice", ana, "ana"),
    ]
    assert shelf.notes[ONE][1].at == NOW
    assert list((await store.shelf(person_key(ana))).notes) == [TWO]


async def test_an_empty_note_is_none(store: SqlStore) -> None:
    ana = await store.person(ANA)
    await store.write_note(PAPERS.key, ana, ONE, "Read it", at=NOW)
    assert await store.write_note(PAPERS.key, ana, ONE, "", at=NOW) == "Read it"
    assert (await store.shelf(PAPERS.key)).notes == {}


async def test_tags_are_put_on_and_taken_off(store: SqlStore) -> None:
    assert await store.add_tags(PAPERS.key, ONE, ["club", "to-read"], at=NOW) == ["club", "to-read"]
    assert await store.add_tags(PAPERS.key, ONE, ["to-read", "best"], at=NOW) == ["best"]
    assert await store.remove_tags(PAPERS.key, ONE, ["club", "other"]) == ["club"]
    assert (await store.shelf(PAPERS.key)).tags == {ONE: ["best", "to-read"]}
    assert (await store.shelf("slack:T1:C2")).tags == {}


async def test_a_paper_that_is_not_here_gets_none(store: SqlStore) -> None:
    ana = await store.person(ANA)
    assert await store.write_note(PAPERS.key, ana, UNKNOWN, "x", at=NOW) == ""
    assert await store.add_tags(PAPERS.key, UNKNOWN, ["x"], at=NOW) == []
    assert await store.remove_tags(PAPERS.key, UNKNOWN, ["x"]) == []


async def test_notes_and_tags_of_two_people_who_are_one_come_together(store: SqlStore) -> None:
    ana, ben = await store.person(ANA), await store.person(BEN)
    for owner in (person_key(ana), PAPERS.key):
        await store.write_note(owner, ana, ONE, "Ana's", at=NOW)
    for owner in (person_key(ben), PAPERS.key):
        await store.write_note(owner, ben, ONE, "Ben's", at=NOW)
    await store.write_note(person_key(ben), ben, TWO, "Ben's", at=NOW)
    await store.add_tags(person_key(ana), ONE, ["club"], at=NOW)
    await store.add_tags(person_key(ben), ONE, ["club", "best"], at=NOW)
    await store.join_people(ana, ben)
    own, there = await store.shelf(person_key(ana)), await store.shelf(PAPERS.key)
    assert [[note.text for note in notes] for notes in own.notes.values()] == [["Ana's\nBen's"], ["Ben's"]]
    assert [(note.text, note.person) for note in there.notes[ONE]] == [("Ana's\nBen's", ana)]
    assert own.tags == {ONE: ["best", "club"]}


async def test_many_papers_are_tagged_at_once(store: SqlStore) -> None:
    await store.add_tags(PAPERS.key, ONE, ["club"], at=NOW)
    await store.tag_all(PAPERS.key, [(ONE, "club"), (ONE, "later"), (TWO, "later"), (UNKNOWN, "club")], at=NOW)
    await store.tag_all(PAPERS.key, [], at=NOW)
    assert (await store.shelf(PAPERS.key)).tags == {ONE: ["club", "later"], TWO: ["later"]}
