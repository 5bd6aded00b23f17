"""Dates as people write them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.dates import ago, full_date, local_moment, long_ago, long_date


def test_a_date_has_its_day_first_and_its_month_in_letters() -> None:
    assert long_date(date(2020, 6, 19)) == "19 Jun 2020"
    assert full_date(date(2026, 1, 19)) == "Monday, 19 Jan 2026"


def test_a_moment_is_told_in_its_time_zone_which_is_named() -> None:
    moment = datetime(2026, 1, 19, 23, 30, tzinfo=UTC)
    assert local_moment(moment, "Europe/Berlin") == "Tue 20 Jan 2026, 00:30 Europe/Berlin"


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(-5, "just now"), (1, "just now"), (2, "2 minutes ago"), (119, "119 minutes ago"), (120, "2 hours ago"),
     (47 * 60, "47 hours ago"), (48 * 60, "2 days ago"), (400 * 24 * 60, "400 days ago")],
)  # fmt: skip
def test_how_long_ago_something_was_is_told_in_one_unit(minutes: int, text: str) -> None:
    now = datetime(2026, 1, 19, 12, tzinfo=UTC)
    assert ago(now - timedelta(minutes=minutes), now) == text


@pytest.mark.parametrize(
    ("days", "told"),
    [(0, "today"), (1, "yesterday"), (5, "5 days ago"), (13, "13 days ago"), (21, "3 weeks ago"), (800, "2 years ago")],
)
def test_long_ago_is_told_in_the_largest_unit(days: int, told: str) -> None:
    now = datetime(2026, 1, 19, tzinfo=UTC)
    assert long_ago(now - timedelta(days=days), now) == told
