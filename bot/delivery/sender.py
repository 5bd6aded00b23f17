"""Sending: message by message, and what becomes of each, so that none is shown twice and none is forgotten."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b

import structlog

from bot.delivery.admin_notices import refusal_message, unknown_message
from bot.delivery.delivery_log import DeliveryLog
from bot.delivery.payload import thaw
from bot.domain.deliveries import Delivery, Rules, Status
from bot.domain.messages import Message
from bot.domain.people import Place
from bot.errors import BusyError, DeliveryError, PostponedError, RefusedError, UnclearError
from bot.ports import Clock, Platform
from bot.runtime.trace import begin

log = structlog.get_logger()

_STOPPED = "The bot stopped while it was sending."


class Sender:
    """Sends composed posts message by message, and finds out what became of a message in flight."""

    def __init__(self, record: DeliveryLog, platforms: Sequence[Platform], clock: Clock, rules: Rules) -> None:
        self._log = record
        self._platforms = {platform.name: platform for platform in platforms}
        self._clock = clock
        self._rules = rules
        self._stopping = False
        self._waits = set[asyncio.Timeout]()

    def stop(self) -> None:
        """Begin no other message, and wait only a little longer for what is on its way."""
        self._stopping = True
        latest = asyncio.get_running_loop().time() + self._rules.grace.total_seconds()
        for each in self._waits:
            if not each.expired():
                each.reschedule(min(each.when() or latest, latest))

    def reaches(self, place: Place) -> bool:
        """Whether this process can send to a place."""
        platform = self._platforms.get(place.platform)
        return platform is not None and platform.reaches(place)

    async def settled(self, delivery: Delivery) -> Delivery | None:
        """The delivery without a message of which it is open whether it arrived, unless it can be repeated safely.

        What is found on the platform is noted, what surely is not there is sent again. None when the delivery was put
        off or ended because that cannot be told. It runs in a task of its own.
        """
        begin("post", delivery.key)
        if not delivery.started_at or self._may_repeat(delivery, await self._log.now()):
            return delivery
        place, index = delivery.destination.place, len(delivery.sent)
        message, first = thaw(delivery.payload)[index], delivery.sent[0] if delivery.sent else ""
        try:
            async with self._patience():
                found = await self._platforms[place.platform].recall(
                    place, nonce(delivery, index), delivery.started_at, message=message, first=first
                )
        except (PostponedError, TimeoutError) as error:
            await self._look_later(delivery, error)
            return None
        except Exception as error:
            log.info("looking for a message failed", delivery=delivery.key, reason=str(error) or type(error).__name__)
            await self._unknown(delivery, delivery.error or _STOPPED)
            return None
        log.info("a message was looked for", delivery=delivery.key, index=index, found=found)
        if not found:
            return replace(delivery, started_at=None)
        return await self._log.message_sent(delivery, message, found, more=False)

    async def _look_later(self, delivery: Delivery, error: Exception) -> None:
        """Look for the message in flight another time, or give it up when that has gone on for too long."""
        reason = str(error) or "The platform did not answer in time."
        if delivery.started_at and await self._log.now() - delivery.started_at > self._rules.finish_within:
            await self._unknown(delivery, reason)
        elif isinstance(error, BusyError):
            await self._log.put_off(delivery, timedelta(seconds=error.retry_after), reason, failed=False)
        else:
            wait = self._log.backoff(delivery, getattr(error, "retry_after", 0.0))
            await self._log.put_off(delivery, wait, reason, failed=True)

    def _may_repeat(self, delivery: Delivery, now: datetime) -> bool:
        """Whether the message in flight can be sent again and certainly shows once."""
        platform = self._platforms[delivery.destination.place.platform]
        age = abs(now - delivery.started_at) if delivery.started_at else timedelta(0)
        return platform.repeatable and age < self._rules.repeat_within

    async def send(self, delivery: Delivery) -> None:
        """Send what is left of a post, message by message, in a task of its own."""
        begin("post", delivery.key)
        left, begun = thaw(delivery.payload)[len(delivery.sent) :], self._clock.now()
        if left and not self._stopping and not await self._log.begin_message(delivery):
            return
        for following, message in enumerate(left, start=1):
            if self._stopping:
                await self._log.put_off(delivery, timedelta(0), delivery.error, failed=False)
                return
            # Were this process held up until its lease ends, another one would look for the message before it is sent.
            while abs(self._clock.now() - begun) > self._rules.lease - self._rules.patience:
                begun = self._clock.now()
                if not await self._log.begin_message(delivery):
                    return
            begun = self._clock.now()
            sent = await self._send_one(delivery, message, more=following < len(left))
            if sent is None:
                return
            delivery = sent
        await self._log.end(delivery, Status.SENT)

    async def _send_one(self, delivery: Delivery, message: Message, *, more: bool) -> Delivery | None:
        """Send the next message; returns the delivery with it, None when it goes on later or never."""
        try:
            name = await self._show(delivery, message)
        except RefusedError as error:
            await self._refused(delivery, str(error))
        except BusyError as error:
            await self._log.put_off(delivery, timedelta(seconds=error.retry_after), str(error), failed=False)
        except PostponedError as error:
            await self._log.put_off(delivery, self._log.backoff(delivery, error.retry_after), str(error), failed=True)
        except (UnclearError, TimeoutError) as error:
            await self._unclear(delivery, str(error) or "The platform did not answer in time.")
        except Exception as error:
            log.exception("sending failed", delivery=delivery.key)
            await self._unclear(delivery, f"Sending failed here: {type(error).__name__}.")
        else:
            return await self._log.message_sent(delivery, message, name, more=more and not self._stopping)
        return None

    async def _show(self, delivery: Delivery, message: Message) -> str:
        place = delivery.destination.place
        async with self._patience():
            return await self._platforms[place.platform].send(
                place,
                message,
                nonce=nonce(delivery, len(delivery.sent)),
                first=delivery.sent[0] if delivery.sent else "",
            )

    @asynccontextmanager
    async def _patience(self) -> AsyncIterator[None]:
        """Raises TimeoutError when a platform takes too long; sooner when the bot is to stop."""
        patience = self._rules.grace if self._stopping else self._rules.patience
        async with asyncio.timeout(patience.total_seconds()) as wait:
            self._waits.add(wait)
            try:
                yield
            finally:
                self._waits.discard(wait)

    async def _unclear(self, delivery: Delivery, reason: str) -> None:
        """Come back to it: soon where a repetition shows once, else when looking for it tells the truth."""
        now = await self._log.now()
        in_flight = replace(delivery, started_at=delivery.started_at or now)
        if self._may_repeat(in_flight, now):
            wait = self._rules.repeat_within / 8
        else:
            wait = max(self._rules.lease, self._log.backoff(delivery))
        await self._log.put_off(in_flight, wait, reason, failed=True)

    async def _unknown(self, delivery: Delivery, reason: str) -> None:
        if await self._log.end(delivery, Status.UNKNOWN, reason):
            await self._tell_admins(delivery, unknown_message(delivery, reason))

    async def _refused(self, delivery: Delivery, reason: str) -> None:
        refusal = await self._log.refuse(delivery, reason)
        if refusal and refusal.news:
            await self._tell_admins(delivery, refusal_message(delivery, refusal, reason, self._rules.disable_after))

    async def _tell_admins(self, delivery: Delivery, message: Message) -> None:
        place = delivery.destination.place
        try:
            async with self._patience():
                await self._platforms[place.platform].tell_admins(place, message)
        except (DeliveryError, TimeoutError) as error:
            log.warning("admins could not be told", delivery=delivery.key, reason=str(error))


def nonce(delivery: Delivery, index: int) -> str:
    """What names one message of one delivery, the same each time: 24 characters, Discord takes 25."""
    return blake2b(f"{delivery.key} {index}".encode(), digest_size=12).hexdigest()
