"""RateLimit: so many in a while and no more, however many want to go at once, and one after another in each channel."""

import asyncio
import time
from collections import deque
from typing import Protocol

_CHANNELS_REMEMBERED = 1000


class Timer(Protocol):
    """Waiting, and a clock that only runs forward."""

    async def pause(self, seconds: float) -> None:
        """Wait."""

    def seconds(self) -> float:
        """Seconds since some moment."""


class RealTime:
    """The Timer of this machine."""

    async def pause(self, seconds: float) -> None:
        """Wait while others go on."""
        await asyncio.sleep(seconds)

    def seconds(self) -> float:
        """Seconds since the machine started, or thereabouts."""
        return time.monotonic()


REAL_TIME = RealTime()


class RateLimit:
    """Lets `most` through in any `within` seconds, evenly spaced.

    On a busy machine some go late; what is lost so is caught up, as far as `within` seconds hold it.
    """

    def __init__(self, most: int, within: float, timer: Timer = REAL_TIME) -> None:
        self._within = within
        self._interval = within / most
        self._timer = timer
        self._following = timer.seconds()
        """When the next is to go."""
        self._queue = asyncio.Lock()
        self._gone = deque([float("-inf")] * most, maxlen=most)
        """When the last ones really went."""

    async def turn(self) -> None:
        """Wait until one more may go; who came first goes first."""
        start = max(self._following, self._timer.seconds())
        self._following = start + self._interval
        async with self._queue:
            if (wait := max(start, self._gone[0] + self._within) - self._timer.seconds()) > 0:
                await self._timer.pause(wait)
            self._gone.append(self._timer.seconds())

    def hold(self, wait: float) -> None:
        """Let nobody through who comes within the next `wait` seconds."""
        self._following = max(self._following, self._timer.seconds() + wait)


class Spacing:
    """Keeps the messages of each channel `between` seconds apart, and then to a pace that channels share."""

    def __init__(self, between: float, timer: Timer = REAL_TIME) -> None:
        self._between = between
        self._timer = timer
        self._next: dict[str, float] = {}
        """When each channel may get its next message."""

    async def turn(self, channel: str, pace: RateLimit) -> None:
        """Wait until a channel may get its next message, and then for the pace."""
        now = self._timer.seconds()
        if len(self._next) > _CHANNELS_REMEMBERED:
            self._next = {key: moment for key, moment in self._next.items() if moment > now}
        start = max(now, self._next.get(channel, now))
        self._next[channel] = start + self._between
        if start > now:
            await self._timer.pause(start - now)
        await pace.turn()
        self._next[channel] = max(self._next[channel], self._timer.seconds() + self._between)
