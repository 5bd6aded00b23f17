"""What every store does with posts: claims, leases, progress."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.dates import Language
from bot.domain.deliveries import Counts, Delivery, Refusal, Status
from bot.domain.destinations import Destination, Kind, Layout, Quiet
from bot.domain.papers import Paper, PaperId
from bot.domain.people import Account, FeedbackAct, FeedbackKind, Place, Topic, person_key
from bot.ports import Audience, Batch
from storage.sql.store import SqlStore
from tests.support.memory_store import MemoryStore

ONE, TWO = PaperId("2601.00001"), PaperId("2601.00002")
HERE = Place("slack", "T1", "C1", "#papers")
YESTERDAY = datetime(2026, 1, 18, 12, tzinfo=UTC)
EARLY = datetime(2026, 1, 19, 8, tzinfo=UTC)
DUE = datetime(2026, 1, 19, 9, tzinfo=UTC)
LATER = DUE + timedelta(minutes=1)
DAY = date(2026, 1, 19)
POST = Destination(place=HERE)
Queue = SqlStore | MemoryStore


TWO_PAPERS = [Paper(id=ONE, title="First of two papers"), Paper(id=TWO, title="Second of two papers")]


@pytest.fixture(params=["sqlite", "postgres", "memory"])
def queue_url(request: pytest.FixtureRequest) -> str:
    """A database with tables and nothing in them; empty for the store in memory, which simulations use."""
    return "" if request.param == "memory" else request.getfixturevalue(request.param).migrated()


@pytest.fixture
async def queue(queue_url: str) -> AsyncIterator[Queue]:
    """A store with two papers and a destination switched on yesterday."""
    async with AsyncExitStack() as stack:
        store: Queue = MemoryStore()
        if queue_url:
            store = await stack.enter_async_context(await SqlStore.open(queue_url))
        await store.save_batch("test", Batch(papers=TWO_PAPERS), now=YESTERDAY)
        await store.save_destination(POST, now=YESTERDAY)
        yield store


@pytest.fixture
async def store(store: SqlStore) -> SqlStore:
    """A store with two papers and a destination switched on yesterday."""
    await store.save_batch("test", Batch(papers=TWO_PAPERS), now=YESTERDAY)
    await store.save_destination(POST, now=YESTERDAY)
    return store


async def lease(queue: Queue, worker: str = "w", now: datetime = DUE, limit: int = 100) -> list[Delivery]:
    until = now + timedelta(minutes=1)
    return await queue.lease(worker, now=now, until=until, limit=limit, reaches=lambda place: True)


async def claimed(queue: Queue, worker: str = "w") -> Delivery:
    """The delivery of the day, leased to a worker and composed."""
    await queue.claim_due(now=DUE, limit=10)
    [delivery] = await lease(queue, worker)
    await queue.freeze(worker, {delivery.number: "the post"}, as_of=DUE)
    return replace(delivery, payload="the post", status=Status.READY, as_of=DUE)


async def newest(queue: Queue) -> Delivery:
    [upcoming] = await queue.upcoming([HERE.key])
    return upcoming.deliveries[0]


async def test_a_destination_is_kept_with_all_its_settings(store: SqlStore) -> None:
    person = await store.person(Account("slack", "T1/U1"))
    full = Destination(
        place=Place("slack", "T1", "D1", "ana", private=True),
        at=time(17, 30),
        timezone="Asia/Kathmandu",
        days=frozenset({0, 4}),
        count=3,
        layout=Layout.COMPACT,
        threads=True,
        minimum=12,
        quiet=Quiet.SKIP,
        weekly=6,
        language=Language.JAPANESE,
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
    assert not await queue.end(delivery, "slow", Status.FAILED, now=LATER)
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
    [audience] = await queue.audiences([POST], from_row=0)
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


async def test_the_taste_of_a_destination_is_what_is_known_there(store: SqlStore) -> None:
    ana, ben = [await store.person(Account("slack", f"T1/{name}")) for name in ("ana", "ben")]
    for person, paper_id, kind in ((ana, ONE, FeedbackKind.SAVE), (ben, TWO, FeedbackKind.DISLIKE)):
        await store.give_feedback(FeedbackAct(person, paper_id, kind, present=True, at=LATER, place=HERE.key))
    mine = Destination(place=Place("slack", "T1", "D1", private=True), person=ana)
    await store.save_destination(mine, now=EARLY)
    await store.follow(HERE.key, Topic("diffusion"))
    await store.follow(person_key(ana), Topic("crypto", wanted=False))
    await store.mark_shown(HERE.key, [ONE, TWO], at=LATER)
    here, own, empty = await store.audiences([POST, mine, Destination(place=Place("slack", "T1", "C9"))], from_row=2)
    assert here == Audience(
        [Topic("diffusion")], [(1, FeedbackKind.SAVE, LATER), (2, FeedbackKind.DISLIKE, LATER)], frozenset({2})
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


async def test_a_digest_goes_with_a_person_who_joins_another(store: SqlStore) -> None:
    ana, anna = [await store.person(Account("slack", f"T1/{name}")) for name in ("ana", "anna")]
    place = Place("slack", "T1", "D1", private=True)
    await store.save_destination(Destination(place=place, person=anna), now=EARLY)
    await store.join_people(ana, anna)
    found = await store.destination(place.key)
    assert found is not None
    assert found.person == ana


async def test_a_sync_under_way_shows_in_the_state_of_its_source(store: SqlStore) -> None:
    await store.begin_attempt("arxiv", now=DUE)
    await store.record_attempt("arxiv", now=LATER)
    [state] = [state for state in await store.source_states() if state.name == "arxiv"]
    assert (state.started_at, state.attempted_at) == (DUE, LATER)


async def test_deliveries_are_counted_by_platform_and_by_what_became_of_them(queue: Queue) -> None:
    mailbox = Place("email", "", "you@example.org", "you@example.org", private=True)
    off = Place("email", "", "off@example.org", "off@example.org", private=True)
    await queue.save_destination(Destination(place=mailbox), now=YESTERDAY)
    await queue.save_destination(Destination(place=off, enabled=False), now=YESTERDAY)
    assert await queue.count_deliveries(now=EARLY, since=YESTERDAY) == Counts({}, {}, {})
    assert await queue.count_deliveries(now=DUE, since=YESTERDAY) == Counts({"slack": 1, "email": 1}, {}, {})
    await queue.claim_due(now=DUE, limit=10)
    taken = Counts({}, {"slack": 1, "email": 1}, {("slack", Status.CLAIMED): 1, ("email", Status.CLAIMED): 1})
    assert await queue.count_deliveries(now=DUE, since=YESTERDAY) == taken
    first, second = await lease(queue)
    await queue.end(first, "w", Status.SENT, now=LATER)
    await queue.put_off(second, "w", until=LATER, error="busy", failed=True)
    became = {
        (first.destination.place.platform, Status.SENT): 1,
        (second.destination.place.platform, Status.CLAIMED): 1,
    }
    waiting = {second.destination.place.platform: 1}
    assert await queue.count_deliveries(now=LATER, since=YESTERDAY) == Counts({}, waiting, became)
    assert await queue.count_deliveries(now=LATER, since=DUE) == Counts({}, waiting, {})
