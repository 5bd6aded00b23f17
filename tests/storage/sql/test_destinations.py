"""How posts are set."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.deliveries import Status
from bot.domain.destinations import Destination, Kind, Layout, Quiet, Scope
from bot.domain.people import Account, FeedbackAct, FeedbackKind, Place, Topic, person_key
from bot.ports import Audience, Batch
from storage.sql.store import SqlStore
from tests.support.stored_people import NOW, ONE, TWO
from tests.support.stored_queue import DUE, HERE, POST, TWO_PAPERS, YESTERDAY, Queue, claimed, lease


@pytest.fixture
async def store(store: SqlStore) -> SqlStore:
    """A store with two papers and a destination switched on yesterday."""
    await store.save_batch("test", Batch(papers=TWO_PAPERS), now=YESTERDAY)
    await store.save_destination(POST, now=YESTERDAY)
    return store


async def test_how_a_daily_post_is_set_comes_back_as_it_was(store: SqlStore) -> None:
    first = Destination(place=ELSEWHERE, at=time(7, 30), timezone="Asia/Kathmandu", days=frozenset({0, 4}), count=3)
    assert await store.destination(ELSEWHERE.key) is None
    await store.save_destination(first, now=NOW)
    assert await store.destination(ELSEWHERE.key) == first
    second = Destination(place=ELSEWHERE, enabled=False, chosen_layout=Layout.COMPACT)
    await store.save_destination(second, now=NOW)
    assert await store.destination(ELSEWHERE.key) == second


EARLY = datetime(2026, 1, 19, 8, tzinfo=UTC)

LATER = DUE + timedelta(minutes=1)
ELSEWHERE = Place("slack", "T1", "C2")

DAY = date(2026, 1, 19)


async def test_a_destination_is_kept_with_all_its_settings(store: SqlStore) -> None:
    person = await store.person(Account("slack", "T1/U1"))
    full = Destination(
        place=Place("slack", "T1", "D1", "ana", private=True),
        at=time(17, 30),
        timezone="Asia/Kathmandu",
        days=frozenset({0, 4}),
        count=3,
        chosen_layout=Layout.CARDS,
        threads=True,
        minimum=12,
        quiet=Quiet.SKIP,
        scope=Scope.TOPICS_FIRST,
        weekly=6,
        person=person,
    )
    await store.save_destination(full, now=EARLY)
    assert await store.destination(full.place.key) == full


async def test_a_post_is_claimed_when_it_is_due_and_once(queue: Queue) -> None:
    assert await queue.claim_due(now=EARLY, limit=10) == 0
    assert await queue.claim_due(now=DUE, limit=10) == 1
    assert await queue.claim_due(now=DUE, limit=10) == 0
    [delivery] = await lease(queue)
    assert (delivery.destination, delivery.kind, delivery.day) == (POST, Kind.DAILY, DAY)
    assert delivery.status is Status.CLAIMED
    [upcoming] = await queue.upcoming()
    assert upcoming.next_run_at == DUE + timedelta(days=1)


async def test_a_day_that_is_over_is_not_claimed(queue: Queue) -> None:
    await queue.claim_due(now=DUE + timedelta(days=3, hours=-1), limit=10)
    assert await lease(queue, now=DUE + timedelta(days=3)) == []
    await queue.claim_due(now=DUE + timedelta(days=3), limit=10)
    assert [each.day for each in await lease(queue, now=DUE + timedelta(days=3))] == [DAY + timedelta(days=3)]


async def test_moving_the_time_posts_no_second_time(queue: Queue) -> None:
    await claimed(queue)
    for at in (time(12), time(8), time(23, 30)):
        await queue.save_destination(replace(POST, at=at), now=LATER)
        await queue.claim_due(now=datetime(2026, 1, 19, 23, 45, tzinfo=UTC), limit=10)
    [upcoming] = await queue.upcoming()
    assert len(upcoming.deliveries) == 1


@pytest.mark.parametrize(("before", "after"), [("Pacific/Kiritimati", "Pacific/Honolulu"), ("Pacific/Honolulu",) * 2])
async def test_moving_the_zone_over_the_date_line_posts_no_second_time_that_day(
    queue: Queue, before: str, after: str
) -> None:
    """09:00 in Honolulu is 09:00 on the next day in Kiritimati."""
    morning = datetime(2026, 1, 19, 19, tzinfo=UTC)
    await queue.save_destination(replace(POST, timezone=before), now=YESTERDAY)
    await queue.claim_due(now=morning, limit=10)
    for zone in (after, before, after):
        await queue.save_destination(replace(POST, timezone=zone), now=morning + timedelta(hours=1))
        await queue.claim_due(now=morning + timedelta(hours=2), limit=10)
    [upcoming] = await queue.upcoming()
    assert len({each.day for each in upcoming.deliveries if each.claimed_at >= morning}) == 1


async def test_a_post_due_while_nobody_looked_survives_a_change_of_settings(queue: Queue) -> None:
    await queue.save_destination(replace(POST, count=3), now=LATER)
    await queue.claim_due(now=LATER, limit=10)
    assert [each.day for each in await lease(queue, now=LATER)] == [DAY]


async def test_the_taste_of_a_destination_is_what_is_known_there(store: SqlStore) -> None:
    ana, ben = [await store.person(Account("slack", f"T1/{name}")) for name in ("ana", "ben")]
    for person, paper_id, kind in ((ana, ONE, FeedbackKind.SAVE), (ben, TWO, FeedbackKind.DISLIKE)):
        await store.give_feedback(FeedbackAct(person, paper_id, kind, present=True, at=LATER, place=HERE.key))
    mine = Destination(place=Place("slack", "T1", "D1", private=True), person=ana)
    await store.save_destination(mine, now=EARLY)
    await store.follow(HERE.key, Topic("diffusion"))
    await store.follow(person_key(ana), Topic("crypto", wanted=False))
    await store.mark_shown(HERE.key, [ONE, TWO], at=LATER)
    here, own, empty = await store.audiences([POST, mine, Destination(place=Place("slack", "T1", "C9"))])
    assert here == Audience(
        [Topic("diffusion")], [(1, FeedbackKind.SAVE, LATER), (2, FeedbackKind.DISLIKE, LATER)], frozenset({1, 2})
    )
    assert own == Audience([Topic("crypto", wanted=False)], [(1, FeedbackKind.SAVE, LATER)])
    assert empty == Audience([], [])


async def test_a_forgotten_person_gets_no_digest(store: SqlStore) -> None:
    ana = await store.person(Account("slack", "T1/ana"))
    mine = Destination(place=Place("slack", "T1", "D1", private=True), person=ana)
    await store.save_destination(mine, now=YESTERDAY)
    await store.claim_due(now=DUE, limit=10)
    await store.forget_person(ana)
    assert await store.destination(mine.place.key) is None
    assert [each.destination for each in await lease(store)] == [POST]


async def test_what_reaches_a_person_who_was_forgotten_meanwhile_is_not_noted(store: SqlStore) -> None:
    ana = await store.person(Account("slack", "T1/ana"))
    mine = Destination(place=Place("slack", "T1", "D1", private=True), person=ana)
    await store.save_destination(mine, now=YESTERDAY)
    await store.claim_due(now=DUE, limit=10)
    [delivery] = [each for each in await lease(store) if each.destination == mine]
    await store.forget_person(ana)
    assert not await store.message_sent(delivery, "w", "m1", [ONE], now=DUE)
    assert await store.posted(mine.place.key, "m1") == []
    assert await store.shown(mine.owner) == frozenset()


async def test_a_digest_goes_with_a_person_who_joins_another(store: SqlStore) -> None:
    ana, anna = [await store.person(Account("slack", f"T1/{name}")) for name in ("ana", "anna")]
    place = Place("slack", "T1", "D1", private=True)
    await store.save_destination(Destination(place=place, person=anna), now=EARLY)
    await store.join_people(ana, anna)
    found = await store.destination(place.key)
    assert found is not None
    assert found.person == ana


async def test_a_destination_that_is_switched_off_is_not_due(queue: Queue) -> None:
    await queue.save_destination(replace(POST, enabled=False), now=YESTERDAY)
    assert await queue.claim_due(now=DUE, limit=10) == 0


async def test_what_was_switched_on_in_a_future_that_never_came_is_due_at_its_time(queue: Queue) -> None:
    await queue.save_destination(replace(POST, enabled=False), now=YESTERDAY)
    await queue.save_destination(POST, now=DUE + timedelta(days=9))
    await queue.claim_due(now=EARLY, limit=10)
    await queue.claim_due(now=DUE, limit=10)
    assert [each.day for each in await lease(queue)] == [DAY]


async def test_a_round_up_that_is_switched_on_later_on_its_day_comes_beside_the_daily_post(queue: Queue) -> None:
    await queue.claim_due(now=DUE, limit=10)
    await queue.save_destination(replace(POST, weekly=DAY.weekday()), now=LATER)
    await queue.claim_due(now=LATER, limit=10)
    [upcoming] = await queue.upcoming()
    assert {each.kind for each in upcoming.deliveries} == {Kind.DAILY, Kind.WEEKLY}


async def test_a_change_of_settings_forgets_no_refusal(queue: Queue) -> None:
    await queue.claim_due(now=DUE, limit=10)
    [delivery] = await lease(queue)
    await queue.refuse(delivery, "w", now=DUE, error="no such channel", disable_after=9)
    await queue.save_destination(replace(POST, count=3), now=LATER)
    [upcoming] = await queue.upcoming()
    assert upcoming.refusals == 1


async def test_a_date_that_comes_again_in_another_zone_has_its_post_already(queue: Queue) -> None:
    morning = datetime(2026, 1, 19, 19, tzinfo=UTC)
    await queue.save_destination(replace(POST, timezone="Pacific/Kiritimati"), now=YESTERDAY)
    await queue.claim_due(now=morning, limit=10)
    await queue.save_destination(replace(POST, timezone="Pacific/Honolulu"), now=morning + timedelta(hours=1))
    for days in (1, 2):
        await queue.claim_due(now=morning + timedelta(days=days), limit=10)
    [upcoming] = await queue.upcoming()
    assert [each.day for each in upcoming.deliveries] == [date(2026, 1, 21), date(2026, 1, 20)]


async def test_what_was_claimed_before_a_clock_ran_ahead_still_counts_after_it_was_set_back(queue: Queue) -> None:
    morning = datetime(2026, 1, 19, 19, tzinfo=UTC)
    await queue.save_destination(replace(POST, timezone="Pacific/Kiritimati"), now=YESTERDAY)
    for now in (morning, morning + timedelta(days=9)):
        await queue.claim_due(now=now, limit=10)
    await queue.save_destination(replace(POST, timezone="Pacific/Honolulu"), now=morning + timedelta(hours=1))
    await queue.claim_due(now=morning + timedelta(hours=2), limit=10)
    [upcoming] = await queue.upcoming()
    assert [each.day for each in upcoming.deliveries] == [date(2026, 1, 29), date(2026, 1, 20)]
