"""Plots: charts drawn as pictures."""

from typing import Protocol

from bot.domain.charts import Chart


class Plots(Protocol):
    """Draws charts. It takes a good part of a second, so it is for a thread."""

    def draw(self, chart: Chart, *, dark: bool = False, kind: str = "png") -> bytes:
        """The picture of a chart, for a light or a dark page, as `png`, `svg` or `pdf`."""
