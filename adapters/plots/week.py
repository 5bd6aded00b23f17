"""The picture of a week: saves by day, what they are about, who gained most."""

from matplotlib.figure import Figure

from adapters.plots.style import HEADING, SMALL, TEXT, Theme, bare, figure, panel, wrapped
from bot.domain.charts import WeekChart
from bot.domain.dates import full_date

_DAYS, _TOPIC, _GAIN, _GAP = 1.35, 0.42, 0.5, 0.62
"""Inches of the bars of the days, of a topic, of a paper that gained, and above each part."""


def week(chart: WeekChart, theme: Theme) -> Figure:
    """The figure; a part with nothing in it is left out."""
    parts = [_DAYS, _TOPIC * len(chart.topics), _GAIN * len(chart.gains)]
    made = figure(chart.title, 0.3 + sum(_GAP + part for part in parts if part) + 0.15)
    top = 0.3 + _GAP
    _days(made, top, chart, theme)
    top += _DAYS + _GAP
    if chart.topics:
        _topics(made, top, chart, theme)
        top += parts[1] + _GAP
    if chart.gains:
        _gains(made, top, chart, theme)
    return made


def _days(made: Figure, top: float, chart: WeekChart, theme: Theme) -> None:
    axes = panel(made, top, _DAYS - 0.22, "Saves by day")
    names = [full_date(day)[:3] for day in chart.saves]
    counts = list(chart.saves.values())
    most = max(counts, default=0)
    colours = [theme.accent if count == most else theme.series[0] for count in counts]
    bars = axes.bar(range(len(names)), counts, color=colours, width=0.62)
    axes.bar_label(bars, [str(count) if count else "" for count in counts], padding=2, fontsize=TEXT, color=theme.ink)
    axes.set_xticks(range(len(names)), names)
    axes.set_yticks([])
    axes.set_ylim(0, max(1, most) * 1.22)


def _topics(made: Figure, top: float, chart: WeekChart, theme: Theme) -> None:
    """A bar for each topic, under its name: names are longer than there is room beside a bar."""
    axes = panel(made, top, _TOPIC * len(chart.topics), "What they are about")
    bare(axes)
    most = max(chart.topics.values())
    axes.set(xlim=(0, most), ylim=(len(chart.topics), 0))
    for at, (name, count) in enumerate(chart.topics.items()):
        axes.barh(at + 0.72, count, height=0.26, color=theme.series[0])
        axes.text(0, at + 0.5, wrapped(name, 44, lines=1), fontsize=TEXT, va="bottom")
        axes.text(most, at + 0.5, str(count), fontsize=TEXT, va="bottom", ha="right", color=theme.quiet)


def _gains(made: Figure, top: float, chart: WeekChart, theme: Theme) -> None:
    axes = panel(made, top, _GAIN * len(chart.gains), "Gained most upvotes")
    bare(axes)
    axes.set(xlim=(0, 1), ylim=(len(chart.gains), 0))
    for at, gain in enumerate(chart.gains):
        axes.text(0, at + 0.06, f"+{gain.gained}", fontsize=HEADING, fontweight="bold", color=theme.accent, va="top")
        axes.text(0.16, at + 0.06, wrapped(gain.title, 42), fontsize=SMALL, va="top", linespacing=1.25)
