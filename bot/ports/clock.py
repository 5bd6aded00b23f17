"""Where the time comes from, and how to wait."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

Sleep = Callable[[float], Awaitable[None]]
"""Waits for a number of seconds."""


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The present moment, in UTC, with its time zone."""


class ServerClock(Protocol):
    """The clock of a database server, which all its workers share, however much their own disagree."""

    async def now(self) -> datetime:
        """The present moment, in UTC, with its time zone."""
