"""Time zones as people name them: by a city, a country, an abbreviation or a distance from UTC."""

import re
from collections import defaultdict
from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones

from bot.domain.words import normalized, plain_letters
from bot.errors import UserError

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
"""Places with the time that an abbreviation names, the largest first. None says when clocks change, so a place does."""

_ASKED = frozenset({"cst", "ist", "ast", "eastern"})
"""Abbreviations that many people use for two times far apart: these are asked about."""

_STANDING = frozenset({"est", "mst", "hst"})
"""Names of the database whose clocks never change, which hardly anybody means who types them."""

_CITIES = {
    "Africa/Cairo": "egypt",
    "America/Chicago": "austin, dallas, houston, minneapolis, st louis",
    "America/Denver": "salt lake city",
    "America/Los_Angeles": "bay area, berkeley, california, palo alto, portland, san diego, san francisco, "
    "seattle, sf, stanford, la",
    "America/New_York": "atlanta, boston, cambridge ma, ithaca, miami, nyc, philadelphia, pittsburgh, princeton, "
    "washington, washington dc",
    "America/Sao_Paulo": "brasilia, rio, rio de janeiro",
    "America/Toronto": "ottawa, waterloo",
    "Asia/Ho_Chi_Minh": "hanoi, vietnam",
    "Asia/Jerusalem": "haifa",
    "Asia/Kolkata": "bangalore, bengaluru, chennai, delhi, hyderabad, mumbai, new delhi, pune",
    "Asia/Riyadh": "jeddah, thuwal",
    "Asia/Seoul": "daejeon, korea, south korea",
    "Asia/Shanghai": "beijing, china, guangzhou, hangzhou, nanjing, peking, shenzhen, wuhan",
    "Asia/Tokyo": "kyoto, osaka",
    "Asia/Dubai": "abu dhabi",
    "Australia/Sydney": "canberra",
    "Europe/Amsterdam": "delft, eindhoven, holland, the netherlands",
    "Europe/Berlin": "aachen, bonn, cologne, darmstadt, dresden, dusseldorf, frankfurt, freiburg, hamburg, "
    "heidelberg, karlsruhe, koln, leipzig, munich, munchen, saarbrucken, stuttgart, tubingen, "
    "germany, deutschland",
    "Europe/Istanbul": "ankara",
    "Europe/London": "cambridge, edinburgh, england, glasgow, manchester, oxford, scotland, uk, united kingdom",
    "Europe/Madrid": "barcelona, spain, valencia",
    "Europe/Paris": "grenoble, lyon, nice, toulouse",
    "Europe/Rome": "florence, milan, milano, pisa, turin",
    "Europe/Vienna": "graz, linz, wien",
    "Europe/Warsaw": "krakow",
    "Europe/Zurich": "basel, bern, epfl, geneva, lausanne",
}
"""Cities and countries that the database has no zone of, or several, with the zone whose clocks they have."""

_HALF_HOURS = {
    (1, 3, 30): "Asia/Tehran",
    (1, 4, 30): "Asia/Kabul",
    (1, 5, 30): "Asia/Kolkata",
    (1, 5, 45): "Asia/Kathmandu",
    (1, 6, 30): "Asia/Yangon",
    (1, 8, 45): "Australia/Eucla",
    (1, 9, 30): "Australia/Darwin",
    (-1, 9, 30): "Pacific/Marquesas",
}
"""Zones that keep a time between two whole hours all year, by sign, hours and minutes."""

_LONGEST = 200
"""Characters of a time, days and a zone: every run of their words is tried for what it may mean."""

_OFFSET = re.compile(r"(?:utc|gmt|z)?\s*(?P<sign>[+\-−–])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?")
_ETC = re.compile(r"Etc/GMT(?P<sign>[+-])(?P<hours>\d+)")
_NOWHERE = frozenset({"Factory", "localtime"})
"""Entries of the database that are no place's time: the machine's own, and one for machines that have none."""

_LAST_WORDS = re.compile(r"(?:_standard|_daylight|_summer)?_time$")


def unquoted(typed: str) -> str:
    """What was typed, without spaces and quotation marks around it. Raises UserError for what is far too long."""
    if len(typed) > _LONGEST:
        raise UserError(f"A time, days and a time zone together have at most {_LONGEST} characters.")
    return normalized("NFKC", typed).strip().strip("\"“”'").strip()


