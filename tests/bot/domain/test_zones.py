"""Time zones by the names people have for them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.domain.zones import parse_zone, zone_name, zones_like
from bot.errors import UserError

ZONES = {
    "Europe/Berlin": [
        "Europe/Berlin",
        "europe/berlin",
        "Berlin",
        "berlin time",
        "Germany",
        "Munich",
        "MEZ",
        "“Berlin”",
    ],
    "America/New_York": ["ET", "EST", "edt", "America/New York", "New York", "new_york", "NYC", "Boston", "E.T."],
    "America/Los_Angeles": [
        "PT",
        "PST",
        "PDT",
        "Pacific",
        "Pacific Time",
        "San Francisco",
        "los angeles",
        "pacific standard time",
    ],
    "America/Denver": ["MST", "mountain time"],
    "America/Chicago": ["CT", "CDT", "central", "Chicago"],
    "Asia/Shanghai": ["Beijing", "Peking", "china", "Shanghai", "Beijing Time", "asia/shanghai"],
    "Asia/Kolkata": ["India", "Bangalore", "UTC+5:30", "GMT+0530"],
    "Asia/Tokyo": ["JST", "Japan Standard Time", "Kyoto", "tokyo"],
    "Asia/Kathmandu": ["UTC+05:45"],
    "Europe/London": ["London", "BST", "UK"],
    "Europe/Zurich": ["zurich", "Zürich", "Lausanne"],
    "America/Sao_Paulo": ["São Paulo", "sao paulo"],
    "America/Bogota": ["Bogotá"],
    "Europe/Warsaw": ["Kraków", "krakow"],
    "CET": ["CET", "cet"],
    "Etc/GMT-1": ["UTC+1", "utc +01:00", "UTC+01", "GMT+1", "+1", "+0100"],
    "Etc/GMT-2": ["GMT+2", "gmt + 2"],
    "Etc/GMT+3": ["UTC-3", "GMT−3", "-03:00"],
    "UTC": ["UTC", "utc", "UTC+0"],
}


@pytest.mark.parametrize(("typed", "zone"), [(typed, zone) for zone, all_typed in ZONES.items() for typed in all_typed])
def test_a_zone_is_read_as_people_name_it(typed: str, zone: str) -> None:
    found = parse_zone(typed)
    moments = [datetime(2026, month, 15, 12, tzinfo=UTC) for month in range(1, 13)]
    assert [found_at.utcoffset() for found_at in (each.astimezone(ZoneInfo(found)) for each in moments)] == [
        meant.utcoffset() for meant in (each.astimezone(ZoneInfo(zone)) for each in moments)
    ]


@pytest.mark.parametrize("hours", range(-12, 15))
def test_an_offset_is_counted_east_of_greenwich_and_shown_so(hours: int) -> None:
    zone = parse_zone(f"GMT{hours:+}")
    assert datetime(2026, 1, 1, tzinfo=ZoneInfo(zone)).utcoffset() == timedelta(hours=hours)
    assert zone_name(zone) == (f"UTC{hours:+}" if hours else "UTC")


@pytest.mark.parametrize(
    ("typed", "meant"), [("IST", "Asia/Kolkata"), ("CST", "America/Chicago"), ("ast", "America/Halifax")]
)
def test_an_abbreviation_of_several_times_is_asked_about(typed: str, meant: str) -> None:
    with pytest.raises(UserError, match=f"name of several times. Did you mean {meant}"):
        parse_zone(typed)


@pytest.mark.parametrize("typed", ["", "Mars", "UTC+15", "GMT-13", "UTC+7:15", "9am", "localtime", "Factory"])
def test_what_is_no_zone_is_refused(typed: str) -> None:
    with pytest.raises(UserError, match="is not a time zone"):
        parse_zone(typed)


def test_every_zone_has_a_name_that_is_read_as_it() -> None:
    for zone in available_timezones() - {"EST", "MST", "HST", "Factory", "localtime"}:
        read = parse_zone(zone_name(zone))
        moment = datetime(2026, 7, 1, tzinfo=UTC)
        assert moment.astimezone(ZoneInfo(read)).utcoffset() == moment.astimezone(ZoneInfo(zone)).utcoffset()


def test_a_zone_is_suggested_by_the_beginnings_of_its_words() -> None:
    assert zones_like("york") == ["America/New_York"]
    assert "Africa/Freetown" not in zones_like("ET")
    assert zones_like("europe/ber") == ["Europe/Berlin"]
    assert zones_like("utc+2") == ["UTC+2"]
    assert zones_like("munich") == ["Europe/Berlin"]
    assert zones_like("São") == ["Africa/Sao_Tome", "America/Sao_Paulo"]
    assert zones_like("local") == []
    assert len(zones_like("")) > 400
