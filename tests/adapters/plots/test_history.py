"""The picture of what somebody read."""

from adapters.plots.history import history
from adapters.plots.style import LIGHT
from bot.domain.charts import OTHERS, HistoryChart


def test_it_has_a_bar_for_each_week_in_parts_for_topics(history_chart: HistoryChart) -> None:
    made = history(history_chart, LIGHT)
    bars, legend = made.axes
    assert [bar.get_height() for bar in bars.patches] == [1, 0, 2, 0, 0, 3, 0, 1, 0, 0, 0, 0]  # type: ignore[attr-defined]
    assert [label.get_text() for label in bars.get_xticklabels()] == ["15 Dec", "29 Dec", "12 Jan"]
    assert [text.get_text() for text in legend.texts] == ["■", "Robotics", "6", "■", OTHERS, "1"]
    assert "7 papers saved, 2 marked as read" in {text.get_text() for text in made.texts}
