"""The picture of what somebody read: papers saved in each week, by topic."""

from matplotlib.figure import Figure

from adapters.plots.style import LEFT, LEGEND_LINE, SMALL, Theme, colours_of, figure, legend, measured, panel
from bot.domain.charts import HistoryChart
from bot.domain.counts import counted
from bot.domain.dates import long_date

_TOP, _BARS, _GAP, _LABELS = 0.85, 2.4, 0.42, 4
"""Inches above the bars, of the bars, and below them; weeks that are named."""


def history(chart: HistoryChart, theme: Theme) -> Figure:
    """The figure: a bar for each week, in parts for topics."""
    colours = colours_of(chart.topics, theme)
    made = figure(chart.title, _TOP + _BARS + _GAP + LEGEND_LINE * len(colours) + 0.12)
    told = f"{counted(chart.saved, 'paper')} saved, {chart.read} marked as read"
    made.text(LEFT, 1 - 0.48 / made.get_figheight(), told, fontsize=SMALL, color=theme.quiet, va="top")
    axes = panel(made, _TOP, _BARS, room=0.07)
    below = [0] * len(chart.weeks)
    for name, colour in colours.items():
        axes.bar(range(len(chart.weeks)), chart.topics[name], bottom=below, color=colour, width=0.72)
        below = [under + count for under, count in zip(below, chart.topics[name], strict=True)]
    step = max(1, -(-len(chart.weeks) // _LABELS))
    shown = list(range(0, len(chart.weeks), step))
    axes.set_xticks(shown, [long_date(chart.weeks[at]).rpartition(" ")[0] for at in shown])
    measured(axes, theme, max(below))
    counts = {name: sum(each) for name, each in chart.topics.items()}
    legend(made, _TOP + _BARS + _GAP, counts, ["■"] * len(counts), theme)
    return made
