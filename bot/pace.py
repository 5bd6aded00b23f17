"""Pace: so many a second and no more, however many want to go at once."""

import asyncio
import time
from collections.abc import Awaitable, Callable


class Pace:
    """Lets through `a_second`, and up to `burst` together after a rest (the generic cell rate algorithm).

    Waiting goes through `pause` (seconds) and `seconds`, a clock that only runs forward.
    """

    def __init__(
        self,
        a_second: float,
        burst: int = 1,
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._interval = 1 / a_second
        self._tolerance = (burst - 1) * self._interval
        self._pause = pause
        self._seconds = seconds
        self._following = 0.0
        """When the next would go if there were no bursts."""

    async def turn(self) -> None:
        """Wait until one more may go; who came first goes first."""
        now = self._seconds()
        start = max(self._following, now)
        self._following = start + self._interval
        if (wait := start - self._tolerance - now) > 0:
            await self._pause(wait)

    def hold(self, wait: float) -> None:
        """Let nobody through who comes within the next `wait` seconds."""
        self._following = max(self._following, self._seconds() + wait + self._tolerance)
