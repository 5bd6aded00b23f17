"""The settings of a daily post in words: parsing what was typed, and describing what is set."""

import re
from datetime import time
from zoneinfo import available_timezones

from bot.domain.dates import WEEKDAYS
from bot.domain.destinations import EVERY_DAY, Destination, Layout, Quiet
from bot.domain.people import Topic
from bot.errors import UserError

_WEEK_NAMES = {"daily": EVERY_DAY, "weekdays": frozenset(range(5)), "weekends": frozenset({5, 6})}


def describe(destination: Destination) -> str:
    """`5 papers at 09:00 Europe/Berlin, Mon-Fri, a message for each.`"""
    papers = "1 paper" if destination.count == 1 else f"{destination.count} papers"
    when = f"{destination.at:%H:%M} {destination.timezone}"
    extras = [
        f"at least {destination.minimum} expected upvotes" if destination.minimum else "",
        "nothing on a day without papers" if destination.quiet is Quiet.SKIP else "",
        f"a round-up on {_short(destination.weekly)}" if destination.weekly is not None else "",
    ]
    return (
        ", ".join(filter(None, [f"{papers} at {when}", describe_days(destination.days), _layout(destination), *extras]))
        + "."
    )


def _layout(destination: Destination) -> str:
    if destination.layout is Layout.COMPACT:
        return "all in one message"
    return "a message and a thread for each" if destination.opens_threads else "a message for each"


def describe_days(days: frozenset[int]) -> str:
    """`every day`, `Mon-Fri` or `Mon, Wed`."""
    if days == EVERY_DAY:
        return "every day"
    names = [_short(day) for day in sorted(days)]
    run = len(days) > 2 and max(days) - min(days) == len(days) - 1
    return f"{names[0]}-{names[-1]}" if run else ", ".join(names)


def parse_days(typed: str) -> frozenset[int]:
    """Weekdays (0 is Monday) from `daily`, `weekdays`, `mon-fri` or `mon, wed`. Raises UserError."""
    words = typed.lower().strip()
    if words in _WEEK_NAMES:
        return _WEEK_NAMES[words]
    days: set[int] = set()
    for part in re.split(r"[,;/&\s]+", re.sub(r"\s*[-–]\s*", "-", words)):
        first, dash, last = part.partition("-")
        start = _weekday(first, typed)
        end = _weekday(last, typed) if dash else start
        days.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    return frozenset(days)


def days_value(days: frozenset[int]) -> str:
    """What `parse_days` reads as these days: `daily`, `weekdays` or `mon,wed`."""
    named = {each: name for name, each in _WEEK_NAMES.items()}
    return named.get(days) or ",".join(_short(day).lower() for day in sorted(days))


def parse_weekday(typed: str) -> int:
    """A weekday (0 is Monday) from `fri` or `Friday`. Raises UserError."""
    return _weekday(typed.strip().lower(), typed)


def _short(day: int) -> str:
    return WEEKDAYS[day][:3]


def _weekday(name: str, typed: str) -> int:
    for number, weekday in enumerate(WEEKDAYS):
        if len(name) >= 3 and weekday.lower().startswith(name.rstrip("s.")):
            return number
    raise UserError(f"“{typed}” is not a day or range of days; write daily, weekdays, mon-fri or mon,wed,fri.")


def parse_time(typed: str) -> time:
    """A time of day from `9`, `09:00` or `17.30`. Raises UserError."""
    match = re.fullmatch(r"([01]?\d|2[0-3])[:.h]?([0-5]\d)?", typed.strip())
    if not match:
        raise UserError(f"“{typed}” is not a time of day; write 09:00 or 17:30.")
    return time(int(match[1]), int(match[2] or 0))


def parse_zone(typed: str) -> str:
    """The time zone of this name, whatever its case. Raises UserError, which suggests similar ones."""
    wanted = typed.strip().replace(" ", "_").lower()
    zones = sorted(available_timezones())
    for zone in zones:
        if zone.lower() == wanted:
            return zone
    close = [zone for zone in zones if wanted and wanted in zone.lower()][:3]
    hint = f"Did you mean {', '.join(close)}?" if close else "Write it like Europe/Berlin or America/New_York."
    raise UserError(f"“{typed}” is not a time zone. {hint}")


def describe_topics(followed: list[Topic]) -> str:
    """`diffusion, protein folding; not crypto`."""
    wanted = ", ".join(topic.text for topic in followed if topic.wanted)
    blocked = ", ".join(topic.text for topic in followed if not topic.wanted)
    return "; ".join(part for part in (wanted, f"not {blocked}" if blocked else "") if part)