def parse_zone(typed: str) -> str:
    """The time zone of a name, city, country or abbreviation, whatever its case, or of `UTC+1`. Raises UserError.

    A distance from UTC is counted as people do: `GMT+2` is east of Greenwich. What names two times is not guessed.
    """
    found = _zone(_key(typed)) if unquoted(typed) else None
    if found:
        return found
    close = zones_like(typed)[:3]
    hint = f"Did you mean {', '.join(close)}?" if close else "Write it like Berlin, America/New_York or UTC+1."
    if _key(typed) in _ASKED:
        raise UserError(f"“{typed}” is the name of several times. {hint}")
    raise UserError(f"“{typed}” is not a time zone. {hint}")


def _key(typed: str) -> str:
    """What was typed as zones are looked up: lower case, words joined, without `time` at the end."""
    joined = "_".join(plain_letters(unquoted(typed)).strip("() ").replace(".", "").split())
    return _LAST_WORDS.sub("", joined)


@cache
def _zones() -> frozenset[str]:
    """Every zone that somebody may live in."""
    return frozenset(available_timezones() - _NOWHERE)


def _zone(key: str) -> str | None:
    if offset := _OFFSET.fullmatch(key.replace("_", "")):
        return _at_offset(-1 if offset["sign"] in "-−–" else 1, int(offset["hours"]), int(offset["minutes"] or 0))
    if key in _ABBREVIATIONS:
        named = _by_name().get(key) if key not in _STANDING else None
        return named or (None if key in _ASKED else _ABBREVIATIONS[key][0])
    return _by_name().get(key) or _by_place().get(key)


def _at_offset(sign: int, hours: int, minutes: int) -> str | None:
    """A zone that is always as far from UTC; None where there is none. The database counts west as positive."""
    if minutes:
        return _HALF_HOURS.get((sign, hours, minutes))
    if hours == 0:
        return "UTC"
    return f"Etc/GMT{'-' if sign > 0 else '+'}{hours}" if hours <= (14 if sign > 0 else 12) else None


def zone_name(zone: str) -> str:
    """What people call a zone: `Europe/Berlin`, and `UTC+2` for what the database calls Etc/GMT-2."""
    match = _ETC.fullmatch(zone)
    return f"UTC{'-' if match['sign'] == '+' else '+'}{match['hours']}" if match else zone


@cache
def _by_name() -> dict[str, str]:
    return {zone.lower(): zone for zone in _zones()}


@cache
def _by_place() -> dict[str, str]:
    """Zones by city, and by the countries that have one zone alone; the shortest name where a city has several."""
    cities = {
        zone.lower().rpartition("/")[2]: zone
        for zone in sorted(_zones(), key=lambda zone: (-zone.count("/"), zone))
        if "/" in zone and not zone.startswith("Etc/")
    }
    ours = {"_".join(city.split()): zone for zone, names in _CITIES.items() for city in names.split(", ")}
    return {**_countries(), **cities, **ours}


def _countries() -> dict[str, str]:
    """Names of countries with one zone alone -> that zone."""
    tables = files("tzdata") / "zoneinfo"
    zones = defaultdict(list)
    for codes, _, zone, *_ in _rows((tables / "zone1970.tab").read_text(encoding="utf-8")):
        for code in codes.split(","):
            zones[code].append(zone)
    named = _rows((tables / "iso3166.tab").read_text(encoding="utf-8"))
    return {"_".join(plain_letters(name).split()): zones[code][0] for code, name in named if len(zones[code]) == 1}


def _rows(table: str) -> list[list[str]]:
    return [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]


def zones_like(typed: str) -> list[str]:
    """Time zones that a half-typed name, place, offset or abbreviation may mean, the likeliest first.

    What was typed is the beginning of a zone, of its city, or of another word in it.
    """
    if len(typed) > _LONGEST:
        return []
    part = _key(typed)
    every = sorted(zone for zone in _zones() if not zone.startswith("Etc/"))
    if not part:
        return every
    if part in _ABBREVIATIONS:
        # Two letters begin the names of many cities that are not meant.
        return list(_ABBREVIATIONS[part])
    known = [zone_name(zone) for zone in [_zone(part)] if zone]
    begun = [zone for zone in every if zone.lower().startswith(part)]
    cities = [zone for zone in every if zone.lower().rpartition("/")[2].startswith(part)]
    words = [zone for zone in every if any(word.startswith(part) for word in re.split(r"[/_]", zone.lower()))]
    places = [zone for place, zone in _by_place().items() if place.startswith(part)] if len(part) > 2 else []
    return list(dict.fromkeys([*known, *begun, *cities, *words, *places]))
