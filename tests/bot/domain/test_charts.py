"""What pictures say in words."""

from datetime import UTC, date, datetime

from bot.domain.charts import Gain, HistoryChart, MapChart, Series, TrendChart, WeekChart


def test_a_week_is_told_in_words() -> None:
    chart = WeekChart("The week", {date(2026, 1, 19): 3, date(2026, 1, 20): 0}, {"Robotics": 3}, [Gain("MAGMA", 4, 9)])
    assert chart.description == (
        "Saves by day: Mon 3, Tue 0. What they are about: Robotics 3. Gained most upvotes: MAGMA +4 to 9 upvotes."
    )
    assert "Gained" not in WeekChart("The week", {date(2026, 1, 19): 3}, {}).description


def test_trends_are_told_in_words() -> None:
    chart = TrendChart("Trending", [Series("MAGMA", [(datetime(2026, 1, 19, tzinfo=UTC), 1)])])
    assert chart.description == "Trending, upvotes over time: 1. MAGMA, 1 upvote by 19 Jan 2026."


def test_a_map_is_told_in_words() -> None:
    chart = MapChart("The library", {"Robotics": [(0, 0), (1, 1)], "Graphics": [(2, 2)]})
    assert chart.description == "The library: a map of 3 papers by meaning. Robotics 2, Graphics 1."


def test_a_history_is_told_in_words() -> None:
    chart = HistoryChart("What ana saved", [date(2026, 1, 19)], {"Robotics": [2]}, 1)
    assert chart.saved == 2
    assert chart.description == "What ana saved: 2 papers saved in 1 week, 1 marked as read. Robotics 2."
