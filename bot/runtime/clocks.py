"""Clocks: the machine's, and those that stand or run from another moment."""

from dataclasses import dataclass
from datetime import UTC, datetime


class SystemClock:
    """The time of this machine."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class StandingClock:
    """A clock that stands still: `--as-of`, and the demo."""

    moment: datetime

    def now(self) -> datetime:
        """The moment it stands at."""
        return self.moment


class RunningClock:
    """A clock that was set to a moment and runs on from there."""

    def __init__(self, start: datetime) -> None:
        self._ahead = start - datetime.now(UTC)

    def now(self) -> datetime:
        """The moment it has come to."""
        return datetime.now(UTC) + self._ahead
