"""The picture of a library: a point for each paper, in the colour of its topic, numbered where most of it is."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from adapters.plots.style import LEGEND_LINE, TEXT, Theme, bare, colours_of, figure, legend, panel
from bot.domain.charts import OTHERS, MapChart

_TOP, _MAP, _GAP = 0.55, 4.0, 0.2
"""Inches above the map, of the map, and below it."""


def library_map(chart: MapChart, theme: Theme) -> Figure:
    """The figure; what lies on other topics' points is drawn first, so that these are seen."""
    colours = colours_of(chart.points, theme)
    made = figure(chart.title, _TOP + _MAP + _GAP + LEGEND_LINE * len(colours) + 0.12)
    axes = panel(made, _TOP, _MAP)
    bare(axes)
    counts = {name: len(points) for name, points in chart.points.items()}
    size = float(np.clip(9_000 / max(1, sum(counts.values())), 1.5, 34))
    for name in reversed(list(colours)):
        x, y = np.array(chart.points[name], float).reshape(-1, 2).T
        axes.scatter(x, y, s=size, color=colours[name], alpha=0.75, linewidths=0)
    marks = ["●" if name == OTHERS else str(number) for number, name in enumerate(colours, start=1)]
    for name, mark in zip(colours, marks, strict=True):
        if name != OTHERS and counts[name]:
            x, y = np.median(np.array(chart.points[name], float), axis=0)
            edge = [withStroke(linewidth=4, foreground=theme.page)]
            shown = axes.text(x, y, mark, fontsize=TEXT + 4, fontweight="bold", color=colours[name], path_effects=edge)
            shown.set(ha="center", va="center")
    legend(made, _TOP + _MAP + _GAP, counts, marks, theme)
    return made
