"""What is noted of deliveries, in the name of one worker: the one way from delivering to the store's queue."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.domain.deliveries import Delivery, Refusal, Rules, Status
from bot.domain.messages import Message
from bot.domain.people import Place
from bot.ports import Clock, DeliveryStore, DestinationStore, ServerClock
from bot.runtime.backoff import backoff

log = structlog.get_logger()

_SHORTEST_BACKOFF = timedelta(seconds=30)
_LONGEST_BACKOFF = timedelta(hours=1)


class DeliveryQueue(DeliveryStore, DestinationStore, Protocol):
    """The store, as far as delivering needs it."""

    async def claim_followed(self, *, now: datetime) -> int:
        """As in `FollowStore`."""


class DeliveryLog:
    """Leases deliveries to a worker and notes how far each has come.

    Where a lease went over to another worker meanwhile, nothing is noted: methods then return False or None.

    Moments that workers share are those of the database's server (`server_clock`), if there is one: by clocks that
    disagree, one would take over what another is sending.
    """

    def __init__(
        self, store: DeliveryQueue, clock: Clock, rules: Rules, worker: str, server_clock: ServerClock | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._server_clock = server_clock
        self._rules = rules
        self._worker = worker

    async def now(self) -> datetime:
        """The present moment (UTC), to compare with those noted of deliveries."""
        return await self._server_clock.now() if self._server_clock else self._clock.now()

    async def claim_due(self, limit: int) -> int:
        """Make deliveries of what is due, at up to `limit` destinations; returns how many were looked at."""
        return await self._store.claim_due(now=await self.now(), limit=limit)

    async def claim_followed(self) -> None:
        """Make deliveries of the papers that are to be sent at once."""
        await self._store.claim_followed(now=await self.now())

    async def lease(self, limit: int, reaches: Callable[[Place], bool]) -> list[Delivery]:
        """Take up to `limit` deliveries to places this process reaches."""
        now = await self.now()
        until = now + self._rules.lease
        return await self._store.lease(self._worker, now=now, until=until, limit=limit, reaches=reaches)

    async def freeze(self, payloads: Mapping[int, str], as_of: datetime) -> frozenset[int]:
        """Keep composed posts by their delivery's number; returns the numbers still leased to the worker."""
        return await self._store.freeze(self._worker, payloads, as_of=as_of) if payloads else frozenset()

    async def begin_message(self, delivery: Delivery) -> bool:
        """Note that the next message is in flight from now on, and extend the lease."""
        now = await self.now()
        return await self._store.begin_message(delivery.number, self._worker, now=now, until=now + self._rules.lease)

    async def message_sent(self, delivery: Delivery, message: Message, name: str, *, more: bool) -> Delivery | None:
        """Note the id (`name`) that the message in flight got; returns the delivery with it.

        Where `more` follow at once, the next one is noted as in flight by the same stroke.
        """
        papers, now = [card.paper_id for card in message.cards], await self.now()
        until = now + self._rules.lease if more else None
        kept = await self._store.message_sent(delivery, self._worker, name, papers, now=now, until=until)
        return replace(delivery, sent=(*delivery.sent, name), started_at=None) if kept else None

    async def put_off(self, delivery: Delivery, wait: timedelta, reason: str, *, failed: bool) -> None:
        """Give a delivery back for some time, an hour at most; `failed` counts an attempt.

        A moment that is hours ahead is taken for one noted before the clock was set back, and would be due at once.
        """
        until = await self.now() + min(wait, _LONGEST_BACKOFF)
        await self._store.put_off(delivery, self._worker, until=until, error=reason, failed=failed)
        if failed:
            log.info("post put off", delivery=delivery.key, reason=reason, until=until.isoformat())

    def backoff(self, delivery: Delivery, retry_after: float = 0.0) -> timedelta:
        """How long to put off a delivery that failed: no less than the platform asked for (seconds)."""
        grown = backoff(delivery.attempts, _SHORTEST_BACKOFF, _LONGEST_BACKOFF)
        return min(max(grown, timedelta(seconds=retry_after)), _LONGEST_BACKOFF)

    async def end(self, delivery: Delivery, status: Status, reason: str = "") -> bool:
        """End a delivery."""
        ended = await self._store.end(delivery, self._worker, status, now=await self.now(), error=reason)
        log.info("post ended", delivery=delivery.key, status=status.value, reason=reason)
        return ended

    async def refuse(self, delivery: Delivery, reason: str) -> Refusal | None:
        """End a delivery that the platform refused; so many in a row switch its destination off."""
        log.warning("post refused", delivery=delivery.key, reason=reason)
        return await self._store.refuse(
            delivery, self._worker, now=await self.now(), error=reason, disable_after=self._rules.disable_after
        )
