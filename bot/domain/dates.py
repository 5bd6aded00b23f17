"""Dates as people write them; the locale of the machine does not matter."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.messages import Span
from bot.domain.zones import zone_name

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""The days of the week, Monday first."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def long_date(day: date) -> str:
    """`19 Jun 2020`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def full_date(day: date) -> str:
    """`Monday, 19 Jan 2026`."""
    return f"{WEEKDAYS[day.weekday()]}, {long_date(day)}"


def shown_moment(moment: datetime, timezone: str) -> Span:
    """A moment in each reader's own time where the platform knows it, elsewhere as `local_moment` writes it."""
    return Span(local_moment(moment, timezone), moment=moment)


def local_moment(moment: datetime, timezone: str) -> str:
    """`Mon 19 Jan 2026, 09:00 Europe/Berlin`: a moment in a time zone, which is named."""
    local = moment.astimezone(ZoneInfo(timezone))
    return f"{WEEKDAYS[local.weekday()][:3]} {long_date(local.date())}, {local:%H:%M} {zone_name(timezone)}"


def ago(moment: datetime, now: datetime) -> str:
    """How long ago a moment was, in the largest unit of which there are two: `just now`, `90 minutes ago`."""
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 2:
        return "just now"
    unit, each = next(((name, size) for name, size in _UNITS if minutes >= 2 * size), ("minute", 1))
    return f"{minutes // each:,} {unit}s ago"


_UNITS = (("day", 24 * 60), ("hour", 60))


def long_ago(moment: datetime, now: datetime) -> str:
    """How long ago a moment was, in days or more: `yesterday`, `5 days ago`, `3 weeks ago`, `2 years ago`."""
    days = (now - moment).days
    if days < 2:
        return "yesterday" if days == 1 else "today"
    unit, each = next(((name, size) for name, size in _LONG_UNITS if days >= 2 * size), ("day", 1))
    return f"{days // each:,} {unit}s ago"


_LONG_UNITS = (("year", 365), ("month", 30), ("week", 7))
