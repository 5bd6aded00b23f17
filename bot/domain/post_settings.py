"""The settings of a daily post in words: parsing what was typed, and describing what is set."""

import re
from datetime import time
from zoneinfo import available_timezones

from bot.domain.counts import counted
from bot.domain.dates import WEEKDAYS
from bot.domain.destinations import EVERY_DAY, Destination, Layout, Quiet
from bot.domain.people import Topic
from bot.errors import UserError

_WEEK_NAMES = {"daily": EVERY_DAY, "weekdays": frozenset(range(5)), "weekends": frozenset({5, 6})}


def describe(destination: Destination) -> str:
    """`5 papers at 09:00 Europe/Berlin, Mon-Fri, a message for each.`"""
    papers = counted(destination.count, "paper")
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
    words = _unquoted(typed).lower()
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


_TIME = re.compile(r"(\d{1,2})(?:\s*[:.h]?\s*([0-5]\d))?\s*(?:h|uhr|o'?clock)?\s*([ap])?\.?\s*(?:m\.?)?", re.IGNORECASE)
_NAMED_TIMES = {"noon": time(12), "midday": time(12), "midnight": time(0)}


def _unquoted(typed: str) -> str:
    """What was typed, without spaces and quotation marks around it."""
    return typed.strip().strip('"“”').strip()


def parse_time(typed: str) -> time:
    """A time of day from `9`, `09:00`, `17.30`, `9am`, `9:00 p.m.` or `noon`. Raises UserError."""
    written = _unquoted(typed).lower()
    if named := _NAMED_TIMES.get(written):
        return named
    match = _TIME.fullmatch(written)
    hour = _hour(int(match[1]), match[3]) if match else None
    if match is None or hour is None or (match[3] is None and written.rstrip(".").endswith("m")):
        raise UserError(f"“{typed}” is not a time of day; write 09:00, 17:30 or 9am.")
    return time(hour, int(match[2] or 0))


def _hour(number: int, half: str | None) -> int | None:
    """The hour of 24 from one of 12 with its half of the day, or from one of 24; None for one there is not."""
    if half is None:
        return number if number < 24 else None
    return number % 12 + (12 if half == "p" else 0) if 1 <= number <= 12 else None


def split_time(at: str, timezone: str) -> tuple[str, str]:
    """Time and zone as they were meant where a space parted `9:00` from its `PM`."""
    first, _, rest = timezone.strip().partition(" ")
    return (f"{at} {first}", rest.strip()) if re.fullmatch(r"[ap]\.?m\.?", first, re.IGNORECASE) else (at, timezone)


