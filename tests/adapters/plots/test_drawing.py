"""Charts become pictures."""

import asyncio
import struct

import matplotlib as mpl
import pytest

from adapters.plots import Drawing, is_installed
from adapters.plots.drawing import figure_of
from adapters.plots.style import DPI, LIGHT, WIDTH
from bot.domain.charts import Chart, HistoryChart, MapChart, TrendChart, WeekChart


@pytest.fixture
def charts(
    week_chart: WeekChart, trend_chart: TrendChart, map_chart: MapChart, history_chart: HistoryChart
) -> list[Chart]:
    return [week_chart, trend_chart, map_chart, history_chart]


def test_every_chart_is_a_png_of_the_width_of_all_in_light_and_dark(charts: list[Chart]) -> None:
    assert is_installed()
    for chart in charts:
        light, dark = Drawing().draw(chart), Drawing().draw(chart, dark=True)
        for png in (light, dark):
            assert png.startswith(b"\x89PNG")
            assert struct.unpack(">I", png[16:20])[0] == WIDTH * DPI
        assert light != dark


@pytest.mark.parametrize(("kind", "begins"), [("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_a_chart_can_be_an_svg_or_a_pdf_and_is_the_same_each_time(
    week_chart: WeekChart, kind: str, begins: bytes
) -> None:
    drawn = Drawing().draw(week_chart, kind=kind)
    assert drawn.startswith(begins)
    assert drawn == Drawing().draw(week_chart, kind=kind)


async def test_pictures_are_drawn_in_threads_and_leave_the_settings_as_they_were(charts: list[Chart]) -> None:
    before = dict(mpl.rcParams)
    drawing = Drawing()
    drawn = await asyncio.gather(
        *(asyncio.to_thread(drawing.draw, chart, dark=dark) for chart in charts for dark in (False, True))
    )
    assert len(set(drawn)) == 8
    assert dict(mpl.rcParams) == before


def test_each_chart_has_its_figure(charts: list[Chart]) -> None:
    titles = [figure_of(chart, LIGHT).texts[0].get_text() for chart in charts]
    assert titles == [chart.title for chart in charts]
