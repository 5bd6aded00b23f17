"""Papers in messages of places."""

from datetime import timedelta

import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.people import FeedbackAct, FeedbackKind, person_key
from storage.sql.store import SqlStore
from tests.support.stored_people import ANA, BEN, NOW, ONE, PAPERS, TWO

UNKNOWN = PaperId("2601.09999")

pytestmark = pytest.mark.usefixtures("two_papers")


async def test_a_place_knows_the_messages_of_a_paper_the_newest_first(store: SqlStore) -> None:
    ana, ben = await store.person(ANA), await store.person(BEN)
    await store.note_share(PAPERS.key, "m1", [ONE, UNKNOWN], ana, at=NOW)
    await store.note_share(PAPERS.key, "m2", [ONE], ben, at=NOW + timedelta(days=1))
    await store.note_share(PAPERS.key, "m2", [ONE], ana, at=NOW + timedelta(days=2))
    await store.note_share("slack:T1:C2", "m3", [ONE], ana, at=NOW)
    history = await store.paper_history(PAPERS.key, ONE)
    # On this platform ben has no account, so no name.
    assert [(each.message, each.by, each.at, each.shared) for each in history.sightings] == [
        ("m2", "", NOW + timedelta(days=1), True),
        ("m1", "ana", NOW, True),
    ]
    assert [each.message for each in (await store.paper_history(PAPERS.key, UNKNOWN)).sightings] == ["m1"]
    assert (await store.paper_history(PAPERS.key, TWO)).sightings == ()


async def test_saves_of_a_place_are_counted(store: SqlStore) -> None:
    for account, place in ((ANA, PAPERS.key), (BEN, PAPERS.key), (BEN, "slack:T1:C2")):
        person = await store.person(account)
        at = NOW if account is ANA else NOW + timedelta(days=1)
        act = FeedbackAct(person, ONE, FeedbackKind.SAVE, present=True, at=at, place=place, origin=place)
        await store.give_feedback(act)
    history = await store.paper_history(PAPERS.key, ONE)
    assert (history.saves, history.saved_at) == (2, NOW)
    assert (await store.paper_history(PAPERS.key, TWO)).saves == 0


async def test_a_message_that_is_gone_is_forgotten(store: SqlStore) -> None:
    ana = await store.person(ANA)
    for message in ("m1", "m2"):
        await store.note_share(PAPERS.key, message, [ONE], ana, at=NOW)
    await store.forget_message(PAPERS.key, "m1")
    assert [each.message for each in (await store.paper_history(PAPERS.key, ONE)).sightings] == ["m2"]


async def test_a_reminder_is_claimed_once_in_a_while(store: SqlStore) -> None:
    async def claim(days: int, reader: str = "") -> bool:
        now = NOW + timedelta(days=days)
        return await store.claim_reminder(PAPERS.key, reader, ONE, now=now, since=now - timedelta(days=14))

    assert await claim(0)
    assert not await claim(13)
    assert await claim(14)
    assert not await claim(27)
    assert await claim(0, "person:1")


async def test_what_two_people_shared_who_are_one_stays_shared(store: SqlStore) -> None:
    ana, ben = await store.person(ANA), await store.person(BEN)
    await store.note_share(PAPERS.key, "m1", [ONE], ben, at=NOW)
    await store.join_people(ana, ben)
    assert [each.by for each in (await store.paper_history(PAPERS.key, ONE)).sightings] == ["ana"]


async def test_whoever_is_forgotten_leaves_what_they_shared_as_somebodys(store: SqlStore) -> None:
    ana = await store.person(ANA)
    await store.note_share(PAPERS.key, "m1", [ONE], ana, at=NOW)
    assert await store.claim_reminder(PAPERS.key, person_key(ana), ONE, now=NOW, since=NOW - timedelta(days=14))
    await store.forget_person(ana)
    [sighting] = (await store.paper_history(PAPERS.key, ONE)).sightings
    assert (sighting.by, sighting.shared) == ("", True)
    assert await store.claim_reminder(PAPERS.key, person_key(ana), ONE, now=NOW, since=NOW - timedelta(days=14))
