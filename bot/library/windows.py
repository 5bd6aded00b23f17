"""Windows of `trending` as people type them."""

import re

from bot.library.library import Window

_WINDOW_WORDS: dict[str, Window] = {
    "day": "day",
    "today": "day",
    "daily": "day",
    "week": "week",
    "weekly": "week",
    "month": "month",
    "monthly": "month",
}
_WINDOW = rf"(?:(?:of|in|for|from|during)\s+)?(?:(?:the\s+)?(?:this|last|past)\s+)?({'|'.join(_WINDOW_WORDS)})"


def window_in(window: Window, topic: str) -> tuple[Window, str]:
    """The window and the topic, where the words typed for a topic begin or end with a window: `robots this week`."""
    if begun := re.match(rf"{_WINDOW}\b\s*(?:about|on|for)?\s*", topic, re.IGNORECASE):
        return _WINDOW_WORDS[begun[1].lower()], topic[begun.end() :].strip()
    if ended := re.search(rf"\s+{_WINDOW}\s*$", topic, re.IGNORECASE):
        return _WINDOW_WORDS[ended[1].lower()], topic[: ended.start()].strip()
    return window, topic
