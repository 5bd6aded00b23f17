"""The picture of a library."""

from adapters.plots.library_map import library_map
from adapters.plots.style import LIGHT
from bot.domain.charts import OTHERS, MapChart


def test_it_has_a_point_for_each_paper_and_a_number_where_most_of_a_topic_is(map_chart: MapChart) -> None:
    points, legend = library_map(map_chart, LIGHT).axes
    assert sorted(len(each.get_offsets()) for each in points.collections) == [1, 1, 3]  # type: ignore[arg-type]
    assert [(text.get_text(), *text.get_position()) for text in points.texts] == [("1", 0.5, 0.6), ("2", 5.0, 5.0)]
    told = [text.get_text() for text in legend.texts]
    assert told == ["1", "Robotics", "3", "2", "Graphics", "1", "●", OTHERS, "1"]
    assert legend.texts[6].get_color() == LIGHT.others
