"""Delivery: due -> claim -> compose and freeze -> send -> record, so that every post goes out, and once."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from secrets import token_hex
from typing import Protocol

import structlog

from bot.cards import long_date
from bot.deliveries import Delivery, Refusal, Status
from bot.digest import Post
from bot.errors import BusyError, DeliveryError, PostponedError, RefusedError, UnclearError
from bot.frozen import freeze, thaw
from bot.messages import Message, code, text
from bot.people import Place
from bot.ports import Clock, DeliveryStore, Platform

log = structlog.get_logger()


class Composer(Protocol):
    """Writes posts."""

    async def awaits_papers(self, now: datetime) -> bool:
        """Whether papers are expected that are not here yet, because a sync is under way or late."""

    async def compose(self, deliveries: Sequence[Delivery], now: datetime) -> Mapping[int, Post]:
        """A post for each delivery, by its number; an empty one where nothing is to be said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How posts are sent.

    `lease` is how long a worker that says nothing keeps a delivery, and more than a message may take (`patience`).
    `repeat_within` is how long platforms surely know a nonce again (Discord: "the past few minutes").
    """

    lease: timedelta = timedelta(minutes=1)
    patience: timedelta = timedelta(seconds=30)
    repeat_within: timedelta = timedelta(minutes=2)
    wait_for_papers: timedelta = timedelta(minutes=20)
    finish_within: timedelta = timedelta(hours=12)
    """How long a post that has begun may go on, also after its day."""
    disable_after: int = 5
    """Refusals in a row after which a destination is switched off."""
    batch: int = 64
    at_once: int = 16


_LOOK_AGAIN = timedelta(minutes=1)
_SHORTEST_BACKOFF = timedelta(seconds=30)
_LONGEST_BACKOFF = timedelta(hours=1)
_CLAIMS = 500


class Deliverer:
    """Posts what is due; any number of them may share a store.

    `platforms` are those this process can send to. What another process began is taken over when its lease ends.
    """

    def __init__(
        self,
        store: DeliveryStore,
        composer: Composer,
        platforms: Sequence[Platform],
        clock: Clock,
        rules: Rules = Rules(),
    ) -> None:
        self._store = store
        self._composer = composer
        self._platforms = {platform.name: platform for platform in platforms}
        self._clock = clock
        self._rules = rules
        self._worker = token_hex(8)
        self._stopping = False

    def stop(self) -> None:
        """Finish the messages that are on their way and begin no other: a stopped worker leaves nothing unclear."""
        self._stopping = True

    async def tick(self) -> int:
        """Claim what is due and work on everything there is to do; returns how many deliveries were taken on."""
        now, taken = self._clock.now(), 0
        while not self._stopping and await self._store.claim_due(now=now, limit=_CLAIMS) == _CLAIMS:
            pass
        while not self._stopping and (batch := await self._lease()):
            await self._work(batch)
            taken += len(batch)
        return taken

    async def _lease(self) -> list[Delivery]:
        now, rules = self._clock.now(), self._rules
        return await self._store.lease(
            self._worker, now=now, until=now + rules.lease, limit=rules.batch, reaches=self._reaches
        )

    def _reaches(self, place: Place) -> bool:
        platform = self._platforms.get(place.platform)
        return platform is not None and platform.reaches(place)

    async def _work(self, batch: Sequence[Delivery]) -> None:
        wanted = [delivery for delivery in batch if await self._still_wanted(delivery)]
        frozen = [delivery for delivery in wanted if delivery.payload]
        frozen += await self._compose([delivery for delivery in wanted if not delivery.payload])
        gate = asyncio.Semaphore(self._rules.at_once)

        async def send(delivery: Delivery) -> None:
            async with gate:
                await self._send(delivery)

        # Every send runs to its end: one that is cancelled because another failed would leave its message unclear.
        ends = await asyncio.gather(*map(send, frozen), return_exceptions=True)
        for error in filter(None, ends):
            raise error

    async def _still_wanted(self, delivery: Delivery) -> bool:
        """Whether to go on with a delivery now; otherwise it is ended or put off."""
        now = self._clock.now()
        if not delivery.begun and not delivery.asked_at:
            return await self._in_its_day(delivery, now)
        if delivery.started_at and not self._may_repeat(delivery, now):
            await self._unknown(delivery, "The bot stopped while it was sending.")
            return False
        if now - (delivery.asked_at or delivery.claimed_at) > self._rules.finish_within:
            await self._end(delivery, Status.FAILED, "the rest could not be posted in time")
            return False
        return True

    async def _in_its_day(self, delivery: Delivery, now: datetime) -> bool:
        today = delivery.destination.local_day(now)
        if not delivery.destination.enabled:
            await self._end(delivery, Status.SKIPPED, "switched off")
        elif today > delivery.day:
            await self._end(delivery, Status.SKIPPED, "its day was over; the next post covers it")
        elif today < delivery.day:
            await self._put_off(delivery, _LOOK_AGAIN, "its day has not come (the clock was set back)", failed=False)
        return delivery.destination.enabled and today == delivery.day

    def _may_repeat(self, delivery: Delivery, now: datetime) -> bool:
        """Whether the message in flight can be sent again and certainly shows once."""
        platform = self._platforms[delivery.destination.place.platform]
        age = abs(now - delivery.started_at) if delivery.started_at else timedelta(0)
        return platform.repeatable and age < self._rules.repeat_within

    async def _compose(self, claimed: Sequence[Delivery]) -> list[Delivery]:
        """The deliveries that have something to post, with it."""
        now = self._clock.now()
        ripe = await self._ripe(claimed, now)
        if not ripe:
            return []
        posts = await self._composed(ripe, now)
        for delivery in ripe:
            if posts.get(delivery.number) == ():
                await self._end(delivery, Status.SKIPPED, "no papers")
        payloads = {number: freeze(post) for number, post in posts.items() if post}
        kept = await self._store.freeze(self._worker, payloads, as_of=now) if payloads else frozenset()
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
                await self._put_off(delivery, self._backoff(delivery, 0), reason, failed=True)
            return {}

    async def _ripe(self, claimed: Sequence[Delivery], now: datetime) -> list[Delivery]:
        """The deliveries that wait for papers no longer; the others are put off."""
        if not claimed or not await self._composer.awaits_papers(now):
            return list(claimed)
        patient = [each for each in claimed if abs(now - each.claimed_at) < self._rules.wait_for_papers]
        for delivery in patient:
            await self._put_off(delivery, _LOOK_AGAIN, "waiting for papers", failed=False)
        return [delivery for delivery in claimed if delivery not in patient]

    async def _send(self, delivery: Delivery) -> None:
        """Send what is left of a post, message by message."""
        post = thaw(delivery.payload)
        for message in post[len(delivery.sent) :]:
            now = self._clock.now()
            if self._stopping:
                await self._put_off(delivery, timedelta(0), delivery.error, failed=False)
                return
            if not await self._store.begin_message(
                delivery.number, self._worker, now=now, until=now + self._rules.lease
            ):
                return
            sent = await self._send_one(delivery, message)
            if sent is None:
                return
            delivery = sent
        await self._end(delivery, Status.SENT)

    async def _send_one(self, delivery: Delivery, message: Message) -> Delivery | None:
        """Send the next message; returns the delivery with it, None when it goes on later or never."""
        try:
            name = await self._show(delivery, message)
        except RefusedError as error:
            await self._refused(delivery, str(error))
        except BusyError as error:
            await self._put_off(delivery, timedelta(seconds=error.retry_after), str(error), failed=False)
        except PostponedError as error:
            await self._put_off(delivery, self._backoff(delivery, error.retry_after), str(error), failed=True)
        except (UnclearError, TimeoutError) as error:
            await self._unclear(delivery, str(error) or "The platform did not answer in time.")
        except Exception as error:
            log.exception("sending failed", delivery=delivery.key)
            await self._unclear(delivery, f"Sending failed here: {type(error).__name__}.")
        else:
            papers = [card.paper_id for card in message.cards]
            kept = await self._store.message_sent(delivery, self._worker, name, papers, now=self._clock.now())
            return replace(delivery, sent=(*delivery.sent, name), started_at=None) if kept else None
        return None

    async def _show(self, delivery: Delivery, message: Message) -> str:
        place = delivery.destination.place
        async with asyncio.timeout(self._rules.patience.total_seconds()):
            return await self._platforms[place.platform].send(
                place,
                message,
                nonce=nonce(delivery, len(delivery.sent)),
                first=delivery.sent[0] if delivery.sent else "",
            )

    def _backoff(self, delivery: Delivery, retry_after: float) -> timedelta:
        grown = _SHORTEST_BACKOFF * (1 << min(delivery.attempts, 6))
        return min(max(grown, timedelta(seconds=retry_after)), _LONGEST_BACKOFF)

    async def _unclear(self, delivery: Delivery, reason: str) -> None:
        """Send again where a repetition shows once, soon enough for the nonce to be known; else leave it to people."""
        in_flight = replace(delivery, started_at=delivery.started_at or self._clock.now())
        if self._may_repeat(in_flight, self._clock.now()):
            await self._put_off(in_flight, self._rules.repeat_within / 8, reason, failed=True)
        else:
            await self._unknown(delivery, reason)

    async def _unknown(self, delivery: Delivery, reason: str) -> None:
        if await self._end(delivery, Status.UNKNOWN, reason):
            await self._tell_admins(delivery, unknown_message(delivery, reason))

    async def _refused(self, delivery: Delivery, reason: str) -> None:
        refusal = await self._store.refuse(
            delivery, self._worker, now=self._clock.now(), error=reason, disable_after=self._rules.disable_after
        )
        log.warning("post refused", delivery=delivery.key, reason=reason)
        if refusal and refusal.news:
            await self._tell_admins(delivery, refusal_message(delivery, refusal, reason, self._rules.disable_after))

    async def _put_off(self, delivery: Delivery, wait: timedelta, reason: str, *, failed: bool) -> None:
        until = self._clock.now() + wait
        await self._store.put_off(delivery, self._worker, until=until, error=reason, failed=failed)
        if failed:
            log.info("post put off", delivery=delivery.key, reason=reason, until=until.isoformat())

    async def _end(self, delivery: Delivery, status: Status, reason: str = "") -> bool:
        ended = await self._store.end(delivery, self._worker, status, now=self._clock.now(), error=reason)
        log.info("post ended", delivery=delivery.key, status=status.value, reason=reason)
        return ended

    async def _tell_admins(self, delivery: Delivery, message: Message) -> None:
        place = delivery.destination.place
        try:
            async with asyncio.timeout(self._rules.patience.total_seconds()):
                await self._platforms[place.platform].tell_admins(place, message)
        except (DeliveryError, TimeoutError) as error:
            log.warning("admins could not be told", delivery=delivery.key, reason=str(error))


def nonce(delivery: Delivery, index: int) -> str:
    """What names one message of one delivery, the same each time: 24 characters, Discord takes 25."""
    return blake2b(f"{delivery.key} {index}".encode(), digest_size=12).hexdigest()


def unknown_message(delivery: Delivery, reason: str) -> Message:
    """What an admin reads when nobody knows whether a message arrived."""
    number = len(delivery.sent) + 1
    told = f"Message {number} of the post of {long_date(delivery.day)} may or may not be in {_name(delivery)}: {reason}"
    again = text("If it is missing, ", code("/papers digest resend"), " posts it and the rest.")
    return Message(title="A post may be incomplete", body=(text(told), again))


def refusal_message(delivery: Delivery, refusal: Refusal, reason: str, disable_after: int) -> Message:
    """What an admin reads, once, when a platform takes no posts for a channel."""
    told = f"The post of {long_date(delivery.day)} to {_name(delivery)} was refused: {reason}"
    future = (
        text("The daily post is switched off; ", code("/papers digest on"), " starts it again.")
        if refusal.disabled
        else text(f"After {disable_after} refusals in a row the daily post is switched off.")
    )
    return Message(title="A post could not be delivered", body=(text(told), future))


def _name(delivery: Delivery) -> str:
    place = delivery.destination.place
    return place.name or place.channel
