"""Plain text -> Discord's markdown. What comes from papers and people can neither format, mention, nor link."""

import re
from collections.abc import Callable

_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ud800-\udfff\ufeff\uffa0\ufff9-\uffff\U000e0000-\U000e0fff]"
)
_SPACE = re.compile(r"\s+")
_STACKED_MARKS = re.compile(
    "([\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{4})[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)
_MARKUP = re.compile(r"([\\`*_~|\[\]<>])")
_LINK = re.compile(r"(?i)(?<=[a-z])://")
_INVITE = re.compile(r"(?i)(discord(?:app)?)\.(gg|com|me|io)")
_LINE_START = re.compile(r"^(?=[#+-])")
_NUMBERED = re.compile(r"^(\d+)([.)])")
AT = "@\u2060"
"""An @ that names nobody: a word joiner keeps it from what follows."""


def clean(text: str) -> str:
    """A text on one line without invisible characters, ones that turn its direction, and towers of accents."""
    visible = _SPACE.sub(" ", _INVISIBLE.sub("", _SPACE.sub(" ", text)))
    return _STACKED_MARKS.sub(r"\1", visible).strip()


def units(text: str) -> int:
    """The length of a text as Discord's clients count it, in UTF-16 units; never less than its characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """The clean text, shortened to `limit` UTF-16 units: between words, unless they are very long."""
    text = clean(text)
    if units(text) <= limit:
        return text
    kept = text[: max(0, limit - 1)]
    while kept and units(kept) > limit - 1:
        kept = kept[: -max(1, (units(kept) - limit + 1) // 2)]
    if text[len(kept) : len(kept) + 1] != " ":
        words = kept.rpartition(" ")[0]
        kept = words if len(words) * 2 > len(kept) else kept
    return f"{kept.rstrip()}…" if limit > 0 else ""


def escape(text: str) -> str:
    """Markdown that shows the clean text exactly as it is."""
    text = _MARKUP.sub(r"\\\1", clean(text))
    text = _INVITE.sub(r"\1\\.\2", _LINK.sub(r"\\://", text)).replace("@", AT)
    return _NUMBERED.sub(r"\1\\\2", _LINE_START.sub(r"\\", text))


def fit(text: str, limit: int, write: Callable[[str], str] = escape) -> str:
    """The text as markdown, which `write` makes of it, shortened so that the markdown has at most `limit` units."""
    text = cut(text, limit)  # no markdown is shorter than what it shows
    shown = write(text)
    if units(shown) <= limit:
        return shown
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if units(write(cut(text, middle))) <= limit else (low, middle - 1)
    return write(cut(text, low)) if low else ""


def as_code(text: str) -> str:
    """A text in the style of code; nothing at all for an empty one."""
    inside = clean(text).replace("`", "ˋ").replace("@", AT)
    return f"`{inside}`" if inside else ""
