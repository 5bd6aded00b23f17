"""Where daily posts go, how each is set, and when each is due."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.people import Place

EVERY_DAY = frozenset(range(7))


class Layout(StrEnum):
    """How a daily post is laid out."""

    CARDS = "cards"
    """One message for each paper under a short header, so that a reaction and a thread belong to one paper."""
    COMPACT = "compact"
    """Everything in one message; keycap reactions pick the paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A place that gets the daily post: at `at` (local time of `timezone`) on `days` (0 is Monday)."""

    place: Place
    enabled: bool = True
    at: time = time(9)
    timezone: str = "UTC"
    days: frozenset[int] = EVERY_DAY
    count: int = 5
    layout: Layout = Layout.CARDS


def next_run(destination: Destination, after: datetime) -> datetime | None:
    """The first moment (UTC) after `after` at which a post is due; None when it is switched off or has no day."""
    if not destination.enabled or not destination.days:
        return None
    zone = ZoneInfo(destination.timezone)
    day = after.astimezone(zone).date() - timedelta(days=1)
    for _ in range(10):
        due = moment_on(day, destination.at, zone) if day.weekday() in destination.days else None
        if due and due > after:
            return due
        day += timedelta(days=1)
    return None


def moment_on(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """The one moment (UTC) that stands for a wall time on a local day; None when the zone skipped that day.

    A wall time that a clock change skips is read with the offset before the change (02:30 becomes 03:30), or, where
    that falls on another day, with the one after; of a wall time that comes twice the first is meant.
    """
    for fold in (0, 1):
        moment = datetime.combine(day, at, tzinfo=zone).replace(fold=fold).astimezone(UTC)
        if moment.astimezone(zone).date() == day:
            return moment
    return None
