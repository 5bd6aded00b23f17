"""Charts to draw."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.charts import OTHERS, Gain, HistoryChart, MapChart, Series, TrendChart, WeekChart

MONDAY = date(2026, 1, 19)


@pytest.fixture
def week_chart() -> WeekChart:
    saves = dict(zip((MONDAY + timedelta(days=n) for n in range(7)), (3, 1, 0, 7, 4, 0, 2), strict=True))
    gains = [Gain("MAGMA: A Multi-Graph based Agentic Memory Architecture", 48, 91), Gain("On $p$-adic 漢字", 12, 40)]
    return WeekChart("The week in #papers", saves, {"Machine Learning": 9, "Robotics": 3}, gains)


@pytest.fixture
def trend_chart() -> TrendChart:
    now = datetime(2026, 1, 20, tzinfo=UTC)
    series = [Series(name, [(now - timedelta(days=4), 3), (now, most)]) for name, most in (("One", 40), ("Two", 39))]
    return TrendChart("Trending this month", series)


@pytest.fixture
def map_chart() -> MapChart:
    points = {"Robotics": [(0.0, 0.0), (1.0, 1.0), (0.5, 0.6)], "Graphics": [(5.0, 5.0)], OTHERS: [(2.0, 2.0)]}
    return MapChart("The library", points)


@pytest.fixture
def history_chart() -> HistoryChart:
    weeks = [MONDAY - timedelta(weeks=back) for back in reversed(range(6))]
    return HistoryChart("What ana saved", weeks, {"Robotics": [1, 0, 2, 0, 0, 3], OTHERS: [0, 1, 0, 0, 0, 0]}, 2)
