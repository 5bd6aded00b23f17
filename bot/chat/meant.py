"""Which command was meant by a word that is none."""

from collections.abc import Iterable
from difflib import SequenceMatcher

_MEANT_FOR = {
    "search": "find look lookup query ask google grep",
    "foryou": "recommend recommendations suggest personal feed",
    "recommend": "foryou suggest",
    "similar": "related",
    "show": "open read view get abstract info paper",
    "trending": "new newest latest top popular hot today news",
    "save": "bookmark keep add star",
    "saved": "bookmarks list library favorites",
    "unsave": "remove delete undo",
    "export": "bibtex bib ris download",
    "follow": "subscribe watch",
    "unfollow": "unsubscribe stop",
    "digest me": "subscribe dm",
    "digest setup": "settings config configure install start schedule",
    "help": "commands usage",
    "import": "load add",
    "sync": "fetch update pull download",
    "run": "start serve",
    "doctor": "test check health",
    "backup": "dump",
}
"""A command -> what people call it elsewhere."""

_CLOSE = 0.75
"""Likeness from which a word is a slip of another: `serach`, `topic`; not `find` and `link`."""

_OFFERED = 2


def meant(typed: str, names: Iterable[str]) -> list[str]:
    """Names of commands that something typed may stand for, two at most, the likeliest first.

    It may be a slip of a name, another word for it, or the second word of one (`setup` for `digest setup`).
    """
    low = " ".join(typed.lower().split())
    ranked = sorted((-likely, name) for name in names if (likely := _likely(low, name)) >= _CLOSE)
    return [name for _, name in ranked[:_OFFERED]]


def did_you_mean(typed: str, names: Iterable[str], quote: str = "`") -> str:
    """` Did you mean ...?`, or nothing."""
    offered = " or ".join(f"{quote}{name}{quote}" for name in meant(typed, names))
    return f" Did you mean {offered}?" if offered else ""


def _likely(low: str, name: str) -> float:
    if low in _MEANT_FOR.get(name, "").split() or low == name.rsplit(maxsplit=1)[-1]:
        return 1.0
    group = f"{name.split(maxsplit=1)[0]} "
    if low.startswith(group):
        low, name = low.removeprefix(group), name.removeprefix(group)
    return SequenceMatcher(None, low, name).ratio()
