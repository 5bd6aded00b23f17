"""The one style of all pictures: made for the width of a phone, for light and for dark pages."""

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ticker import MaxNLocator

from bot.domain.charts import OTHERS

WIDTH, DPI = 4.5, 200
"""Inches across, and dots in each: 900 pixels, which are 375 points on a phone. A point of a letter is 1.2 there."""

TITLE, HEADING, TEXT, SMALL = 15.0, 11.5, 10.5, 9.5
"""Sizes of letters, in points."""

LEGEND_LINE = 0.27
"""Inches of a line of a legend."""

LEFT, RIGHT = 0.05, 0.95
"""The margins, as parts of the width."""

FONT = "DejaVu Sans"
"""It comes with matplotlib, so that pictures are the same on every machine."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours; `series` tell several things apart, also for who sees no red or green, and `others` is for the rest."""

    page: str
    ink: str
    quiet: str
    rule: str
    accent: str
    series: tuple[str, ...]
    others: str


LIGHT = Theme(
    page="#ffffff",
    ink="#1d1b17",
    quiet="#6b675e",
    rule="#e4e0d8",
    accent="#c8701d",
    series=("#0f62ab", "#c8701d", "#0b8567", "#a8477f", "#6a5acd", "#8a6d00"),
    others="#b6b1a6",
)
DARK = Theme(
    page="#1c1e21",
    ink="#f1eee8",
    quiet="#a9a7a2",
    rule="#3a3e44",
    accent="#f0a04b",
    series=("#6cb2f2", "#f0a04b", "#4fc7a6", "#e38fbf", "#aea3f7", "#d9c04f"),
    others="#6b7078",
)


def settings(theme: Theme) -> dict[Any, Any]:
    """The settings of matplotlib for a theme. Titles are text: a dollar sign in one begins no formula."""
    return {
        "font.family": FONT,
        "font.size": TEXT,
        "text.color": theme.ink,
        "text.parse_math": False,
        "axes.edgecolor": theme.rule,
        "axes.facecolor": theme.page,
        "axes.labelcolor": theme.quiet,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.spines.left": False,
        "figure.facecolor": theme.page,
        "xtick.color": theme.quiet,
        "xtick.labelcolor": theme.quiet,
        "xtick.labelsize": SMALL,
        "ytick.color": theme.quiet,
        "ytick.labelcolor": theme.quiet,
        "ytick.labelsize": SMALL,
        "xtick.major.size": 0.0,
        "ytick.major.size": 0.0,
        "svg.fonttype": "path",
        "svg.hashsalt": "paperboy",
    }


def figure(title: str, height: float) -> Figure:
    """An empty picture of a height in inches, with its title at the top."""
    made = Figure(figsize=(WIDTH, height), dpi=DPI)
    top = 1 - 0.14 / height
    made.text(LEFT, top, wrapped(title, 34, lines=1), fontsize=TITLE, fontweight="bold", va="top")
    return made


def panel(made: Figure, top: float, height: float, heading: str = "", *, room: float = 0.0) -> Axes:
    """Axes of a height below `top`, both in inches from the top of the picture, under a heading of their own.

    `room` is a part of the width that is kept free at their right, for labels.
    """
    whole = made.get_figheight()
    if heading:
        made.text(LEFT, 1 - (top - 0.1) / whole, heading, fontsize=HEADING, fontweight="bold", va="bottom")
    return made.add_axes((LEFT, 1 - (top + height) / whole, RIGHT - LEFT - room, height / whole))


def measured(axes: Axes, theme: Theme, most: float) -> None:
    """Let axes count from nothing to `most` and a little more, on lines that are named at the right."""
    axes.set_ylim(0, max(1.0, most * 1.12))
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.tick_right()
    axes.grid(axis="y", color=theme.rule, linewidth=0.8)
    axes.set_axisbelow(True)


def colours_of(topics: Iterable[str], theme: Theme) -> dict[str, str]:
    """A colour for each topic; what is told apart from nothing has that of the rest."""
    names = list(topics)
    return {name: theme.others if name == OTHERS else theme.series[at] for at, name in enumerate(names)}


def legend(made: Figure, top: float, counts: Mapping[str, int], marks: Iterable[str], theme: Theme) -> None:
    """Topics with their colours, by a mark each, and how many papers they have, from `top` (inches) on."""
    axes = panel(made, top, LEGEND_LINE * len(counts))
    bare(axes)
    axes.set(xlim=(0, 1), ylim=(len(counts), 0))
    colours = colours_of(counts, theme)
    for at, ((name, count), mark) in enumerate(zip(counts.items(), marks, strict=True)):
        axes.text(0.0, at + 0.5, mark, fontsize=TEXT, fontweight="bold", color=colours[name], va="center")
        axes.text(0.07, at + 0.5, wrapped(name, 44, lines=1), fontsize=SMALL, va="center")
        axes.text(1.0, at + 0.5, f"{count:,}", fontsize=SMALL, va="center", ha="right", color=theme.quiet)


def bare(axes: Axes) -> None:
    """Leave nothing of axes but what is drawn in them."""
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(False)


def wrapped(words: str, width: int, *, lines: int = 2) -> str:
    """A text on at most so many lines of a width in characters, without letters that the font has not."""
    known = "".join(letter for letter in words if letter.isspace() or ord(letter) in _letters())
    return "\n".join(textwrap.wrap(" ".join(known.split()), width, max_lines=lines, placeholder=" …"))


@cache
def _letters() -> frozenset[int]:
    return frozenset(get_font(findfont(FontProperties(family=FONT))).get_charmap())
