"""Dates as people write them."""

from datetime import UTC, date, datetime

from bot.domain.dates import full_date, local_moment, long_date


def test_a_date_has_its_day_first_and_its_month_in_letters() -> None:
    assert long_date(date(2020, 6, 19)) == "19 Jun 2020"
    assert full_date(date(2026, 1, 19)) == "Monday, 19 Jan 2026"


def test_a_moment_is_told_in_its_time_zone_which_is_named() -> None:
    moment = datetime(2026, 1, 19, 23, 30, tzinfo=UTC)
    assert local_moment(moment, "Europe/Berlin") == "Tue 20 Jan 2026, 00:30 Europe/Berlin"
