"""What every store does with posts: claims, leases, progress."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.domain.deliveries import Delivery, Refusal, Status
from bot.domain.destinations import Destination, Kind
from bot.domain.people import Place
from storage.sql.store import SqlStore
from storage.sql.tables.schedule import destinations
from tests.support.databases import Postgres
from tests.support.stored_people import ONE, TWO
from tests.support.stored_queue import DUE, HERE, POST, YESTERDAY, Queue, claimed, lease

EARLY = datetime(2026, 1, 19, 8, tzinfo=UTC)

LATER = DUE + timedelta(minutes=1)

DAY = date(2026, 1, 19)


async def newest(queue: Queue) -> Delivery:
    [upcoming] = await queue.upcoming([HERE.key])
    return upcoming.deliveries[0]


async def test_posts_of_one_place_go_one_after_the_other_in_order(queue: Queue) -> None:
    await queue.save_destination(replace(POST, weekly=DAY.weekday()), now=EARLY)
    await queue.claim_due(now=DUE, limit=10)
    [daily] = await lease(queue)
    assert daily.kind is Kind.DAILY
    assert await lease(queue, "another") == [], "the round-up waits for the daily post"
    await queue.put_off(daily, "w", until=DUE + timedelta(minutes=5), error="busy", failed=True)
    assert await lease(queue, "another") == [], "and also while that is put off"
    [daily] = await lease(queue, now=DUE + timedelta(minutes=6))
    assert await queue.end(daily, "w", Status.SENT, now=DUE + timedelta(minutes=6))
    [weekly] = await lease(queue, "another", now=DUE + timedelta(minutes=6))
    assert weekly.kind is Kind.WEEKLY


async def test_claims_come_in_portions(queue: Queue) -> None:
    for number in range(4):
        await queue.save_destination(Destination(place=Place("slack", "T1", f"C{number + 2}")), now=YESTERDAY)
    assert [await queue.claim_due(now=DUE, limit=3) for _ in range(3)] == [3, 2, 0]


async def test_a_clock_that_was_set_back_is_noticed(queue: Queue) -> None:
    await queue.claim_due(now=DUE + timedelta(days=9), limit=10)
    await queue.claim_due(now=DUE, limit=10)
    [upcoming] = await queue.upcoming()
    assert {each.day for each in upcoming.deliveries} == {DAY, DAY + timedelta(days=9)}
    assert upcoming.next_run_at == DUE + timedelta(days=1)


async def test_a_lease_and_a_wait_from_a_clock_that_ran_ahead_are_void(queue: Queue) -> None:
    delivery = await claimed(queue)
    ahead = DUE + timedelta(days=2)
    await queue.put_off(delivery, "w", until=ahead, error="", failed=True)
    assert len(await lease(queue)) == 1


async def test_the_round_up_is_claimed_beside_the_daily_post(queue: Queue) -> None:
    await queue.save_destination(replace(POST, weekly=DAY.weekday()), now=EARLY)
    await queue.claim_due(now=DUE, limit=10)
    [upcoming] = await queue.upcoming([HERE.key])
    assert {each.kind for each in upcoming.deliveries} == {Kind.DAILY, Kind.WEEKLY}


async def test_a_delivery_is_leased_to_one_worker_until_the_lease_ends(queue: Queue) -> None:
    await queue.claim_due(now=DUE, limit=10)
    assert len(await lease(queue, "one")) == 1
    assert await lease(queue, "two") == []
    assert len(await lease(queue, "two", DUE + timedelta(minutes=1))) == 1


async def test_workers_never_share_a_delivery(queue: Queue) -> None:
    for number in range(40):
        await queue.save_destination(Destination(place=Place("slack", "T1", f"X{number}")), now=YESTERDAY)
    await asyncio.gather(*(queue.claim_due(now=DUE, limit=10) for _ in range(8)))
    await queue.claim_due(now=DUE, limit=100)
    taken = await asyncio.gather(*(lease(queue, f"w{n}", limit=10) for n in range(8)))
    numbers = [delivery.number for each in taken for delivery in each]
    assert len(numbers) == len(set(numbers))
    rest = await lease(queue, "rest")
    assert len(numbers) + len(rest) == 41


async def test_only_what_a_process_reaches_is_leased(queue: Queue) -> None:
    await queue.claim_due(now=DUE, limit=10)
    until = DUE + timedelta(minutes=1)
    assert await queue.lease("w", now=DUE, until=until, limit=9, reaches=lambda place: place.platform != "slack") == []
    assert len(await queue.lease("w", now=DUE, until=until, limit=9, reaches=lambda place: place == HERE)) == 1


async def test_a_worker_that_lost_its_lease_changes_nothing(queue: Queue) -> None:
    delivery = await claimed(queue, "slow")
    [taken] = await lease(queue, "other", DUE + timedelta(minutes=2))
    assert await queue.freeze("slow", {delivery.number: "another post"}, as_of=LATER) == frozenset()
    assert not await queue.begin_message(delivery.number, "slow", now=LATER, until=LATER)
    assert not await queue.message_sent(delivery, "slow", "m1", [ONE], now=LATER)
    assert not await queue.put_off(delivery, "slow", until=LATER, error="", failed=True)
    assert not await queue.end(delivery, "slow", Status.SENT, now=LATER)
    [audience] = await queue.audiences([POST])
    assert audience.covered_until is None
    assert await queue.refuse(delivery, "slow", now=LATER, error="", disable_after=1) is None
    assert taken.payload == "the post"
    assert await queue.begin_message(delivery.number, "other", now=LATER, until=LATER + timedelta(minutes=1))


async def test_progress_is_kept_with_what_was_shown(queue: Queue) -> None:
    delivery = await claimed(queue)
    until = DUE + timedelta(minutes=1)
    assert await queue.begin_message(delivery.number, "w", now=DUE, until=until)
    [in_flight] = await lease(queue, "next", until)
    assert (in_flight.status, in_flight.started_at, in_flight.sent) == (Status.SENDING, DUE, ())
    assert await queue.message_sent(in_flight, "next", "m1", [TWO, ONE], now=LATER)
    [after] = await lease(queue, "third", until + timedelta(minutes=1))
    assert (after.started_at, after.sent) == (None, ("m1",))
    assert await queue.posted(HERE.key, "m1") == [TWO, ONE]
    assert await queue.shown(HERE.key) == frozenset({1, 2})


async def test_the_next_message_is_in_flight_by_the_stroke_that_notes_the_one_before(queue: Queue) -> None:
    delivery = await claimed(queue)
    assert await queue.begin_message(delivery.number, "w", now=DUE, until=LATER)
    until = LATER + timedelta(minutes=2)
    assert await queue.message_sent(delivery, "w", "m1", [ONE], now=LATER, until=until)
    assert await lease(queue, "next", until - timedelta(seconds=1)) == []
    [in_flight] = await lease(queue, "next", until)
    assert (in_flight.started_at, in_flight.sent) == (LATER, ("m1",))
    assert await queue.message_sent(in_flight, "next", "m2", [TWO], now=until)
    assert (await newest(queue)).sent == ("m1", "m2")


async def test_a_post_that_was_put_off_comes_back_at_its_time(queue: Queue) -> None:
    delivery = await claimed(queue)
    later = DUE + timedelta(minutes=5)
    await queue.begin_message(delivery.number, "w", now=DUE, until=later)
    assert await queue.put_off(delivery, "w", until=later, error="too fast", failed=True)
    assert await lease(queue, now=later - timedelta(seconds=1)) == []
    [again] = await lease(queue, now=later)
    assert (again.attempts, again.error, again.started_at) == (1, "too fast", None)


async def test_what_went_out_covers_the_papers_up_to_then(queue: Queue) -> None:
    delivery = await claimed(queue)
    assert await queue.end(delivery, "w", Status.SENT, now=LATER)
    [audience] = await queue.audiences([POST])
    assert audience.covered_until == DUE
    assert await lease(queue, now=DUE + timedelta(days=1)) == []


async def test_refusals_in_a_row_switch_a_destination_off_and_are_news_once(queue: Queue) -> None:
    ends = []
    for days in range(3):
        now = DUE + timedelta(days=days)
        await queue.claim_due(now=now, limit=10)
        [delivery] = await lease(queue, now=now)
        ends.append(await queue.refuse(delivery, "w", now=now, error="no such channel", disable_after=3))
    assert ends == [Refusal(1, news=True), Refusal(2), Refusal(3, disabled=True)]
    [upcoming] = await queue.upcoming()
    assert (upcoming.destination.enabled, upcoming.next_run_at, upcoming.refusals) == (False, None, 3)
    assert [each.error for each in upcoming.deliveries] == ["no such channel"] * 3
    await queue.save_destination(POST, now=DUE + timedelta(days=3))
    [upcoming] = await queue.upcoming()
    assert upcoming.refusals == 0


async def test_a_post_that_went_out_ends_the_row_of_refusals(queue: Queue) -> None:
    refusals = []
    for days, refused in enumerate((True, False, True)):
        now = DUE + timedelta(days=days)
        await queue.claim_due(now=now, limit=10)
        [delivery] = await lease(queue, now=now)
        if refused:
            refusals.append(await queue.refuse(delivery, "w", now=now, error="", disable_after=2))
        else:
            await queue.end(delivery, "w", Status.SENT, now=now)
    assert refusals == [Refusal(1, news=True), Refusal(1, news=True)]


async def test_what_nobody_could_send_is_given_up_and_old_deliveries_go(queue: Queue) -> None:
    await queue.claim_due(now=DUE, limit=10)
    await queue.tidy(now=DUE + timedelta(days=1))
    assert (await newest(queue)).status is Status.CLAIMED
    await queue.tidy(now=DUE + timedelta(days=3))
    assert (await newest(queue)).status is Status.FAILED
    assert (await newest(queue)).error == "nobody could send it in time"
    await queue.tidy(now=DUE + timedelta(days=399))
    assert (await newest(queue)).status is Status.FAILED
    await queue.tidy(now=DUE + timedelta(days=401))
    [upcoming] = await queue.upcoming()
    assert upcoming.deliveries == ()


async def test_a_message_stays_in_flight_since_it_was_first_sent(queue: Queue) -> None:
    delivery = await claimed(queue)
    await queue.begin_message(delivery.number, "w", now=DUE, until=LATER)
    in_flight = replace(delivery, started_at=DUE)
    await queue.put_off(in_flight, "w", until=LATER, error="the connection broke", failed=True)
    await lease(queue, now=LATER)
    await queue.begin_message(delivery.number, "w", now=LATER, until=LATER)
    assert (await newest(queue)).started_at == DUE


async def test_an_unknown_post_goes_on_when_asked_to(queue: Queue) -> None:
    assert await queue.resend(HERE.key, now=LATER) is None
    delivery = await claimed(queue)
    assert await queue.resend(HERE.key, now=LATER) is None
    await queue.begin_message(delivery.number, "w", now=DUE, until=LATER)
    await queue.message_sent(delivery, "w", "m1", [ONE], now=DUE)
    await queue.end(replace(delivery, sent=("m1",)), "w", Status.UNKNOWN, now=DUE, error="the connection broke")
    assert (await newest(queue)).status is Status.UNKNOWN
    assert await lease(queue, now=LATER) == []
    assert await queue.resend(HERE.key, now=LATER)
    [again] = await lease(queue, now=LATER)
    assert (again.status, again.sent, again.payload, again.asked_at) == (Status.SENDING, ("m1",), "the post", LATER)


async def test_no_more_is_leased_than_was_asked_for_and_the_longest_waiting_first(queue: Queue) -> None:
    for number in range(3):
        await queue.save_destination(Destination(place=Place("slack", "T1", f"X{number}")), now=YESTERDAY)
    await queue.claim_due(now=DUE, limit=10)
    [first] = await lease(queue, limit=1)
    await queue.put_off(first, "w", until=LATER, error="busy", failed=False)
    others = await lease(queue, now=LATER, limit=3)
    assert len(others) == 3
    assert first.number not in {each.number for each in others}


async def test_a_composed_post_is_ready_and_says_up_to_when_it_covers_papers(queue: Queue) -> None:
    await claimed(queue)
    found = await newest(queue)
    assert (found.status, found.payload, found.as_of) == (Status.READY, "the post", DUE)


async def test_a_lease_from_a_clock_that_ran_ahead_is_void(queue: Queue) -> None:
    await queue.claim_due(now=DUE, limit=10)
    ahead = DUE + timedelta(days=2)
    assert await queue.lease("fast", now=DUE, until=ahead, limit=9, reaches=lambda place: True)
    assert len(await lease(queue, "right")) == 1


async def test_what_was_given_back_is_free_at_once(queue: Queue) -> None:
    delivery = await claimed(queue)
    assert await queue.put_off(delivery, "w", until=DUE, error="", failed=False)
    [again] = await lease(queue, "another")
    assert again.attempts == 0
    assert not await queue.begin_message(delivery.number, "w", now=DUE, until=LATER), "it is another's"


async def test_beginning_a_message_extends_the_lease(queue: Queue) -> None:
    delivery = await claimed(queue)
    until = DUE + timedelta(minutes=5)
    await queue.begin_message(delivery.number, "w", now=DUE, until=until)
    assert await lease(queue, "another", until - timedelta(seconds=1)) == []
    assert len(await lease(queue, "another", until)) == 1


async def test_what_a_person_was_shown_is_noted_for_the_person(queue: Queue) -> None:
    own = Destination(place=Place("slack", "T1", "D1", private=True), person=7)
    await queue.save_destination(own, now=YESTERDAY)
    await queue.claim_due(now=DUE, limit=10)
    [delivery] = [each for each in await lease(queue) if each.destination == own]
    await queue.message_sent(delivery, "w", "m1", [ONE], now=DUE)
    assert await queue.shown(own.owner) == frozenset({1})
    assert await queue.shown(own.place.key) == frozenset()


@pytest.mark.parametrize("status", [Status.SKIPPED, Status.FAILED, Status.UNKNOWN])
async def test_a_post_that_did_not_go_out_covers_nothing_and_ends_no_row_of_refusals(
    queue: Queue, status: Status
) -> None:
    await queue.claim_due(now=DUE, limit=10)
    [delivery] = await lease(queue)
    await queue.refuse(delivery, "w", now=DUE, error="no such channel", disable_after=9)
    tomorrow = DUE + timedelta(days=1)
    await queue.claim_due(now=tomorrow, limit=10)
    [delivery] = await lease(queue, now=tomorrow)
    await queue.end(replace(delivery, as_of=tomorrow), "w", status, now=tomorrow, error="why")
    [audience] = await queue.audiences([POST])
    [upcoming] = await queue.upcoming()
    assert (audience.covered_until, upcoming.refusals) == (None, 1)
    assert (await newest(queue)).error == "why"


async def test_the_round_up_covers_no_papers_of_a_daily_post(queue: Queue) -> None:
    await queue.save_destination(replace(POST, days=frozenset(), weekly=DAY.weekday()), now=YESTERDAY)
    delivery = await claimed(queue)
    assert (delivery.kind, await queue.end(delivery, "w", Status.SENT, now=LATER)) == (Kind.WEEKLY, True)
    [audience] = await queue.audiences([POST])
    assert audience.covered_until is None


async def test_tidying_touches_nothing_that_has_ended_and_frees_what_comes_after(queue: Queue) -> None:
    delivery = await claimed(queue)
    await queue.end(delivery, "w", Status.SENT, now=DUE)
    await queue.claim_due(now=DUE + timedelta(days=1), limit=10)
    await queue.claim_due(now=DUE + timedelta(days=4), limit=10)
    await queue.tidy(now=DUE + timedelta(days=4))
    [upcoming] = await queue.upcoming()
    assert [each.status for each in upcoming.deliveries] == [Status.CLAIMED, Status.FAILED, Status.SENT]
    assert [each.number for each in await lease(queue, now=DUE + timedelta(days=4))] == [upcoming.deliveries[0].number]


async def test_what_an_admin_asked_for_is_given_up_days_after_that(queue: Queue) -> None:
    delivery = await claimed(queue)
    await queue.end(delivery, "w", Status.UNKNOWN, now=DUE)
    asked = DUE + timedelta(days=3)
    assert await queue.resend(HERE.key, now=asked)
    await queue.tidy(now=asked + timedelta(days=1))
    assert (await newest(queue)).status is Status.SENDING
    await queue.tidy(now=asked + timedelta(days=3))
    assert (await newest(queue)).status is Status.FAILED


async def test_a_post_that_is_all_there_or_was_never_written_is_not_sent_again(queue: Queue) -> None:
    delivery = await claimed(queue)
    await queue.end(delivery, "w", Status.SENT, now=DUE)
    assert await queue.resend(HERE.key, now=LATER) is None
    tomorrow = DUE + timedelta(days=1)
    await queue.claim_due(now=tomorrow, limit=10)
    [unwritten] = await lease(queue, now=tomorrow)
    await queue.end(unwritten, "w", Status.FAILED, now=tomorrow)
    assert await queue.resend(HERE.key, now=tomorrow) is None


async def test_the_newest_post_is_sent_again_from_the_message_that_failed_with_no_failure_counted(queue: Queue) -> None:
    first = await claimed(queue)
    await queue.end(first, "w", Status.UNKNOWN, now=DUE)
    tomorrow = DUE + timedelta(days=1)
    await queue.claim_due(now=tomorrow, limit=10)
    [second] = await lease(queue, now=tomorrow)
    await queue.freeze("w", {second.number: "the second"}, as_of=tomorrow)
    await queue.begin_message(second.number, "w", now=tomorrow, until=tomorrow + timedelta(minutes=1))
    await queue.put_off(replace(second, started_at=tomorrow), "w", until=tomorrow, error="", failed=True)
    [second] = await lease(queue, now=tomorrow)
    await queue.end(second, "w", Status.FAILED, now=tomorrow, error="nobody knows")
    again = await queue.resend(HERE.key, now=tomorrow)
    assert again
    assert (again.number, again.payload, again.attempts, again.started_at) == (second.number, "the second", 0, None)
    assert [each.number for each in await lease(queue, "another", tomorrow)] == [second.number], "at once"


ROBOTICS = replace(POST, post="Robotics")


async def test_two_posts_of_one_place_go_one_after_the_other_whoever_claimed_them(queue: Queue) -> None:
    for post in (POST, ROBOTICS):
        await queue.save_destination(post, now=EARLY)
    await queue.claim_due(now=DUE, limit=1)
    await queue.claim_due(now=DUE, limit=1)
    [first] = await lease(queue)
    assert await lease(queue, "another") == [], "the second waits for the first"
    assert await queue.end(first, "w", Status.SENT, now=DUE)
    [second] = await lease(queue, "another")
    assert {first.destination.key, second.destination.key} == {POST.key, ROBOTICS.key}
    assert await queue.end(second, "another", Status.SENT, now=DUE)
    await queue.save_destination(replace(ROBOTICS, count=3), now=LATER)
    await queue.claim_due(now=LATER, limit=9)
    assert await lease(queue, "a third", LATER) == [], "each local day has one of each"


async def test_the_rest_of_the_newest_post_of_a_place_is_sent_again_whichever_it_is(queue: Queue) -> None:
    for post in (POST, ROBOTICS):
        await queue.save_destination(post, now=EARLY)
    await queue.claim_due(now=DUE, limit=9)
    for status in (Status.UNKNOWN, Status.SENT):
        [delivery] = await lease(queue)
        await queue.freeze("w", {delivery.number: "the post"}, as_of=DUE)
        await queue.end(delivery, "w", status, now=DUE)
    assert await queue.resend(HERE.key, now=DUE) is None, "a later post may have shown the same papers"


async def test_each_post_covers_its_own_papers_and_its_own_refusals_switch_it_off(queue: Queue) -> None:
    for post in (POST, ROBOTICS):
        await queue.save_destination(post, now=EARLY)
    await queue.claim_due(now=DUE, limit=9)
    [first] = await lease(queue)
    await queue.refuse(first, "w", now=DUE, error="no", disable_after=1)
    [second] = await lease(queue)
    await queue.end(replace(second, as_of=DUE), "w", Status.SENT, now=DUE)
    after = {each.destination.key: each.destination.enabled for each in await queue.upcoming([HERE.key])}
    assert after == {first.destination.key: False, second.destination.key: True}
    told = await queue.audiences([first.destination, second.destination])
    assert [each.covered_until for each in told] == [None, DUE]


async def test_a_post_that_is_removed_takes_its_delivery_with_it_and_the_others_go_on(queue: Queue) -> None:
    for post in (POST, ROBOTICS):
        await queue.save_destination(post, now=EARLY)
    await queue.claim_due(now=DUE, limit=9)
    [first] = await lease(queue)
    assert await queue.remove_destination(first.destination.key)
    assert not await queue.remove_destination(first.destination.key)
    assert not await queue.message_sent(first, "w", "m1", [], now=DUE), "nothing is noted of it any more"
    [second] = await lease(queue)
    assert second.destination.key != first.destination.key
    assert [each.key for each in await queue.posts_of(HERE.key)] == [second.destination.key]


async def test_a_place_whose_post_is_being_claimed_by_another_worker_waits_for_the_next_look(
    postgres: Postgres,
) -> None:
    """A delivery that is not committed cannot be seen, though it comes before; SQLite has one writer at a time."""
    url = postgres.migrated()
    async with await SqlStore.open(url) as store, await SqlStore.open(url) as other:
        for post in (POST, ROBOTICS):
            await store.save_destination(post, now=EARLY)
        claimed_now = select(destinations.c.key).where(destinations.c.key == ROBOTICS.key).with_for_update()
        async with store.writing() as claiming:
            await claiming.execute(claimed_now)
            assert await other.claim_due(now=DUE, limit=9) == 1
            assert await lease(other, "another") == []
        [first] = await lease(other, "another")
        assert first.destination.key == POST.key
