"""Times, days and time zones of a post as people write them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from typing import Literal, NamedTuple

from bot.domain.dates import WEEKDAYS
from bot.domain.destinations import EVERY_DAY, Destination
from bot.domain.zones import parse_zone, unquoted
from bot.errors import UserError

_WORKING, _FREE = frozenset(range(5)), frozenset({5, 6})
_WEEK_NAMES = {"daily": EVERY_DAY, "weekdays": _WORKING, "weekends": _FREE}
_OTHER_WEEK_NAMES = {
    **dict.fromkeys(("day", "everyday", "all week", "mornings"), EVERY_DAY),
    **dict.fromkeys(("weekday", "workdays", "workday", "working days", "business days", "week days"), _WORKING),
    **dict.fromkeys(("weekend", "the weekend"), _FREE),
}
_FILLING = frozenset({"every", "each", "on", "at", "in", "from", "the", "um", "à", "@"})
"""Words around a time, a day or a zone that say nothing."""


class When(NamedTuple):
    """What was said of a post's time; what was not said is None."""

    at: time | None = None
    timezone: str | None = None
    days: frozenset[int] | None = None

    def applied(self, destination: Destination) -> Destination:
        """A destination with what was said changed."""
        said = {name: value for name, value in self._asdict().items() if value is not None}
        return replace(destination, **said)


def parse_when(typed: str, needs: Literal["at", "days", ""] = "") -> When:
    """Time, zone and days in any order: `weekdays at 9 Berlin`, `9:30 pm ET`, `every monday`.

    Raises UserError, also where what is needed was not said; days will do for a time.
    """
    typed = typed.strip()
    words = unquoted(typed).split()
    start, end, at = _time_in(words)
    (before, around), (after, others) = _days_in(words[:start]), _days_in(words[end:])
    if before and after and before != after:
        raise UserError(f"“{typed}” says the days twice; write all of them together, such as mon,thu 9am.")
    days = before or after
    zones = [word for word in (*around, *others) if word.lower() not in _FILLING]
    if at is None and ((needs == "at" and days is None) or any(word[0].isdigit() for word in words)):
        parse_time(typed)
    if days is None and needs == "days":
        parse_days(typed)
    return When(at, parse_zone(" ".join(zones).strip(" ,;")) if zones else None, days)


def _time_in(words: list[str]) -> tuple[int, int, time | None]:
    """Where the first of the longest times among words begins and ends; at the end where there is none."""
    for length in range(_LONGEST_TIME, 0, -1):
        for start in range(len(words) - length + 1):
            if found := _read_time(" ".join(words[start : start + length]).rstrip(",;")):
                return start, start + length, found
    return len(words), len(words), None


def _days_in(words: list[str]) -> tuple[frozenset[int] | None, list[str]]:
    """The days that words begin or end with, and the other words."""
    for start, end in _runs(len(words)):
        if days := _read_days(" ".join(words[start:end])):
            return days, words[:start] + words[end:]
    return None, words


def _runs(length: int) -> Iterator[tuple[int, int]]:
    """The runs of words that begin or end a sentence, the longest first."""
    for size in range(length, 0, -1):
        yield 0, size
        yield length - size, length


# --- days


def parse_days(typed: str) -> frozenset[int]:
    """Weekdays (0 is Monday) from `daily`, `weekdays`, `mon-fri`, `mon, wed` or `every monday`. Raises UserError."""
    if days := _read_days(unquoted(typed)):
        return days
    raise UserError(f"“{typed}” is not a day or range of days; write daily, weekdays, mon-fri or mon,wed,fri.")


def parse_weekday(typed: str) -> int:
    """A weekday (0 is Monday) from `fri` or `every Friday`. Raises UserError."""
    days = _read_days(unquoted(typed))
    if days is None or len(days) > 1:
        wrong = "more than one day" if days else "not a weekday"
        raise UserError(f"“{typed.strip()}” is {wrong}; write one, such as fri.")
    return min(days)


def days_value(days: frozenset[int]) -> str:
    """What `parse_days` reads as these days: `daily`, `weekdays` or `mon,wed`."""
    named = {each: name for name, each in _WEEK_NAMES.items()}
    return named.get(days) or ",".join(WEEKDAYS[day][:3].lower() for day in sorted(days))