_ABBREVIATIONS: dict[str, tuple[str, ...]] = {
    "et": ("America/New_York",),
    "est": ("America/New_York", "America/Panama"),
    "edt": ("America/New_York",),
    "eastern": ("America/New_York", "Australia/Sydney"),
    "ct": ("America/Chicago",),
    "cst": ("America/Chicago", "Asia/Shanghai"),
    "cdt": ("America/Chicago",),
    "central": ("America/Chicago",),
    "mt": ("America/Denver",),
    "mst": ("America/Denver", "America/Phoenix"),
    "mdt": ("America/Denver",),
    "mountain": ("America/Denver",),
    "pt": ("America/Los_Angeles",),
    "pst": ("America/Los_Angeles", "Asia/Manila"),
    "pdt": ("America/Los_Angeles",),
    "pacific": ("America/Los_Angeles",),
    "akst": ("America/Anchorage",),
    "akdt": ("America/Anchorage",),
    "hst": ("Pacific/Honolulu",),
    "hdt": ("America/Adak",),
    "ast": ("America/Halifax", "Asia/Riyadh"),
    "adt": ("America/Halifax",),
    "nst": ("America/St_Johns",),
    "brt": ("America/Sao_Paulo",),
    "art": ("America/Argentina/Buenos_Aires",),
    "clt": ("America/Santiago",),
    "cet": ("Europe/Berlin", "Europe/Paris", "Europe/Madrid"),
    "cest": ("Europe/Berlin", "Europe/Paris", "Europe/Madrid"),
    "mez": ("Europe/Berlin",),
    "mesz": ("Europe/Berlin",),
    "met": ("Europe/Berlin",),
    "wet": ("Europe/Lisbon",),
    "west": ("Europe/Lisbon",),
    "eet": ("Europe/Helsinki", "Europe/Athens", "Africa/Cairo"),
    "eest": ("Europe/Helsinki", "Europe/Athens"),
    "gmt": ("Europe/London", "Africa/Abidjan"),
    "bst": ("Europe/London", "Asia/Dhaka"),
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "idt": ("Asia/Jerusalem",),
    "msk": ("Europe/Moscow",),
    "trt": ("Europe/Istanbul",),
    "gst": ("Asia/Dubai",),
    "pkt": ("Asia/Karachi",),
    "wib": ("Asia/Jakarta",),
    "ict": ("Asia/Bangkok",),
    "sgt": ("Asia/Singapore",),
    "hkt": ("Asia/Hong_Kong",),
    "pht": ("Asia/Manila",),
    "kst": ("Asia/Seoul",),
    "jst": ("Asia/Tokyo",),
    "awst": ("Australia/Perth",),
    "acst": ("Australia/Adelaide", "Australia/Darwin"),
    "aest": ("Australia/Sydney", "Australia/Brisbane"),
    "aedt": ("Australia/Sydney",),
    "nzst": ("Pacific/Auckland",),
    "nzdt": ("Pacific/Auckland",),
    "sast": ("Africa/Johannesburg",),
    "eat": ("Africa/Nairobi",),
    "wat": ("Africa/Lagos",),
    "cat": ("Africa/Maputo",),
}
"""Places with the time that an abbreviation names, the largest first. Many mean several, and none says when clocks
change, so they are suggested rather than taken."""

_WITHOUT_SUMMER = frozenset({"est", "mst"})
"""Zones of the database that stand still all year, which hardly anybody means who types them."""


def parse_zone(typed: str) -> str:
    """The time zone of this name, whatever its case. Raises UserError with what was perhaps meant."""
    wanted = "_".join(_unquoted(typed).split()).lower()
    if wanted not in _WITHOUT_SUMMER:
        for zone in available_timezones():
            if zone.lower() == wanted:
                return zone
    close = zones_like(typed)[:3]
    hint = f"Did you mean {', '.join(close)}?" if close else "Write it like Europe/Berlin or America/New_York."
    if wanted in _WITHOUT_SUMMER:
        raise UserError(f"“{typed}” has no summer time. {hint}")
    raise UserError(f"“{typed}” is not a time zone. {hint}")


def zones_like(typed: str) -> list[str]:
    """Time zones that a half-typed name or an abbreviation may mean, the likeliest first.

    What was typed is the beginning of a zone, of its city, or of another word in it.
    """
    part = "_".join(typed.split()).lower()
    if not part:
        return sorted(available_timezones())
    known = _ABBREVIATIONS.get(part, ())
    # Two letters begin the names of many cities that are not meant.
    zones = [] if known else sorted(available_timezones())
    begun = [zone for zone in zones if zone.lower().startswith(part)]
    cities = [zone for zone in zones if zone.lower().rpartition("/")[2].startswith(part)]
    words = [zone for zone in zones if any(word.startswith(part) for word in re.split(r"[/_]", zone.lower()))]
    return list(dict.fromkeys([*known, *begun, *cities, *words]))


def describe_topics(followed: list[Topic]) -> str:
    """`diffusion, protein folding; not crypto`."""
    wanted = ", ".join(topic.text for topic in followed if topic.wanted)
    blocked = ", ".join(topic.text for topic in followed if not topic.wanted)
    return "; ".join(part for part in (wanted, f"not {blocked}" if blocked else "") if part)
