"""Texts that readers may take very long for, and how long they take in steps, whatever the machine is doing."""

import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING

from bot.domain.tex.reading import read_tex

if TYPE_CHECKING:
    from _typeshed import TraceFunction

PIECES = ("{", "}", "\\(", "$", "$$", "\\'", "\\'{", "\\frac{", "\\frac", "\\url{", "\\x[", "^{", "a_", "\\ifmmode",
          "(", ")", "()", " ", "\n", ",", ";", " and ", "A. ", "group and a and ", "@a{", "@a(", "@a{b,c={",
          '@a{b,c="', "@string{a=a#a}", "@comment{", "\n@a{",
          '"', "#", "=", "%@a{", "http://", "<a", "<tex-math>", "&a")  # fmt: skip

# The tables of TeX's symbols are loaded at the first command read: not a step of whichever text comes first.
read_tex(r"\alpha")


def hostile(length: int) -> Iterator[str]:
    """Texts of about a length, each of one piece again and again."""
    yield from (piece * (length // len(piece)) for piece in PIECES)


def steps(action: Callable[[], object]) -> int:
    """How many lines of Python an action runs."""
    count = 0

    def trace(_frame: FrameType, event: str, _argument: object) -> "TraceFunction":
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        action()
    finally:
        sys.settrace(before)
    return count
