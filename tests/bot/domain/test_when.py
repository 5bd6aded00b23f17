"""Times, days and zones in the spellings people use."""

from collections.abc import Callable
from datetime import time

import pytest

from bot.domain.destinations import EVERY_DAY, Destination
from bot.domain.people import Place
from bot.domain.when import When, days_value, parse_days, parse_time, parse_weekday, parse_when
from bot.domain.zones import parse_zone, zones_like
from bot.errors import UserError

WORKDAYS, WEEKEND = frozenset(range(5)), frozenset({5, 6})

TIMES = {
    time(0): ["0", "00:00", "0000", "12am", "12 a.m.", "midnight", "12 midnight", "0h", "12 at night"],
    time(2): ["2 at night", "two at night", "2 am at night"],
    time(7): [
        "7",
        "07",
        "7:00",
        "0700",
        "700",
        "7 Uhr",
        "7 h",
        "7h00",
        "07.00",
        "7 in the morning",
        "seven am",
        "7am in the morning",
    ],
    time(9): [
        "9",
        "9am",
        "9 am",
        "9AM",
        "9 a.m.",
        "9:00am",
        "09:00:00",
        "9 o'clock",
        "9 o’clock",
        "at 9",
        "nine",
        "@9",
        "９：００",
    ],
    time(9, 30): [
        "9:30",
        "0930",
        "930",
        "9.30",
        "9h30",
        "9:30 am",
        "9 30",
        "09:30 Uhr",
        '"9:30"',
        "half past nine",
        "Half past 9",
    ],
    time(12): ["12", "noon", "Midday", "12pm", "12 p.m.", "12 noon", "1200", "12h"],
    time(17): ["17h", "17:00", "1700", "5pm", "5 PM", "5p", "five pm", "5 in the afternoon", "17 Uhr", "5:00 p.m."],
    time(21, 30): [
        "21:30",
        "9:30 pm",
        "9.30pm",
        "930pm",
        "2130",
        "21h30",
        "9:30 at night",
        "9:30 in the evening",
        "9:30 p.m. in the evening",
        "half past nine in the evening",
    ],
    time(16, 45): ["quarter to five pm", "a quarter to 17"],
}
DAYS = {
    EVERY_DAY: [
        "daily",
        "every day",
        "everyday",
        "each day",
        "every morning",
        "mornings",
        "mon-sun",
        "Monday to Sunday",
    ],
    WORKDAYS: [
        "weekdays",
        "weekday",
        "every weekday",
        "on weekdays",
        "working days",
        "mon-fri",
        "Mon – Fri",
        "Monday through Friday",
        "workdays",
    ],
    WEEKEND: ["weekends", "at the weekend", "Weekend", "sat, sun", "sat+sun".replace("+", "/")],
    frozenset({0}): ["mon", "Monday", "mondays", "every monday", "on Mondays", "each Mon."],
    frozenset({0, 2}): ["mon,wed", "mon wed", "Mondays and Wednesdays", "mon & wed", "every mon, wed", "mon/wed"],
    frozenset({1, 3}): ["Tuesdays & thurs", "tue;thu", "tues and thurs"],
    frozenset({4, 5, 6, 0}): ["fri-mon", "Friday till Monday"],
}
WHENS = {
    "weekdays at 9": When(time(9), None, WORKDAYS),
    "every monday": When(None, None, frozenset({0})),
    "9:30 pm ET": When(time(21, 30), "America/New_York"),
    "9am Berlin": When(time(9), "Europe/Berlin"),
    "at 9 in the morning New York time": When(time(9), "America/New_York"),
    "weekdays at 17h CET": When(time(17), "CET", WORKDAYS),
    "mon, thu 8:30": When(time(8, 30), None, frozenset({0, 3})),
    "08:30 mon-fri Beijing": When(time(8, 30), "Asia/Shanghai", WORKDAYS),
    "Europe/Berlin every day at noon": When(time(12), "Europe/Berlin", EVERY_DAY),
    "9 UTC+1": When(time(9), "Etc/GMT-1"),
    "9 PM UTC -3": When(time(21), "Etc/GMT+3"),
    "0900 PST": When(time(9), "America/Los_Angeles"),
    "every friday at 4 p.m. in Tokyo": When(time(16), "Asia/Tokyo", frozenset({4})),
    "weekdays at quarter past seven in the morning Berlin": When(time(7, 15), "Europe/Berlin", WORKDAYS),
    "daily 9 every day": When(time(9), None, EVERY_DAY),
    "London": When(None, "Europe/London"),
    "": When(),
}


