"""One value of a record, however its source writes it -> the domain's own type.

Every function raises ValueError with a reason a person can read; the caller adds where the value stood.
"""

import re
import reprlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime
from html import unescape
from urllib.parse import urlsplit

from adapters.sources import names as people
from bot.domain.links import LONGEST_LINK
from bot.domain.tex.reading import read_tex

Readings = tuple[tuple[datetime | None, int], ...]
"""Counts and the moments (UTC) they were read at; None where the source does not say when."""

_ODD = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]")
"""Control and formatting characters, which no title means to have, and lone surrogates, which no file can hold."""

_BLOCKS = "p|br|div|title|sec|section|h[1-6]|li|ul|ol|list|list-item|tr|td|abstract|label|caption"
_INLINE = (
    "i|b|em|strong|u|sub|sup|span|italic|bold|sc|small|tt|a|font|inf|underline|monospace|roman|strike|styled-content"
    "|named-content|ext-link|xref|inline-formula|disp-formula|alternatives|tex-math|math|mrow|mi|mn|mo|msub|msup|msubsup"
    "|mtext|mstyle|mfrac|msqrt|mover|munder|mspace|semantics|annotation|scp|nobr|it|emphasis"
)
_TAG = re.compile(
    rf"</?(?:jats:|mml:|ns\d:)?(?:(?P<block>{_BLOCKS})|(?:{_INLINE}))(?:\s[^<>]*)?/?>|</?(?:jats|mml):[\w-]+[^<>]*>",
    re.IGNORECASE,
)
_CLOSING_TAG = re.compile(r"</\w")
_TEX_OF_FORMULA = re.compile(r"<(jats:|mml:|)(tex-math|annotation)\b")
"""Where a formula is written as TeX, beside its MathML."""

_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z]\w+);")

_PARTIAL = re.compile(r"(\d{4})(?:[-/](\d{1,2}))?(?:[-/](\d{1,2}))?")
_ISO_WITH_ZEROS = re.compile(r"(\d{4})[-/](\d{1,2})?(?:[-/](\d{1,2})?)?(?=\s*(?:/|T\d|$|nan|undefin|[~?%]))")
_MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
_SHORT_MONTHS = {month[:3].capitalize(): number for number, month in enumerate(_MONTHS, 1)}
_MAILED = re.compile(
    rf"[A-Z][a-z]{{2}}, (\d{{1,2}}) ({'|'.join(_SHORT_MONTHS)}) (\d{{4}})"
    r" (\d{2}):(\d{2}):(\d{2}) (?:GMT|\+0000)"
)
"""A moment as mails and arXiv's snapshot have it."""

_WRITTEN_DATES = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%B %Y", "%b %Y")
_LARGEST_COUNT = 2**31 - 1


def text(value: object) -> str:
    """One line of text: control characters out, runs of whitespace folded into single spaces."""
    if isinstance(value, str):
        line = value.strip().replace("\n", " ")
        # Of all that is blank a space alone is printable: most texts need not be cut and put together again.
        if line.isprintable() and "  " not in line:
            return line
        folded = " ".join(line.split())
        return folded if folded.isprintable() else " ".join(_ODD.sub(" ", folded).split())
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ValueError(f"{shown(value)} is not text")


def names(value: object) -> tuple[str, ...]:
    """Names of people from a list (of strings or of objects) or from 'A. One, B. Two and C. Three'; TeX is read."""
    if isinstance(value, str):
        return people.read_names(_read_name(value))
    return tuple(filter(None, map(_spoken_name, _items(value))))


def _spoken_name(item: object) -> str:
    """The name of an item of a list as it is spoken; empty when it is none."""
    if isinstance(item, str):
        return item if people.is_plain(item) else people.family_last(_name(item))
    if isinstance(item, list) and (name := people.plainly_parted(item)):
        return name
    return people.family_last(_name(item))


def _name(item: object) -> str:
    if isinstance(item, dict):
        return "" if item.get("hidden") else _name_of(item)
    if isinstance(item, list) and item and all(isinstance(part, str) for part in item):
        # As arXiv's snapshot parses them: family name, given names, suffix.
        return ", ".join(filter(None, (text(item[0]), *map(text, item[2:3]), *map(text, item[1:2]))))
    return _apart_from_group(_read_name(text(item)))


def _read_name(written: str) -> str:
    return read_tex(written, braces=True).replace("~", " ")


def _apart_from_group(name: str) -> str:
    """The name of an organisation without the comma that would turn it around: `Google, Inc`."""
    return name.replace(",", " ").replace("  ", " ") if people.is_group(name) else name


def _name_of(item: Mapping[str, object]) -> str:
    """A person's name in an object, by whatever keys it has."""
    for family, given in (
        ("family", "given"),
        ("lastName", "firstName"),
        ("last", "first"),
        ("family_name", "given_name"),
    ):
        if item.get(family):
            particle = text(item.get("non-dropping-particle") or item.get("dropping-particle") or "")
            parts = (f"{particle} {text(item[family])}".strip(), item.get("suffix"), item.get(given))
            return ", ".join(_read_name(text(part)) for part in parts if part)
    author = item.get("author")
    if isinstance(author, dict):
        return _name_of(author)
    for key in ("name", "literal", "display_name", "fullName", "collectiveName", "raw_author_name", "text", "value"):
        if item.get(key):
            return _apart_from_group(_read_name(text(item[key])))
    return ""


_OF_PUBMED = re.compile(r"\W*(PMC?ID)\W+((?:PMC)?\d{1,9})\W*", re.IGNORECASE)


