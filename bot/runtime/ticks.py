"""What runs at short intervals, and staying up until asked to stop. Local post times are not decided here."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.runtime.trace import begin

log = structlog.get_logger()

Connection = Callable[[Callable[[], None]], Awaitable[None]]
"""Stays connected until cancelled; calls what it is given once it is connected."""

DRAIN = timedelta(seconds=9)
"""How long what is being done may take once the bot is asked to stop."""
_FOR_CONNECTIONS = timedelta(seconds=1)
"""Of that, what is kept for disconnecting."""


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


async def tick_until(ticks: Sequence[Tick], stop: asyncio.Event, patience: timedelta = DRAIN) -> None:
    """Run every tick at once and then at its interval, until `stop`.

    What is being done then is finished, or broken off when it takes longer than `patience`.
    """
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
        async with asyncio.timeout(patience.total_seconds()):
            for tick in ticks:
                async with tick.busy:
                    pass
    except TimeoutError:
        log.warning("what was being done was broken off", ticks=[tick.name for tick in ticks if tick.busy.locked()])
    finally:
        scheduler.shutdown(wait=False)


async def serve(
    ticks: Sequence[Tick],
    connections: Sequence[Connection],
    stop: asyncio.Event,
    finish: Callable[[], None],
    *,
    ready: Callable[[], None],
    patience: timedelta = DRAIN,
) -> None:
    """Tick and stay connected until `stop`; `finish` is called then, before what is being done is waited for.

    `ready` is called when all are connected. A connection that fails stops everything in the same orderly way, and its
    error is raised. What does not end within `patience` of `stop` is broken off.
    """
    errors: list[Exception] = []
    awaited = set(range(len(connections)))

    def connected(number: int) -> None:
        if number in awaited:
            awaited.remove(number)
            if not awaited:
                ready()

    async def hold(number: int, connect: Connection) -> None:
        try:
            await connect(partial(connected, number))
        except Exception as error:
            errors.append(error)
        finally:
            stop.set()

    held = [asyncio.create_task(hold(number, connect)) for number, connect in enumerate(connections)]
    ticking = asyncio.create_task(tick_until(ticks, stop, patience - _FOR_CONNECTIONS))
    if not awaited:
        ready()
    await stop.wait()
    deadline = asyncio.get_running_loop().time() + patience.total_seconds()
    finish()
    await ticking
    await _end(held, deadline)
    if errors:
        raise errors[0]


async def _end(held: Collection[asyncio.Task[None]], deadline: float) -> None:
    """Disconnect; what has not ended by the deadline, a time of the loop, is left to end with the process."""
    for task in held:
        task.cancel()
    if held:
        left = deadline - asyncio.get_running_loop().time()
        _, late = await asyncio.wait(held, timeout=max(left, _FOR_CONNECTIONS.total_seconds()))
        if late:
            log.warning("connections did not close in time", connections=len(late))