def spellings(table: dict[frozenset[int], list[str]] | dict[time, list[str]]) -> list[tuple[str, object]]:
    return [(typed, meant) for meant, all_typed in table.items() for typed in all_typed]


@pytest.mark.parametrize(("typed", "at"), spellings(TIMES))
def test_a_time_is_read_as_people_write_it(typed: str, at: time) -> None:
    assert parse_time(typed) == at
    assert parse_when(typed) == When(at)


@pytest.mark.parametrize(("typed", "days"), spellings(DAYS))
def test_days_are_read_as_people_write_them(typed: str, days: frozenset[int]) -> None:
    assert parse_days(typed) == days
    assert parse_when(typed) == When(days=days)


@pytest.mark.parametrize(("typed", "when"), WHENS.items())
def test_time_zone_and_days_are_read_in_any_order(typed: str, when: When) -> None:
    assert parse_when(typed) == when


@pytest.mark.parametrize(
    "typed",
    ["", "25", "9:60", "13pm", "noonish", "9m", "thirteen", "0am", "24:00", "9:5", "half to nine", "half past 9:15"],
)
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(UserError, match="is not a time of day"):
        parse_time(typed)


@pytest.mark.parametrize(
    "typed", ["", "never", "mo", "monkey", "mon+wed", "monwed", "1-5", "every 2 days", "sss", "mos"]
)
def test_what_is_no_day_is_refused_and_never_guessed(typed: str) -> None:
    with pytest.raises(UserError, match="is not a day or range of days"):
        parse_days(typed)


@pytest.mark.parametrize(
    ("typed", "needs", "told"),
    [
        ("25:99 ", "", "“25:99” is not a time of day"),
        ("Berlin", "at", "is not a time of day"),
        ("funday", "days", "is not a day"),
        ("9:00 Mars", "", "“Mars” is not a time zone"),
        ("every 2 days", "", "is not a time zone"),
        ("mon 9am tue", "", "says the days twice; write all of them together, such as mon,thu 9am"),
        ("in the morning", "", "“morning” is not a time zone"),
    ],
)
def test_what_cannot_be_read_is_named(typed: str, needs: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        parse_when(typed, needs)  # type: ignore[arg-type]


@pytest.mark.parametrize(("typed", "told"), [("funday", "is not a weekday"), ("weekdays", "is more than one day")])
def test_where_one_day_is_asked_for_several_are_not_offered(typed: str, told: str) -> None:
    with pytest.raises(UserError, match=f"{told}; write one, such as fri.$"):
        parse_weekday(typed)


def test_only_what_was_said_changes() -> None:
    before = Destination(place=Place("discord", "1", "2"), at=time(7), timezone="Asia/Tokyo")
    after = parse_when("weekdays at 9").applied(before)
    assert (after.at, after.timezone, after.days) == (time(9), "Asia/Tokyo", WORKDAYS)


@pytest.mark.parametrize("days", [EVERY_DAY, WORKDAYS, frozenset({0, 2}), frozenset({6})])
def test_the_typed_form_of_days_means_these_days(days: frozenset[int]) -> None:
    assert parse_days(days_value(days)) == days


def test_a_weekday_is_one_day() -> None:
    assert parse_weekday(" every Friday ") == 4
    with pytest.raises(UserError, match="more than one day"):
        parse_weekday("mon,tue")


@pytest.mark.parametrize("read", [parse_when, parse_days, parse_time, parse_zone])
@pytest.mark.parametrize("typed", ["ab " * 100_000, "mon, " * 100_000, "9" * 100_000])
def test_what_is_far_too_long_is_not_tried_for_what_it_may_mean(read: Callable[[str], object], typed: str) -> None:
    with pytest.raises(UserError, match="at most 200 characters"):
        read(typed)


def test_nothing_is_proposed_for_a_zone_that_is_far_too_long() -> None:
    assert zones_like("b" * 100_000) == []