def pubmed_ids(pmid: object, pmcid: object, remarks: object = "") -> tuple[str, ...]:
    """What a record tells of a paper's numbers in PubMed and PMC, also as all that a line of its remarks says.

    >>> pubmed_ids(29518074, None, "{PMCID:} PMC5843160")
    ('PMID: 29518074', 'PMCID: PMC5843160')
    """
    noted = map(_OF_PUBMED.fullmatch, str(remarks or "").splitlines())
    own = [f"{name}: {number}" for name, number in (("PMID", pmid), ("PMCID", pmcid)) if number]
    return (*own, *(f"{each[1].upper()}: {each[2]}" for each in noted if each))


def markup_free(written: str) -> str:
    """A text without the HTML, JATS and MathML that services put into it; what is no such tag (`<think>`) stays."""
    if "<" in written:
        written = _TAG.sub(_what_a_tag_leaves, _without_formulas_as_tex(written))
    if "&" in written and (plain := _ENTITY.sub(lambda match: unescape(match[0]), written)) != written:
        written = _TAG.sub(_what_a_tag_leaves, plain) if _CLOSING_TAG.search(plain) else plain
    return written


def _without_formulas_as_tex(written: str) -> str:
    """A text without the TeX beside MathML. What closes none is looked for once: a pattern would look at each again."""
    kept, at, never = [], 0, set[str]()
    for opening in _TEX_OF_FORMULA.finditer(written):
        if opening.start() < at:
            continue
        ends = []
        for closing in {f"</{opening[1]}{opening[2]}>", f"</{opening[2]}>"} - never:
            if (end := written.find(closing, opening.end())) >= 0:
                ends.append(end + len(closing))
            else:
                never.add(closing)
        if ends:
            kept.append(written[at : opening.start()])
            at = min(ends)
    return "".join([*kept, written[at:]])


def _what_a_tag_leaves(tag: re.Match[str]) -> str:
    return " " if tag["block"] else ""


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
            pass  # A month or a day that is not known may be written as 00.
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
    match = _PARTIAL.fullmatch(written)
    read = _date_or_none(*(int(part or 1) for part in match.groups())) if match else _read_mailed(written)
    if read:
        return read
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return _read_prose(written)


def joined_date(year: str, month: str, day_of_month: str) -> str:
    """A date from the three parts that a bibliography keeps apart; parts nobody can read are left out.

    >>> joined_date("2019", "may", ""), joined_date("2019", "07", "14"), joined_date("2019", "10 dec", "")
    ('2019-05', '2019-07-14', '2019-12-10')
    """
    if not re.fullmatch(r"\d{4}", year) or not month:
        return year
    number = int(month) if re.fullmatch(r"\d{1,2}", month) else _month_in(month)
    if not 1 <= number <= 12:
        return year
    found = re.search(r"\d{1,2}", day_of_month) or (None if month.isdigit() else re.search(r"\d{1,2}", month))
    return f"{year}-{number:02}" + (
        f"-{int(found[0]):02}" if found and _date_or_none(int(year), number, int(found[0])) else ""
    )


def _month_in(written: str) -> int:
    """The first month that a text names, in whole or by three letters or more; 0 for none."""
    for word in re.findall(r"[A-Za-z]{3,}", written):
        for number, month in enumerate(_MONTHS, 1):
            if month.startswith(word.lower()):
                return number
    return 0


def _read_loosely(written: str) -> datetime | None:
    """The year of a date in words or with zeros for what is not known, and its month and day where they are sure.

    `2013-00-00`, `2004-03-01/2006-05-30`, `1982--1983`, `c2018`, `2018a`, `9-13 Aug. 2015`, `1723?~`, `2019/2020`.
    """
    if match := _ISO_WITH_ZEROS.match(written):
        year, month, day_of_month = (int(part or 0) for part in match.groups())
        return _date_or_none(year, month or 1, day_of_month if month and day_of_month else 1)
    if re.match(r"\d{4}-\d\d-\d\d", written) or written.startswith("-"):
        return None
    years = re.findall(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)", written)
    if not years:
        return None
    month = _month_in(written)
    days = re.findall(r"(?<![\d/])(\d{1,2})(?![\d/])", written) if month else []
    number = int(days[0]) if days and _is_one_month(written) else 1
    return _date_or_none(int(years[0]), month or 1, number) or datetime(int(years[0]), month or 1, 1, tzinfo=UTC)


def _is_one_month(written: str) -> bool:
    return len([word for word in re.findall(r"[A-Za-z]{3,}", written) if _month_in(word)]) == 1


def _date_or_none(year: int, month: int, day_of_month: int) -> datetime | None:
    try:
        return datetime(year, month, day_of_month, tzinfo=UTC)
    except ValueError:
        return None


def _read_mailed(written: str) -> datetime | None:
    match = _MAILED.fullmatch(written)
    if not match:
        return None
    day_of_month, year, hour, minute, second = map(int, match.group(1, 3, 4, 5, 6))
    try:
        return datetime(year, _SHORT_MONTHS[match[2]], day_of_month, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None  # No such day, or no such hour.


def _read_prose(written: str) -> datetime | None:
    for shape in _WRITTEN_DATES:
        try:
            return datetime.strptime(written, shape).replace(tzinfo=UTC)
        except ValueError:
            continue
    try:
        return parsedate_to_datetime(written)
    except (ValueError, OverflowError):
        return _read_loosely(written)


def web_link(value: object) -> str:
    """An http or https URL; empty for anything else, since a link that cannot be trusted is better left out."""
    if not isinstance(value, str) or not value.lstrip().startswith(("http://", "https://")):
        return ""
    link = value.strip()
    if len(link) > LONGEST_LINK or " " in link or not link.isprintable():
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
