"""Delivery: due -> claim -> compose and freeze -> send -> record, so that every post goes out, and once."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Protocol, TypeVar

import structlog

from bot.delivery.delivery_log import DeliveryLog, DeliveryQueue
from bot.delivery.payload import freeze, thaw
from bot.delivery.post import Post
from bot.delivery.sender import Sender
from bot.domain.deliveries import Delivery, Rules, Status
from bot.domain.destinations import OF_A_CLUB, SCHEDULED, Kind
from bot.ports import Clock, Platform, ServerClock

log = structlog.get_logger()

Result = TypeVar("Result")
Sending = asyncio.Task[None]


class Composer(Protocol):
    """Writes posts."""

    async def awaits_papers(self, now: datetime) -> bool:
        """Whether papers are expected that are not here yet, because a sync is under way or late."""

    async def compose(self, deliveries: Sequence[Delivery], now: datetime) -> Mapping[int, Post]:
        """A post for each delivery, by its number; an empty one where nothing is to be said."""


_LOOK_AGAIN = timedelta(minutes=1)
_CLAIMS = 500
_WHY_NOT = dict.fromkeys(OF_A_CLUB, "too late for its meeting")
"""Why nothing is to be said, by kind, where that is not for want of papers."""


class Deliverer:
    """Posts what is due; any number of them may share a store.

    `platforms` are those this process can send to. What another process began is taken over when its lease ends. Where
    the store has a `server_clock`, posts are due and leases end by that; `clock` only measures how long things take.
    """

    def __init__(
        self,
        store: DeliveryQueue,
        composer: Composer,
        platforms: Sequence[Platform],
        clock: Clock,
        rules: Rules = Rules(),
        server_clock: ServerClock | None = None,
    ) -> None:
        self._composer = composer
        self._rules = rules
        self._log = DeliveryLog(store, clock, rules, token_hex(8), server_clock)
        self._sender = Sender(self._log, platforms, clock, rules)
        self._stopping = False

    def stop(self) -> None:
        """Finish the messages that are on their way and begin no other: a stopped worker leaves nothing unclear."""
        self._stopping = True
        self._sender.stop()

    async def tick(self) -> int:
        """Claim what is due and work on everything there is to do; returns how many deliveries were taken on."""
        taken, sending = 0, set[Sending]()
        while not self._stopping and await self._log.claim_due(_CLAIMS) == _CLAIMS:
            pass
        await self._log.claim_followed()
        try:
            while not self._stopping:
                room = self._rules.at_once - len(sending)
                # No more than are worked on at once: the lease of one that had to wait would end meanwhile.
                batch = await self._log.lease(room, self._sender.reaches)
                sending |= {asyncio.create_task(self._sender.send(each)) for each in await self._prepared(batch)}
                taken += len(batch)
                if len(batch) < room:
                    break
                sending = await self._until_room(sending)
        finally:
            # Each runs to its end: a send that is cancelled because another failed would leave its message unclear.
            await _finished(sending)
        return taken

    async def _prepared(self, batch: Sequence[Delivery]) -> list[Delivery]:
        """The deliveries to send now, composed."""
        if not batch:
            return []
        settled = await _finished([asyncio.create_task(self._sender.settled(each)) for each in batch])
        now = await self._log.now()
        wanted = [each for each in settled if each and await self._still_wanted(each, now)]
        frozen = [each for each in wanted if each.payload]
        return frozen + await self._compose([each for each in wanted if not each.payload], now)

    async def _until_room(self, sending: set[Sending]) -> set[Sending]:
        """What is still being sent, once there is room for so many more that composing them together pays."""
        while len(sending) > self._rules.at_once * 3 // 4:
            done, sending = await asyncio.wait(sending, return_when=asyncio.FIRST_COMPLETED)
            for each in done:
                each.result()
        return sending

    def _in_time(self, delivery: Delivery, now: datetime) -> bool:
        """Whether a post that has begun may still go on: for a while, and for all of its day."""
        begun = delivery.asked_at or delivery.claimed_at
        return now - begun <= self._rules.finish_within or delivery.destination.local_day(now) == delivery.day

    async def _still_wanted(self, delivery: Delivery, now: datetime) -> bool:
        """Whether to go on with a delivery now; otherwise it is ended or put off."""
        if not delivery.begun and not delivery.asked_at:
            return await self._in_its_day(delivery, now)
        if not self._in_time(delivery, now) and len(delivery.sent) < len(thaw(delivery.payload)):
            await self._log.end(delivery, Status.FAILED, "the rest could not be posted in time")
            return False
        return True

    async def _in_its_day(self, delivery: Delivery, now: datetime) -> bool:
        if delivery.kind in OF_A_CLUB:
            return True
        today = delivery.destination.local_day(now)
        wanted = delivery.destination.enabled or delivery.kind is Kind.FOLLOWED
        if not wanted:
            await self._log.end(delivery, Status.SKIPPED, "switched off")
        elif today > delivery.day:
            await self._log.end(delivery, Status.SKIPPED, "its day was over; the next post covers it")
        elif today < delivery.day:
            await self._log.put_off(
                delivery, _LOOK_AGAIN, "its day has not come (the clock was set back)", failed=False
            )
        return wanted and today == delivery.day

    async def _compose(self, claimed: Sequence[Delivery], now: datetime) -> list[Delivery]:
        """The deliveries that have something to post, with it."""
        ripe = await self._ripe(claimed, now)
        if not ripe:
            return []
        posts = await self._composed(ripe, now)
        for delivery in ripe:
            if posts.get(delivery.number) == ():
                await self._log.end(delivery, Status.SKIPPED, _WHY_NOT.get(delivery.kind, "no papers"))
        payloads = {number: freeze(post) for number, post in posts.items() if post}
        kept = await self._log.freeze(payloads, now)
        return [
            replace(delivery, payload=payloads[delivery.number], as_of=now, status=Status.READY)
            for delivery in ripe
            if delivery.number in kept
        ]

    async def _composed(self, ripe: Sequence[Delivery], now: datetime) -> Mapping[int, Post]:
        """Posts by delivery; none when composing failed, and then it is tried again later."""
        try:
            return await self._composer.compose(ripe, now)
        except Exception as error:
            log.exception("composing failed", deliveries=len(ripe))
            for delivery in ripe:
                reason = f"composing failed: {type(error).__name__}"
                await self._log.put_off(delivery, self._log.backoff(delivery), reason, failed=True)
            return {}

    async def _ripe(self, claimed: Sequence[Delivery], now: datetime) -> list[Delivery]:
        """The deliveries that wait for papers no longer; the others are put off."""
        if not claimed or not await self._composer.awaits_papers(now):
            return list(claimed)
        daily = [each for each in claimed if each.kind in SCHEDULED]
        patient = [each for each in daily if abs(now - each.claimed_at) < self._rules.wait_for_papers]
        for delivery in patient:
            await self._log.put_off(delivery, _LOOK_AGAIN, "waiting for papers", failed=False)
        return [delivery for delivery in claimed if delivery not in patient]


async def _finished(tasks: Collection[asyncio.Task[Result]]) -> list[Result]:
    """What came of tasks, when all of them have ended; raises the error of the first that failed."""
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException):
            raise end
    return [end for end in ends if not isinstance(end, BaseException)]