def _read_days(words: str) -> frozenset[int] | None:
    """The days that words name; None where they name none."""
    said = re.sub(r"\b(?:every|each) morning\b", "mornings", words.lower())
    meant = " ".join(word for word in said.split() if word not in _FILLING).strip(" ,;.")
    if named := _WEEK_NAMES.get(meant) or _OTHER_WEEK_NAMES.get(meant):
        return named
    ranges = re.sub(r"\s*(?:[-–—]|\b(?:to|till|until|through|thru)\b)\s*", "-", meant)
    days: set[int] = set()
    for part in re.split(r"(?:[,;/&\s]|\band\b)+", ranges):
        first, dash, last = part.partition("-")
        start, end = _weekday(first), _weekday(last if dash else first)
        if start is None or end is None:
            return None
        days.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    return frozenset(days)


def _weekday(name: str) -> int | None:
    begun = re.sub(r"s?\.?$", "", name)
    numbers = (number for number, weekday in enumerate(WEEKDAYS) if weekday.lower().startswith(begun))
    return next(numbers, None) if len(begun) >= 3 else None


# --- times

_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:\s*[:.h]?\s*(?P<minute>[0-5]\d)(?::[0-5]\d)?)?\s*(?:h|hrs|hours|uhr|o[’']?clock)?"
    r"\s*(?P<half>[ap])?\.?\s*(?P<m>m\.?)?"
)
_NAMED_TIMES = {
    **dict.fromkeys(("noon", "midday", "12noon", "12 noon"), time(12)),
    **dict.fromkeys(("midnight", "12midnight", "12 midnight"), time(0)),
}
_PARTS = re.compile(r"(?:a )?(?P<part>half|quarter) (?P<side>past|after|to) (?P<hour>.+)")
_LONGEST_TIME = 6
"""Words of a time, as in `quarter past nine in the evening`."""
_HALVES = {"in the morning": "am", "in the afternoon": "pm", "in the evening": "pm", "at night": "pm"}
_AFTER_MIDNIGHT = re.compile(r"(?:12|[1-4])(?:[:.h]\d\d)?(?: ?am)? at night")
_HOURS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def parse_time(typed: str) -> time:
    """A time of day from `9`, `0900`, `17h30`, `9am`, `9:00 p.m.`, `nine at night` or `noon`. Raises UserError."""
    if found := _read_time(unquoted(typed)):
        return found
    raise UserError(f"“{typed}” is not a time of day; write 09:00, 17:30 or 9am.")


def _read_time(words: str) -> time | None:
    """The time that words name; None where they name none."""
    if part := _PARTS.fullmatch(words.lower().removeprefix("at ")):
        return _beside(_read_time(part["hour"]), part["part"], part["side"])
    written = words.lower().removeprefix("at ").removeprefix("@").strip()
    for number, name in enumerate(_HOURS, start=1):
        written = re.sub(rf"^{name}(?=\s|[ap]m|$)", str(number), written)
    if _AFTER_MIDNIGHT.fullmatch(written):
        written = f"{written.removesuffix(' at night').removesuffix('am')}am"
    for name, half in _HALVES.items():
        written = re.sub(rf"(?:\s*{half[0]}\.?m\.?)? {name}$", half, written)
    if named := _NAMED_TIMES.get(written):
        return named
    match = _TIME.fullmatch(written)
    if match is None or (match["m"] and not match["half"]):
        return None
    hour = _hour(int(match["hour"]), match["half"])
    return None if hour is None else time(hour, int(match["minute"] or 0))


def _beside(hour: time | None, part: str, side: str) -> time | None:
    """Half or a quarter of an hour before or after a whole one; None where it is none, or people do not say so."""
    if hour is None or hour.minute or (part == "half" and side == "to"):
        return None
    minutes = 15 if part == "quarter" else 30
    return hour.replace(minute=minutes) if side != "to" else time((hour.hour - 1) % 24, 60 - minutes)


def _hour(number: int, half: str | None) -> int | None:
    """The hour of 24 from one of 12 with its half of the day, or from one of 24; None for one there is not."""
    if half is None:
        return number if number < 24 else None
    return number % 12 + (12 if half == "p" else 0) if 1 <= number <= 12 else None
