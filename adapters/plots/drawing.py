"""Charts -> pictures, one at a time: matplotlib keeps its settings for the whole process."""

import io
from collections.abc import Mapping
from threading import Lock

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from adapters.plots.history import history
from adapters.plots.library_map import library_map
from adapters.plots.style import DARK, LIGHT, Theme, settings
from adapters.plots.trends import trends
from adapters.plots.week import week
from bot.domain.charts import Chart, HistoryChart, MapChart, TrendChart, WeekChart

_ONE_AT_A_TIME = Lock()


def picture(chart: Chart, *, dark: bool, kind: str) -> bytes:
    """The picture of a chart, for a light or a dark page, as `png`, `svg` or `pdf`; nothing in it tells when."""
    theme = DARK if dark else LIGHT
    written = io.BytesIO()
    with _ONE_AT_A_TIME, rc_context(settings(theme)):
        made = figure_of(chart, theme)
        FigureCanvasAgg(made)
        made.savefig(written, format=kind, metadata=_UNDATED[kind])
    return written.getvalue()


_UNDATED: Mapping[str, dict[str, None]] = {"png": {}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}


def figure_of(chart: Chart, theme: Theme) -> Figure:
    """The figure of a chart, for tests to look at."""
    match chart:
        case WeekChart():
            return week(chart, theme)
        case TrendChart():
            return trends(chart, theme)
        case MapChart():
            return library_map(chart, theme)
        case HistoryChart():
            return history(chart, theme)
