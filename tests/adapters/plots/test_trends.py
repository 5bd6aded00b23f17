"""The picture of trending papers."""

from itertools import pairwise

import pytest

from adapters.plots.style import DARK
from adapters.plots.trends import spread, trends
from bot.domain.charts import TrendChart


def test_it_has_a_numbered_line_for_each_paper(trend_chart: TrendChart) -> None:
    lines, names = trends(trend_chart, DARK).axes
    assert [list(line.get_ydata()) for line in lines.lines] == [[3, 40], [3, 39]]  # type: ignore[arg-type]
    assert [text.get_text().strip() for text in lines.texts] == ["1", "2"]
    assert [text.get_text() for text in names.texts] == ["1", "One", "2", "Two"]
    assert [line.get_color() for line in lines.lines] == list(DARK.series[:2])


@pytest.mark.parametrize("wanted", [[40.0, 39.0, 38.0], [1.0, 1.0, 1.0], [5.0], [1.0, 50.0]])
def test_numbers_at_the_ends_of_lines_keep_apart_in_their_order(wanted: list[float]) -> None:
    heights = spread(wanted, 4)
    assert sum(heights) == pytest.approx(sum(wanted))
    assert all(lower - higher >= 4 - 1e-9 for higher, lower in pairwise(sorted(heights)))
    assert sorted(range(len(wanted)), key=lambda at: (wanted[at], -at)) == sorted(
        range(len(wanted)), key=lambda at: heights[at]
    )
