"""Where the time comes from, and what waits for it to pass."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

Sleep = Callable[[float], Awaitable[None]]
"""Waits for some seconds."""


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The present moment, in UTC, with its time zone."""
