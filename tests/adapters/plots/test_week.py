"""The picture of a week."""

from dataclasses import replace

from adapters.plots.style import LIGHT
from adapters.plots.week import week
from bot.domain.charts import WeekChart


def words(chart: WeekChart) -> set[str]:
    made = week(chart, LIGHT)
    return {text.get_text() for text in (*made.texts, *(each for axes in made.axes for each in axes.texts))}


def test_it_has_a_bar_for_each_day_and_topic_and_a_line_for_each_gain(week_chart: WeekChart) -> None:
    days, topics, gains = week(week_chart, LIGHT).axes
    assert [label.get_text() for label in days.get_xticklabels()] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert [bar.get_height() for bar in days.patches] == [3, 1, 0, 7, 4, 0, 2]  # type: ignore[attr-defined]
    assert [bar.get_width() for bar in topics.patches] == [9, 3]  # type: ignore[attr-defined]
    assert gains.texts[0].get_text() == "+48"
    assert {"The week in #papers", "Saves by day", "What they are about", "Gained most upvotes"} <= words(week_chart)


def test_a_part_with_nothing_in_it_is_left_out(week_chart: WeekChart) -> None:
    made = week(replace(week_chart, gains=()), LIGHT)
    assert len(made.axes) == 2
    assert "Gained most upvotes" not in words(replace(week_chart, gains=()))
    assert made.get_figheight() < week(week_chart, LIGHT).get_figheight()


def test_a_title_is_text_and_letters_that_the_font_has_not_are_left_out(week_chart: WeekChart) -> None:
    assert "On $p$-adic" in words(week_chart)
