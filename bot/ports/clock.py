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
