"""Charts drawn with matplotlib, which comes with the extra `plots` and is loaded when the first is drawn."""

from importlib.util import find_spec

from bot.domain.charts import Chart


class Drawing:
    """The Plots of `bot.ports`, with matplotlib."""

    def draw(self, chart: Chart, *, dark: bool = False, kind: str = "png") -> bytes:
        """The picture of a chart, for a light or a dark page, as `png`, `svg` or `pdf`."""
        from adapters.plots.drawing import picture

        return picture(chart, dark=dark, kind=kind)


def is_installed() -> bool:
    """Whether pictures can be drawn."""
    return find_spec("matplotlib") is not None
