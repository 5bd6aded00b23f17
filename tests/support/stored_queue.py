"""A destination whose post is due, and how tests claim and lease it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.deliveries import Delivery, Status
from bot.domain.destinations import Destination
from bot.domain.papers import Paper
from storage.sql.store import SqlStore
from tests.support.memory_store import MemoryStore
from tests.support.stored_people import ONE, PAPERS, TWO

HERE = PAPERS

YESTERDAY = datetime(2026, 1, 18, 12, tzinfo=UTC)

DUE = datetime(2026, 1, 19, 9, tzinfo=UTC)

POST = Destination(place=HERE)

Queue = SqlStore | MemoryStore

TWO_PAPERS = [Paper(id=ONE, title="First of two papers"), Paper(id=TWO, title="Second of two papers")]


async def lease(queue: Queue, worker: str = "w", now: datetime = DUE, limit: int = 100) -> list[Delivery]:
    """Lease what is due, for a minute."""
    until = now + timedelta(minutes=1)
    return await queue.lease(worker, now=now, until=until, limit=limit, reaches=lambda place: True)


async def claimed(queue: Queue, worker: str = "w") -> Delivery:
    """The delivery of the day, leased to a worker and composed."""
    await queue.claim_due(now=DUE, limit=10)
    [delivery] = await lease(queue, worker)
    await queue.freeze(worker, {delivery.number: "the post"}, as_of=DUE)
    return replace(delivery, payload="the post", status=Status.READY, as_of=DUE)
