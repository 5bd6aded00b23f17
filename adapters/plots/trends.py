"""The picture of trending papers: their upvotes over time, numbered as they are named below."""

import math
from collections.abc import Sequence
from datetime import timedelta

from matplotlib.dates import date2num, num2date
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from adapters.plots.style import SMALL, TEXT, Theme, bare, figure, measured, panel, wrapped
from bot.domain.charts import TrendChart
from bot.domain.dates import long_date

_TOP, _LINES, _TITLE = 0.85, 2.6, 0.44
"""Inches above the lines, of the lines, and of each title below."""


def trends(chart: TrendChart, theme: Theme) -> Figure:
    """The figure; the number of a line stands at its end, in its colour."""
    made = figure(chart.title, _TOP + _LINES + 0.45 + _TITLE * len(chart.series) + 0.1)
    _lines(made, chart, theme)
    names = panel(made, _TOP + _LINES + 0.45, _TITLE * len(chart.series))
    bare(names)
    names.set(xlim=(0, 1), ylim=(len(chart.series), 0))
    for at, each in enumerate(chart.series):
        colour = theme.series[at % len(theme.series)]
        names.text(0, at + 0.1, str(at + 1), fontsize=TEXT, fontweight="bold", color=colour, va="top")
        names.text(0.07, at + 0.1, wrapped(each.title, 50), fontsize=SMALL, va="top", linespacing=1.2)
    return made


def _lines(made: Figure, chart: TrendChart, theme: Theme) -> None:
    axes = panel(made, _TOP, _LINES, "Upvotes", room=0.07)
    most = max(count for each in chart.series for _, count in each.points)
    heights = spread([each.points[-1][1] for each in chart.series], most * 0.085)
    for at, (each, height) in enumerate(zip(chart.series, heights, strict=True)):
        colour = theme.series[at % len(theme.series)]
        moments, counts = zip(*each.points, strict=True)
        axes.plot(moments, counts, color=colour, linewidth=2.2, solid_capstyle="round", marker="o", markersize=3.2)
        axes.text(moments[-1], height, f"  {at + 1}", color=colour, fontsize=TEXT, fontweight="bold", va="center")
    measured(axes, theme, max(most, *heights))
    first = min(each.points[0][0] for each in chart.series)
    last = max(each.points[-1][0] for each in chart.series)
    axes.set_xlim(*date2num([first, last + max(timedelta(hours=6), (last - first) * 0.08)]).tolist())
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(FuncFormatter(_day))


def _day(moment: float, _position: int) -> str:
    """`19 Jan`: the moment of a tick, in matplotlib's days."""
    return long_date(num2date(moment).date()).rpartition(" ")[0]


def spread(wanted: Sequence[float], least: float) -> list[float]:
    """Heights around those wanted, in the same order, of which no two are closer than `least`."""
    heights = dict[int, float]()
    lowest = -math.inf
    for at in sorted(range(len(wanted)), key=lambda at: (wanted[at], -at)):
        lowest = heights[at] = max(wanted[at], lowest + least)
    moved = (sum(heights.values()) - sum(wanted)) / len(wanted)
    return [heights[at] - moved for at in range(len(wanted))]
