"""Follows on both databases: each match goes to one post, and stays pending until it was shown."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.deliveries import Delivery, Status
from bot.domain.destinations import Destination, Kind
from bot.domain.follows import Follow, FollowKind, Match, Waiting
from bot.domain.paper_ids import PaperId
from bot.domain.people import Place, person_key, private_talk
from storage.sql.store import SqlStore
from tests.support.stored_people import ANA, BEN, NOW, ONE, PAPERS, TWO, tell

HERE = Follow(owner=PAPERS.key, place=PAPERS.key, kind=FollowKind.AUTHOR, value="Ada Lovelace", since=NOW.date())
MINUTE = timedelta(minutes=1)


async def following(store: SqlStore, follow: Follow = HERE, *, place: Place = PAPERS, daily: bool = True) -> Follow:
    """A follow at a place with a daily post, or without one."""
    known = await store.destination(place.key)
    person = int(follow.owner.removeprefix("person:")) if follow.owner.startswith("person:") else None
    await store.save_destination(
        replace(known or Destination(place=place, person=person), enabled=daily), now=NOW - timedelta(days=1)
    )
    kept, _ = await store.add_follow(follow)
    return kept


async def matching(store: SqlStore, follow: Follow, *rows: int) -> None:
    await store.note_matches([follow.number], [Match(follow.number, row) for row in rows], scanned=99)


async def due(store: SqlStore, worker: str = "w", *, later: timedelta = timedelta(0)) -> list[Delivery]:
    """Claim and lease what is due."""
    now = NOW + later
    await store.claim_due(now=now, limit=99)
    await store.claim_followed(now=now)
    return await store.lease(worker, now=now, until=now + MINUTE, limit=99, reaches=lambda place: True)


async def take(store: SqlStore, delivery: Delivery, most: int = 9) -> list[int]:
    taken = await store.take_matches([delivery], most=most, now=NOW)
    return [found.row for found in taken[delivery.number]]


async def send(store: SqlStore, delivery: Delivery, *ids: Any) -> None:
    """Have a delivery show papers and end."""
    await store.freeze("w", {delivery.number: "post"}, as_of=NOW)
    await store.begin_message(delivery.number, "w", now=NOW, until=NOW + MINUTE)
    await store.message_sent(delivery, "w", f"m{delivery.number}", ids, now=NOW)
    await store.end(delivery, "w", Status.SENT, now=NOW)


async def test_what_is_followed_is_listed_in_order_and_each_once(store: SqlStore) -> None:
    first = await following(store)
    second = await following(store, replace(HERE, kind=FollowKind.LAB, value="Analytical Engines"))
    again, new = await store.add_follow(replace(HERE, value="ADA LOVELACE", at_once=True))
    assert (again.number, again.at_once, new) == (first.number, True, False)
    assert [each.number for each in await store.follows(PAPERS.key, PAPERS.key)] == [first.number, second.number]
    await store.remove_follow(first.number)
    assert await store.follows(PAPERS.key, PAPERS.key) == [second]


@pytest.mark.usefixtures("two_papers")
async def test_a_follow_begins_after_the_papers_that_are_here(store: SqlStore) -> None:
    kept = await following(store)
    assert (kept.from_row, kept.scanned) == (2, 2)
    assert await store.follows_behind(2) == []
    assert await store.follows_behind(3) == [kept]


@pytest.mark.usefixtures("two_papers")
async def test_a_match_is_noted_once_and_not_for_what_was_unfollowed_meanwhile(store: SqlStore) -> None:
    kept, gone = await following(store), await following(store, replace(HERE, value="Grace Hopper"))
    await store.remove_follow(gone.number)
    for _ in range(2):
        found = [Match(kept.number, 1), Match(gone.number, 1)]
        await store.note_matches([kept.number, gone.number], found, scanned=7)
    assert await store.pending(kept.number) == [1]
    assert [each.scanned for each in await store.follows(PAPERS.key, PAPERS.key)] == [7]
    await store.note_matches([kept.number], [], scanned=5)
    assert [each.scanned for each in await store.follows(PAPERS.key, PAPERS.key)] == [7]


@pytest.mark.usefixtures("two_papers")
async def test_a_match_waits_for_the_daily_post_unless_it_is_to_come_at_once(store: SqlStore) -> None:
    kept = await following(store)
    await matching(store, kept, 1)
    assert await store.claim_followed(now=NOW) == 0
    await store.add_follow(replace(HERE, at_once=True))
    assert await store.claim_followed(now=NOW) == 1
    assert await store.claim_followed(now=NOW) == 0


@pytest.mark.usefixtures("two_papers")
async def test_without_a_daily_post_all_comes_at_once_and_several_times_a_day(store: SqlStore) -> None:
    kept, keys = await following(store, daily=False), set()
    for row, paper in ((1, ONE), (2, TWO)):
        await matching(store, kept, row)
        [delivery] = await due(store)
        assert (delivery.kind, delivery.turn) == (Kind.FOLLOWED, row)
        assert await take(store, delivery) == [row]
        await send(store, delivery, paper)
        keys.add(delivery.key)
    assert len(keys) == 2
    assert await due(store) == []


@pytest.mark.usefixtures("two_papers")
async def test_what_was_shown_does_not_wait_and_what_does_not_fit_does(store: SqlStore) -> None:
    kept = await following(store)
    await matching(store, kept, 1, 2)
    assert await store.waiting(PAPERS.key, PAPERS.key) == Waiting(2)
    [delivery] = await due(store)
    assert await take(store, delivery, most=1) == [1]
    assert await take(store, delivery, most=1) == [1]
    await send(store, delivery, ONE)
    assert await store.waiting(PAPERS.key, PAPERS.key) == Waiting(1)
    [delivery] = await due(store, later=timedelta(days=1))
    assert await take(store, delivery) == [2]


@pytest.mark.usefixtures("two_papers")
async def test_a_paper_that_was_shown_there_before_is_not_sent_again(store: SqlStore) -> None:
    kept = await following(store)
    await matching(store, kept, 1, 2)
    await store.mark_shown(PAPERS.key, [ONE], at=NOW)
    assert await store.waiting(PAPERS.key, PAPERS.key) == Waiting(1)
    [delivery] = await due(store)
    assert await take(store, delivery) == [2]


@pytest.mark.usefixtures("two_papers")
async def test_a_new_version_of_a_paper_that_was_shown_is_sent(store: SqlStore) -> None:
    kept = await following(store, replace(HERE, kind=FollowKind.VERSION, value=ONE))
    await store.mark_shown(PAPERS.key, [ONE], at=NOW)
    await store.note_matches([kept.number], [Match(kept.number, 1, "2026-01-19")], scanned=9)
    [delivery] = await due(store)
    assert await take(store, delivery) == [1]
    await send(store, delivery, ONE)
    assert await store.waiting(PAPERS.key, PAPERS.key) == Waiting(0)
    await store.note_matches([kept.number], [Match(kept.number, 1, "2026-02-01")], scanned=9)
    assert await store.waiting(PAPERS.key, PAPERS.key) == Waiting(1)


@pytest.mark.usefixtures("two_papers")
async def test_a_paper_of_two_follows_is_sent_once(store: SqlStore) -> None:
    kept, other = await following(store), await following(store, replace(HERE, value="Grace Hopper"))
    await matching(store, kept, 1)
    await matching(store, other, 1)
    [delivery] = await due(store)
    [found] = (await store.take_matches([delivery], most=9, now=NOW))[delivery.number]
    assert [each.number for each in found.follows] == [kept.number, other.number]
    await send(store, delivery, ONE)
    assert await store.waiting(PAPERS.key, PAPERS.key) == Waiting(0)


@pytest.mark.usefixtures("two_papers")
async def test_of_two_posts_only_the_one_for_which_papers_wait_takes_some(store: SqlStore) -> None:
    kept = await following(store)
    await store.save_destination(Destination(place=replace(PAPERS, channel="C9")), now=NOW - timedelta(days=1))
    await matching(store, kept, 1)
    both = await due(store)
    taken = await store.take_matches(both, most=9, now=NOW)
    assert {each.destination.place for each in both} == {PAPERS, replace(PAPERS, channel="C9")}
    assert [each.destination.place for each in both if taken.get(each.number)] == [PAPERS]


@pytest.mark.usefixtures("two_papers")
async def test_what_a_post_that_failed_did_not_show_waits_again(store: SqlStore) -> None:
    kept = await following(store, daily=False)
    await matching(store, kept, 1)
    [delivery] = await due(store)
    assert await take(store, delivery) == [1]
    assert await store.pending(kept.number) == []
    await store.begin_message(delivery.number, "w", now=NOW, until=NOW + MINUTE)
    await store.refuse(delivery, "w", now=NOW, error="no such channel", disable_after=9)
    assert await store.pending(kept.number) == [1]
    assert await due(store) == []
    [delivery] = await due(store, later=timedelta(days=1, minutes=1))
    assert await take(store, delivery) == [1]


@pytest.mark.usefixtures("two_papers")
async def test_what_may_have_arrived_is_not_sent_again_but_told(store: SqlStore) -> None:
    kept = await following(store, daily=False)
    other = await following(store, replace(HERE, value="Grace Hopper"), daily=False)
    await matching(store, kept, 1)
    [delivery] = await due(store)
    await take(store, delivery)
    await store.freeze("w", {delivery.number: "post"}, as_of=NOW)
    await store.begin_message(delivery.number, "w", now=NOW, until=NOW + MINUTE)
    await store.end(replace(delivery, started_at=NOW), "w", Status.UNKNOWN, now=NOW)
    assert await store.waiting(PAPERS.key, PAPERS.key) == Waiting(0, unclear=1)
    await matching(store, other, 1)
    [empty] = await due(store)
    assert await take(store, empty) == []
    await store.end(empty, "w", Status.SKIPPED, now=NOW)
    assert await due(store) == []
    assert await store.waiting(PAPERS.key, PAPERS.key) == Waiting(0, unclear=1)


@pytest.mark.usefixtures("two_papers")
async def test_two_workers_that_write_two_posts_to_one_person_do_not_take_the_same_paper(store: SqlStore) -> None:
    person = await store.person(ANA)
    await store.join_people(person, await store.person(BEN))
    places = [private_talk(ANA), private_talk(BEN)]
    follow = replace(HERE, owner=person_key(person))
    for place in places:
        kept = await following(store, replace(follow, place=place.key), place=place)
    await matching(store, kept, 1, 2)
    deliveries = await due(store)
    taken = await asyncio.gather(*(take(store, each) for each in deliveries))
    assert sorted(row for rows in taken for row in rows) == [1, 2]


@pytest.mark.usefixtures("two_papers")
async def test_follows_of_joined_people_are_those_of_one(store: SqlStore) -> None:
    ana, ben = await store.person(ANA), await store.person(BEN)
    kept = await following(
        store, replace(HERE, owner=person_key(ben), place=private_talk(BEN).key), place=private_talk(BEN)
    )
    await matching(store, kept, 1)
    await store.join_people(ana, ben)
    assert [each.number for each in await store.follows(person_key(ana), "")] == [kept.number]
    assert await store.waiting(person_key(ana), "") == Waiting(1)


@pytest.mark.usefixtures("two_papers")
async def test_people_who_share_a_name_and_the_role_to_tell_are_kept(store: SqlStore) -> None:
    kept = await following(store)
    await store.change_follow(replace(kept, others=("Wei Wang",), mention="77"))
    assert await store.follows(PAPERS.key, PAPERS.key) == [replace(kept, others=("Wei Wang",), mention="77")]


@pytest.mark.usefixtures("two_papers")
async def test_matches_that_are_dropped_are_not_pending(store: SqlStore) -> None:
    kept = await following(store)
    await matching(store, kept, 1, 2)
    await store.drop_matches(kept.number, [1])
    assert await store.pending(kept.number) == [2]


async def test_sources_read_what_followed_queries_name(store: SqlStore) -> None:
    await following(store, replace(HERE, kind=FollowKind.QUERY, value="robots cat:cs.RO"))
    await following(store)
    assert await store.followed() == ["robots cat:cs.RO"]


async def test_whoever_is_told_of_papers_many_times_a_day_still_has_one_daily_post(store: SqlStore) -> None:
    ids = [PaperId(f"2601.1{number:04}") for number in range(6)]
    await tell(store, *ids)
    kept = await following(store, replace(HERE, at_once=True))
    [daily] = await due(store)
    await store.end(daily, "w", Status.SKIPPED, now=NOW)
    for row, paper in enumerate(ids, start=1):
        await matching(store, kept, row)
        [delivery] = await due(store)
        await take(store, delivery)
        await send(store, delivery, paper)
    moved = Destination(place=PAPERS, timezone="Pacific/Kiritimati")  # where it is the next day already
    await store.save_destination(moved, now=NOW)
    assert await due(store, later=timedelta(minutes=5)) == []
