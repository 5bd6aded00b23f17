"""Settings of a daily post: what people type, and how it is described."""

from datetime import time

import pytest

from bot.domain.destinations import Destination, Layout, Quiet
from bot.domain.people import Place, Topic
from bot.domain.post_settings import (
    days_value,
    describe,
    describe_days,
    describe_topics,
    parse_days,
    parse_time,
    parse_weekday,
    parse_zone,
    split_time,
    zones_like,
)
from bot.errors import UserError

PLACE = Place("discord", "1", "2")


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("daily", range(7)),
        ("weekdays", range(5)),
        ("Weekends", (5, 6)),
        ("mon-fri", range(5)),
        ("mon – wed", range(3)),
        ("fri-mon", (4, 5, 6, 0)),
        ("mon, wed;fri", (0, 2, 4)),
        ("mon/wed/fri", (0, 2, 4)),
        ("Tuesdays & thurs", (1, 3)),
    ],
)
def test_days_are_read(typed: str, days: range) -> None:
    assert parse_days(typed) == frozenset(days)


@pytest.mark.parametrize("typed", ["", "never", "mo", "monkey", "mon+wed", "monwed", "1-5"])
def test_what_is_no_day_is_refused_and_never_guessed(typed: str) -> None:
    with pytest.raises(UserError, match="is not a day or range of days"):
        parse_days(typed)


@pytest.mark.parametrize("days", [frozenset(range(7)), frozenset(range(5)), frozenset({0, 2}), frozenset({6})])
def test_the_typed_form_of_days_means_these_days(days: frozenset[int]) -> None:
    assert parse_days(days_value(days)) == days


def test_a_weekday_is_one_day() -> None:
    assert parse_weekday(" Friday ") == 4
    with pytest.raises(UserError):
        parse_weekday("mon,tue")


def test_days_are_described_as_people_write_them() -> None:
    assert describe_days(frozenset(range(7))) == "every day"
    assert describe_days(frozenset(range(5))) == "Mon-Fri"
    assert describe_days(frozenset({0, 1})) == "Mon, Tue"


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("9", time(9)),
        ("09:30", time(9, 30)),
        ("17.30", time(17, 30)),
        ("0930", time(9, 30)),
        ("9am", time(9)),
        ("9:00 PM", time(21)),
        ("12 a.m.", time(0)),
        ("noon", time(12)),
    ],
)
def test_times_are_read(typed: str, at: time) -> None:
    assert parse_time(typed) == at


@pytest.mark.parametrize("typed", ["", "25", "9:60", "13pm", "noonish", "9m"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(UserError, match="is not a time of day"):
        parse_time(typed)


def test_quotation_marks_around_a_setting_change_nothing() -> None:
    assert parse_time('"18:45"') == time(18, 45)
    assert parse_zone("“Europe/Berlin”") == "Europe/Berlin"
    assert parse_days('"mon-fri"') == frozenset(range(5))


def test_a_zone_is_found_whatever_its_case() -> None:
    assert parse_zone("europe/berlin") == "Europe/Berlin"
    assert parse_zone("america/new york") == "America/New_York"
    with pytest.raises(UserError, match="Did you mean Europe/Berlin"):
        parse_zone("berlin")


def test_a_post_is_described_with_everything_that_is_set() -> None:
    plain = Destination(place=PLACE, at=time(9), timezone="Europe/Berlin")
    assert describe(plain) == "5 papers at 09:00 Europe/Berlin, every day, a message for each."
    special = Destination(place=PLACE, count=1, layout=Layout.COMPACT, quiet=Quiet.SKIP, minimum=3, weekly=4)
    assert describe(special) == (
        "1 paper at 09:00 UTC, every day, all in one message, at least 3 expected upvotes, "
        "nothing on a day without papers, a round-up on Fri."
    )


def test_topics_are_described_with_those_blocked_last() -> None:
    topics = [Topic("diffusion"), Topic("crypto", wanted=False), Topic("proteins")]
    assert describe_topics(topics) == "diffusion, proteins; not crypto"
    assert describe_topics([]) == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("EST", "America/New_York"), ("ET", "America/New_York"), ("MST", "America/Denver"), ("ist", "Asia/Kolkata")],
)
def test_an_abbreviation_is_refused_with_the_place_that_was_meant(typed: str, meant: str) -> None:
    with pytest.raises(UserError, match=meant):
        parse_zone(typed)
    assert zones_like(typed)[0] == meant


def test_a_zone_is_suggested_by_the_beginnings_of_its_words() -> None:
    assert zones_like("york") == ["America/New_York"]
    assert "Africa/Freetown" not in zones_like("ET")
    assert zones_like("europe/ber") == ["Europe/Berlin"]


def test_a_time_and_its_half_of_the_day_may_be_apart() -> None:
    assert split_time("9:00", "PM Europe/Berlin") == ("9:00 PM", "Europe/Berlin")
    assert split_time("9:00", "Europe/Berlin") == ("9:00", "Europe/Berlin")
