"""Emoji: how platforms write them, and which ones give feedback on papers in a workspace."""

import re
from dataclasses import dataclass, fields

from bot.domain.messages import Span, Style, Text, quiet
from bot.domain.people import FeedbackKind
from bot.errors import UserError

_CUSTOM = re.compile(r"<a?:\w+:(?P<id>\d+)>")
_SHORTCODE = re.compile(r":[\w+'-]{1,100}:")
_KEYCAP = "\u20e3"
_VARIANTS = re.compile("[\ufe0f\U0001f3fb-\U0001f3ff]")
"""Characters that change how an emoji looks but not what it means: colour and skin tones."""


@dataclass(frozen=True, slots=True)
class EmojiSet:
    """The emoji that save, like and dislike, as the platform writes them."""

    save: str = "\U0001f516"
    like: str = "\U0001f44d"
    dislike: str = "\U0001f44e"

    def meaning(self, emoji: str) -> FeedbackKind | None:
        """The feedback that an emoji gives; None when it gives none."""
        known = {normal(getattr(self, field.name)): FeedbackKind(field.name) for field in fields(self)}
        return known.get(normal(emoji))


def normal(emoji: str) -> str:
    """One form for every way to write an emoji: a custom one by its id, the others without colour and skin tone.

    >>> normal(":+1:") == normal("\U0001f44d\U0001f3fd"), normal("<a:paper:12>")
    (True, '12')
    """
    if custom := _CUSTOM.fullmatch(emoji):
        return custom["id"]
    return _VARIANTS.sub("", _written(emoji))


def parse_emoji(typed: str) -> str:
    """The emoji that was typed: one character, a shortcode, or a custom one. Raises UserError."""
    from emoji import is_emoji

    shown = _written(typed.strip())
    if _KEYCAP in shown:
        raise UserError(f"{shown} already picks a paper by its number; choose another emoji.")
    if is_emoji(shown) or _CUSTOM.fullmatch(shown) or _SHORTCODE.fullmatch(shown):
        return shown
    raise UserError(f"“{typed.strip()}” is not an emoji. Write one, such as 🔖 or `:bookmark:`.")


def _written(typed: str) -> str:
    """The emoji of a shortcode; anything else unchanged."""
    from emoji import emojize  # It loads a table of all emoji, which most commands do not need.

    return emojize(typed, language="alias")


def as_span(emoji: str) -> Span:
    """An emoji within a text."""
    return Span(emoji, Style.EMOJI)


def hint(chosen: EmojiSet) -> Text:
    """What the emoji do, in one line of text."""
    return (
        *(as_span(chosen.save), quiet(" saves a paper, ")),
        *(as_span(chosen.like), quiet(" more like it, ")),
        *(as_span(chosen.dislike), quiet(" less like it.")),
    )


KEYCAPS = {f"{n}\ufe0f\u20e3": n for n in range(1, 10)} | {"\U0001f51f": 10}
"""Keycap emoji -> the number they show."""
