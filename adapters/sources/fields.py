"""One value of a record, however its source writes it -> the domain's own type.

Every function raises ValueError with a reason a person can read; the caller adds where the value stood.
"""

import re
import reprlib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

Readings = tuple[tuple[datetime | None, int], ...]
"""Counts and the moments (UTC) they were read at; None where the source does not say when."""

_ODD = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]")
"""Control and formatting characters, which no title means to have, and lone surrogates, which no file can hold."""

_PARTIAL = re.compile(r"(\d{4})(?:[-/](\d{1,2}))?(?:[-/](\d{1,2}))?")
_WRITTEN_DATES = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%B %Y", "%b %Y")
_BETWEEN_NAMES = re.compile(r"\s*[;\n]\s*|\s*,\s*(?:and\s+)?|\s+and\s+")
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV)\.?")
_NOT_NAMES = frozenset({"", "others", "et al", "et al."})
_LARGEST_COUNT = 2**31 - 1


def text(value: object) -> str:
    """One line of text: control characters out, runs of whitespace folded into single spaces."""
    if isinstance(value, str):
        return value.strip() if value.isprintable() and "  " not in value else " ".join(_ODD.sub(" ", value).split())
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ValueError(f"{shown(value)} is not text")


def names(value: object) -> tuple[str, ...]:
    """Names of people from a list (of strings or of objects with a `name`) or from 'A. One, B. Two and C. Three'."""
    if isinstance(value, str):
        return _names_in_text(value)
    return tuple([name for name in map(_name, _items(value)) if name.lower() not in _NOT_NAMES])


def _name(item: object) -> str:
    if isinstance(item, dict):
        return "" if item.get("hidden") else text(item.get("name") or "")
    return text(item)


def _names_in_text(value: str) -> tuple[str, ...]:
    people: list[str] = []
    for part in map(text, _split_names(value)):
        if _SUFFIX.fullmatch(part) and people:
            people[-1] += f", {part}"
        elif part.lower() not in _NOT_NAMES:
            people.append(part)
    return tuple(people)


def _split_names(value: str) -> Iterable[str]:
    """Names apart; where each is written 'Doe, Jane' the given name goes first."""
    people = re.split(r"\s+and\s+|\s*;\s*", value)
    if len(people) > 1 and all(person.count(",") == 1 for person in people):
        return map(given_name_first, people)
    return _BETWEEN_NAMES.split(value)


def given_name_first(name: str) -> str:
    """'Doe, Jane' -> 'Jane Doe'; 'Doe, Jr., Jane' -> 'Jane Doe, Jr.'; any other name as it is."""
    family, *rest = (text(part) for part in name.split(","))
    if not rest:
        return family
    *suffix, given = rest
    return ", ".join((f"{given} {family}".strip(), *suffix))


def words(value: object) -> tuple[str, ...]:
    """Categories from a list or from 'cs.LG stat.ML' (spaces, commas and semicolons separate)."""
    return _distinct(re.split(r"[\s,;]+", value) if isinstance(value, str) else _items(value))


def phrases(value: object) -> tuple[str, ...]:
    """Keywords from a list or from 'graph learning; sparsity' (semicolons, else commas, separate)."""
    if isinstance(value, str):
        return _distinct(value.split(";" if ";" in value else ","))
    return _distinct(_items(value))


def _distinct(items: Iterable[object]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(text, items))))


def _items(value: object) -> Sequence[object]:
    if isinstance(value, list | tuple):
        return value
    raise ValueError(f"{shown(value)} is not a list")


def day(value: object) -> date:
    """A calendar day: ISO 8601, RFC 2822, '3 May 2024', or the first day of '2024-05' or '2024'."""
    if isinstance(value, str) and len(value) == 10 and value[4] == "-":
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{shown(value)} is not a date") from None
    return moment(value).date()


def moment(value: object) -> datetime:
    """A moment in UTC, from what `day` understands, with a time or without (midnight), or from seconds since 1970.

    A time without a zone is taken for UTC.
    """
    read = _read_number(value) if isinstance(value, int | float) else _read_written(value)
    if read is None:
        raise ValueError(f"{shown(value)} is not a date")
    try:
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{shown(value)} is not a date") from None


def _read_number(value: float) -> datetime | None:
    """A year, or seconds or milliseconds since 1970: the three ranges are far apart."""
    if isinstance(value, bool) or not 1000 <= value < 1e14:
        return None
    if value < 3000:
        return datetime(int(value), 1, 1, tzinfo=UTC)
    return datetime.fromtimestamp(value / 1000 if value >= 1e11 else value, tz=UTC)


def _read_written(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if not isinstance(value, str):
        return None
    written = value.strip()
    if match := _PARTIAL.fullmatch(written):
        return _date_or_none(*(int(part or 1) for part in match.groups()))
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return _read_prose(written)


def _date_or_none(year: int, month: int, day_of_month: int) -> datetime | None:
    try:
        return datetime(year, month, day_of_month, tzinfo=UTC)
    except ValueError:
        return None


def _read_prose(written: str) -> datetime | None:
    for shape in _WRITTEN_DATES:
        try:
            return datetime.strptime(written, shape).replace(tzinfo=UTC)
        except ValueError:
            continue
    try:
        return parsedate_to_datetime(written)
    except (ValueError, OverflowError):
        return None


def web_link(value: object) -> str:
    """An http or https URL; empty for anything else, since a link that cannot be trusted is better left out."""
    if not isinstance(value, str) or not value.lstrip().startswith(("http://", "https://")):
        return ""
    link = value.strip()
    if " " in link or not link.isprintable():
        return ""
    try:
        parts = urlsplit(link)
        host = parts.hostname
    except ValueError:
        return ""
    return link if host and "@" not in parts.netloc else ""


def readings(value: object) -> Readings:
    """Counts over time: `12`, or `[["2026-01-05T07:00:00Z", 3], ...]`."""
    if isinstance(value, list | tuple):
        return tuple(map(_reading, value))
    return ((None, count(value)),)


def _reading(pair: object) -> tuple[datetime, int]:
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        raise ValueError(f"{shown(pair)} is not a pair of moment and count")
    return moment(pair[0]), count(pair[1])


def count(value: object) -> int:
    """A whole number, not negative; digits in a string count too."""
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 12:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LARGEST_COUNT:
        raise ValueError(f"{shown(value)} is not a count")
    return value


def comment_readings(value: object) -> Readings:
    """As `readings`, but nothing for a sentence: arXiv's own metadata has '12 pages, 3 figures' under this name."""
    if isinstance(value, str) and not value.strip().isdecimal():
        return ()
    return readings(value)


def shown(value: object) -> str:
    """A value as a reason quotes it: short, on one line."""
    if isinstance(value, str):
        quoted = repr(value[:60]) if value.isprintable() else ascii(value[:60])
    else:
        quoted = reprlib.repr(value)  # which, unlike repr, does not choke on what is nested a thousand times
    return quoted if len(quoted) <= 60 else quoted[:57] + "..."
