"""How many deliveries went well."""

from datetime import UTC, datetime, timedelta

from bot.domain.deliveries import Counts, Status
from bot.domain.destinations import Destination
from bot.domain.people import Place
from tests.support.stored_queue import DUE, YESTERDAY, Queue, lease

EARLY = datetime(2026, 1, 19, 8, tzinfo=UTC)

LATER = DUE + timedelta(minutes=1)


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
