"""What runs at short intervals, and staying up until asked to stop. Local post times are not decided here."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.runtime.trace import begin

log = structlog.get_logger()

Connection = Callable[[], Awaitable[None]]
"""Stays connected until cancelled."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Something done again and again; one that takes longer than `every` is not begun twice."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def __call__(self) -> None:
        """Do it once; an error is logged and the next time it is tried again."""
        async with self.busy:
            begin(self.name)
            try:
                await self.run()
            except Exception:
                log.exception("tick failed", tick=self.name)


class MonotonicTime(tzinfo):
    """UTC as it was at the start, and from then on what the monotonic clock adds.

    APScheduler waits on the wall clock: set back by an hour, its jobs would not run for that hour. It asks for the time
    by `datetime.now(timezone)`, and this time zone answers by a clock that nobody sets.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._began = monotonic()
        self._start = datetime.now(UTC).replace(tzinfo=None)

    def fromutc(self, _wall: datetime) -> datetime:
        """The moment that it is, whatever the wall clock says."""
        return (self._start + timedelta(seconds=self._monotonic() - self._began)).replace(tzinfo=self)

    def utcoffset(self, _moment: datetime | None) -> timedelta:
        """None at all."""
        return timedelta(0)

    def dst(self, _moment: datetime | None) -> timedelta:
        """None at all."""
        return timedelta(0)

    def tzname(self, _moment: datetime | None) -> str:
        """What logs call it."""
        return "UTC"


class Every(BaseTrigger):  # type: ignore[misc]  # APScheduler is untyped
    """Fires an interval after it was asked; runs missed while the machine slept are neither made up for nor counted."""

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        """An interval from now."""
        return now + self._interval


async def tick_until(ticks: Sequence[Tick], stop: asyncio.Event) -> None:
    """Run every tick at once and then at its interval, until `stop`; what is being done then is finished."""
    # It warns whenever a tick takes longer than its interval, which is no trouble here.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    clock = MonotonicTime()
    scheduler = AsyncIOScheduler(timezone=clock)
    for tick in ticks:
        scheduler.add_job(
            tick.__call__,
            Every(tick.every),
            name=tick.name,
            next_run_time=datetime.now(clock),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
    scheduler.start()
    try:
        await stop.wait()
        scheduler.pause()
        for tick in ticks:
            async with tick.busy:
                pass
    finally:
        scheduler.shutdown(wait=False)


async def serve(
    ticks: Sequence[Tick], connections: Sequence[Connection], stop: asyncio.Event, finish: Callable[[], None]
) -> None:
    """Tick and stay connected until `stop`; `finish` is called then, before what is being done is waited for.

    A connection that fails stops everything in the same orderly way, and its error is raised.
    """
    errors: list[Exception] = []

    async def hold(connect: Connection) -> None:
        try:
            await connect()
        except Exception as error:
            errors.append(error)
        finally:
            stop.set()

    held = [asyncio.create_task(hold(connect)) for connect in connections]
    ticking = asyncio.create_task(tick_until(ticks, stop))
    await stop.wait()
    finish()
    await ticking
    for task in held:
        task.cancel()
    await asyncio.gather(*held, return_exceptions=True)
    if errors:
        raise errors[0]
