"""What every store keeps of people, places and what they think of papers."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.destinations import Destination
from bot.domain.people import Account, Topic, person_key, private_talk
from storage.sql.store import SqlStore
from storage.sql.tables.every import metadata
from tests.support.everything import (
    CHANNEL,
    NAMES_NOBODY,
    OF_PERSON,
    give_everything,
    tables_with,
    tables_with_rows,
)
from tests.support.stored_people import ANA, BEN, NOW, ONE, PAPERS, TWO, act, saves, tell


@pytest.mark.usefixtures("two_papers")
async def test_an_account_is_the_same_person_each_time_and_may_change_its_name(store: SqlStore) -> None:
    ana = await store.person(ANA)
    assert await store.person(Account("slack", "T1/U1", "Ana Maria")) == ana
    assert await store.person(BEN) != ana
    assert await store.accounts(ana) == [Account("slack", "T1/U1", "Ana Maria")]


@pytest.mark.usefixtures("two_papers")
async def test_a_link_code_works_once_and_in_time(store: SqlStore) -> None:
    ana = await store.person(ANA)
    await store.offer_link(ana, "OLD", expires=NOW + timedelta(minutes=15))
    await store.offer_link(ana, "NEW", expires=NOW + timedelta(minutes=15))
    assert await store.take_link("OLD", taker=0, now=NOW) is None
    assert await store.take_link("NEW", taker=ana, now=NOW) is None
    assert await store.take_link("NEW", taker=0, now=NOW) == ana
    assert await store.take_link("NEW", taker=0, now=NOW) is None
    await store.offer_link(ana, "LATE", expires=NOW)
    assert await store.take_link("LATE", taker=0, now=NOW) is None


@pytest.mark.usefixtures("two_papers")
async def test_linked_people_are_one_with_all_either_said(store: SqlStore) -> None:
    ana, ben = await store.person(ANA), await store.person(BEN)
    await store.give_feedback(act(ana))
    await store.give_feedback(act(ben, minutes=1, present=False))
    await store.give_feedback(act(ben, paper_id=TWO))
    for person, topic in ((ana, "GANs"), (ben, "gans"), (ben, "proteins")):
        await store.follow(person_key(person), Topic(topic))
    await store.mark_shown(person_key(ana), [ONE], at=NOW)
    await store.mark_shown(person_key(ben), [ONE, TWO], at=NOW)
    await store.join_people(ana, ben)
    assert await store.person(BEN) == ana
    assert await saves(store, ana) == [TWO]
    assert [topic.text for topic in await store.topics(person_key(ana))] == ["GANs", "proteins"]
    assert len(await store.shown(person_key(ana))) == 2
    assert await store.feedback_of(ben) == []


@pytest.mark.usefixtures("two_papers")
async def test_nothing_is_left_of_somebody_forgotten(store: SqlStore) -> None:
    ana = await store.person(ANA)
    await store.give_feedback(act(ana))
    await store.follow(person_key(ana), Topic("GANs"))
    await store.mark_shown(person_key(ana), [ONE], at=NOW)
    await store.offer_link(ana, "CODE", expires=NOW + timedelta(minutes=1))
    await store.forget_person(ana)
    assert await store.feedback_at(PAPERS.key) == []
    assert await store.take_link("CODE", taker=0, now=NOW) is None
    again = await store.person(ANA)
    assert again != ana
    assert await store.topics(person_key(ana)) == []
    assert await store.feedback_of(again) == []


@pytest.mark.usefixtures("two_papers")
async def test_the_private_talk_of_somebody_forgotten_is_forgotten_too(store: SqlStore) -> None:
    ana, talk = await store.person(ANA), private_talk(ANA)
    elsewhere = private_talk(Account("slack", "T1/U12", "another"))
    for place in (talk, elsewhere):
        await store.save_destination(Destination(place=place), now=NOW)
        await store.follow(place.key, Topic("my secret illness"))
        await store.record_post(place.key, "m1", [ONE])
        await store.watch(place.key, on=True)
    await store.forget_person(ana)
    assert [await store.destination(place.key) is None for place in (talk, elsewhere)] == [True, False]
    assert [len(await store.topics(place.key)) for place in (talk, elsewhere)] == [0, 1]
    assert [len(await store.posted(place.key, "m1")) for place in (talk, elsewhere)] == [0, 1]
    assert [await store.is_watched(place.key) for place in (talk, elsewhere)] == [False, True]


async def test_what_one_of_two_joined_people_was_shown_before_it_was_known_counts_for_both(store: SqlStore) -> None:
    ana, ben = await store.person(ANA), await store.person(BEN)
    await store.mark_shown(person_key(ben), [ONE], at=NOW)
    await store.join_people(ana, ben)
    await tell(store, ONE)
    assert await store.shown(person_key(ana)) == {1}


async def test_an_account_is_known_once_it_was_used(store: SqlStore) -> None:
    assert not await store.is_known(ANA)
    await store.person(ANA)
    assert await store.is_known(Account("slack", "T1/U1"))


def bytes_of(url: str) -> bytes:
    """All that an SQLite database has on disk: the file, its log and what is shared of it."""
    file = Path(url.removeprefix("sqlite:///"))
    return b"".join(each.read_bytes() for each in sorted(file.parent.glob(f"{file.name}*")))


async def test_a_test_knows_of_every_table(store: SqlStore) -> None:
    await give_everything(store)
    assert await tables_with_rows(store) | NAMES_NOBODY == set(metadata.tables)


async def test_nothing_names_somebody_who_was_forgotten(store: SqlStore, url: str) -> None:
    person = await give_everything(store)
    assert len(await tables_with(store, OF_PERSON)) > 8
    await store.forget_person(person)
    assert await tables_with(store, (*OF_PERSON, f"person:{person}", "UNACODE1")) == set()
    assert await store.begin_asks(now=NOW, limit=10) == []
    if url.startswith("sqlite"):
        content = bytes_of(url)
        assert [needle for needle in OF_PERSON if needle.encode() in content] == []
        assert CHANNEL.name.encode() in content


async def test_what_was_on_its_way_to_somebody_who_was_forgotten_is_not_noted(store: SqlStore) -> None:
    person = await give_everything(store)
    later = NOW + timedelta(days=2)
    await store.claim_due(now=later, limit=100)
    leased = await store.lease("w", now=later, until=later + timedelta(minutes=1), limit=9, reaches=lambda place: True)
    await store.forget_person(person)
    for each in leased:
        await store.message_sent(each, "w", "a late one", [ONE], now=later)
    assert await tables_with(store, (*OF_PERSON, f"person:{person}")) == set()


async def test_named_topics_stay_named_when_people_are_joined(store: SqlStore) -> None:
    kept, joined = await store.person(Account("slack", "T1/U1")), await store.person(Account("discord", "1"))
    graphs = Topic('"graph neural" -survey', name="graphs")
    await store.follow(person_key(joined), graphs)
    await store.join_people(kept, joined)
    assert await store.topics(person_key(kept)) == [graphs]
