"""What a worker notes of its deliveries, and that it notes nothing of what became another's."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.delivery.delivery_log import DeliveryLog
from bot.domain.deliveries import Delivery, Rules, Status
from bot.domain.destinations import Destination
from bot.domain.messages import Card, Message
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.domain.people import Place
from bot.ports import Batch
from tests.support.delivery_world import Clock
from tests.support.memory_store import MemoryStore

DUE = datetime(2026, 1, 19, 9, tzinfo=UTC)
HERE = Destination(place=Place("slack", "T", "C1", "#papers"), at=time(9))
ONE = PaperId("2601.00001")
MESSAGE = Message(title="One", cards=(Card(paper_id=ONE, title="One"),))
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


class Desk:
    """A store in which one post is due, and two workers that share it."""

    def __init__(self) -> None:
        self.clock = Clock(DUE)
        self.store = MemoryStore()
        self.mine = DeliveryLog(self.store, self.clock, Rules(), "mine")
        self.other = DeliveryLog(self.store, self.clock, Rules(), "other")

    async def delivery(self) -> Delivery:
        [upcoming] = await self.store.upcoming([HERE.place.key])
        return upcoming.deliveries[0]


async def lease(log: DeliveryLog) -> list[Delivery]:
    return await log.lease(10, lambda place: True)


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    await desk.store.save_batch("test", Batch(papers=[Paper(id=ONE, title="One")]), now=DUE)
    await desk.store.save_destination(HERE, now=DUE - HOUR)
    assert await desk.mine.claim_due(10) == 1
    return desk


async def test_what_one_worker_leased_no_other_gets_until_the_lease_is_over(desk: Desk) -> None:
    assert len(await lease(desk.mine)) == 1
    desk.clock.true += Rules().lease - SECOND
    assert await lease(desk.other) == []
    desk.clock.true += SECOND
    assert len(await lease(desk.other)) == 1


async def test_a_place_that_a_process_does_not_reach_is_left_to_others(desk: Desk) -> None:
    assert await desk.mine.lease(10, lambda place: place.platform == "discord") == []
    assert len(await lease(desk.other)) == 1


async def test_a_worker_whose_lease_went_over_to_another_notes_nothing(desk: Desk) -> None:
    [delivery] = await lease(desk.mine)
    desk.clock.true += Rules().lease
    assert await lease(desk.other)
    before = await desk.delivery()
    assert await desk.mine.freeze({delivery.number: "a post"}, DUE) == frozenset()
    assert not await desk.mine.begin_message(delivery)
    assert await desk.mine.message_sent(delivery, MESSAGE, "1", more=False) is None
    await desk.mine.put_off(delivery, HOUR, "too late", failed=True)
    assert not await desk.mine.end(delivery, Status.SENT)
    assert await desk.mine.refuse(delivery, "too late") is None
    assert await desk.delivery() == before
    assert await desk.other.end(delivery, Status.SENT)


async def test_a_message_that_was_sent_is_kept_with_the_papers_it_shows(desk: Desk) -> None:
    [delivery] = await lease(desk.mine)
    assert await desk.mine.begin_message(delivery)
    assert (await desk.delivery()).started_at == DUE
    sent = await desk.mine.message_sent(delivery, MESSAGE, "17.1", more=False)
    assert sent is not None
    assert (sent.sent, sent.started_at) == (("17.1",), None)
    assert ((await desk.delivery()).sent, (await desk.delivery()).started_at) == (("17.1",), None)
    assert await desk.store.posted(HERE.place.key, "17.1") == [ONE]


async def test_a_message_that_was_found_is_not_in_flight_any_more(desk: Desk) -> None:
    [delivery] = await lease(desk.mine)
    assert await desk.mine.begin_message(delivery)
    desk.clock.true += Rules().lease
    [in_flight] = await lease(desk.other)
    found = await desk.other.message_sent(in_flight, MESSAGE, "17.1", more=False)
    assert found is not None
    assert (in_flight.started_at, found.started_at) == (DUE, None)


async def test_where_more_messages_follow_the_next_is_in_flight_and_the_lease_goes_on(desk: Desk) -> None:
    [delivery] = await lease(desk.mine)
    assert await desk.mine.begin_message(delivery)
    desk.clock.true += 50 * SECOND
    assert await desk.mine.message_sent(delivery, MESSAGE, "17.1", more=True)
    assert (await desk.delivery()).started_at == DUE + 50 * SECOND
    desk.clock.true += Rules().lease - SECOND
    assert await lease(desk.other) == []
    desk.clock.true += SECOND
    [taken_over] = await lease(desk.other)
    assert (taken_over.sent, taken_over.started_at) == (("17.1",), DUE + 50 * SECOND)


async def test_what_was_put_off_comes_again_after_the_wait_and_only_failures_count(desk: Desk) -> None:
    [delivery] = await lease(desk.mine)
    await desk.mine.put_off(delivery, MINUTE, "waiting for papers", failed=False)
    assert await lease(desk.other) == []
    desk.clock.true += MINUTE
    [delivery] = await lease(desk.other)
    assert (delivery.attempts, delivery.error) == (0, "waiting for papers")
    await desk.other.put_off(delivery, MINUTE, "too fast", failed=True)
    desk.clock.true += MINUTE
    [delivery] = await lease(desk.mine)
    assert (delivery.attempts, delivery.error) == (1, "too fast")


async def test_refusals_in_a_row_switch_the_post_off_and_are_news_once(desk: Desk) -> None:
    log = DeliveryLog(desk.store, desk.clock, Rules(disable_after=2), "mine")
    seen = []
    for _ in range(2):
        [delivery] = await lease(log)
        seen.append(await log.refuse(delivery, "no such channel"))
        desk.clock.true += timedelta(days=1)
        await log.claim_due(10)
    assert [(each.count, each.disabled, each.news) for each in seen if each] == [(1, False, True), (2, True, False)]
    assert await lease(log) == []


@pytest.mark.parametrize(
    ("attempts", "asked_for", "wait"),
    [(0, 0, 30 * SECOND), (1, 0, MINUTE), (1, 90, 90 * SECOND), (50, 0, HOUR), (0, 86400, HOUR)],
)
async def test_each_failure_doubles_the_wait_which_is_no_less_than_the_platform_asked_for_and_at_most_an_hour(
    desk: Desk, attempts: int, asked_for: int, wait: timedelta
) -> None:
    [delivery] = await lease(desk.mine)
    assert desk.mine.backoff(replace(delivery, attempts=attempts), asked_for) == wait


async def test_moments_are_noted_by_the_servers_clock_where_there_is_one(desk: Desk) -> None:
    class Server:
        async def now(self) -> datetime:
            return DUE + 5 * MINUTE

    log = DeliveryLog(desk.store, desk.clock, Rules(), "mine", Server())
    [delivery] = await lease(log)
    assert await log.begin_message(delivery)
    assert (await desk.delivery()).started_at == await log.now() == DUE + 5 * MINUTE
    assert await desk.mine.now() == DUE


@pytest.mark.parametrize("asked", [3 * HOUR, timedelta(days=400)])
async def test_however_long_a_platform_asks_to_wait_a_delivery_is_not_taken_up_at_once(
    desk: Desk, asked: timedelta
) -> None:
    [delivery] = await lease(desk.mine)
    await desk.mine.put_off(delivery, asked, "busy for long", failed=False)
    assert await lease(desk.mine) == await lease(desk.other) == []
    desk.clock.true += HOUR
    assert len(await lease(desk.other)) == 1
