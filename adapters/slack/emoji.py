"""Slack's names of emoji -> the emoji."""

from bot.feedback import KEYCAPS

_DIGITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "keycap_ten")

_NAMED = {
    "bookmark": "\U0001f516",
    "+1": "\U0001f44d",
    "thumbsup": "\U0001f44d",
    "-1": "\U0001f44e",
    "thumbsdown": "\U0001f44e",
    "star": "\u2b50",
    "heart": "\u2764",
    "pushpin": "\U0001f4cc",
    "floppy_disk": "\U0001f4be",
    "inbox_tray": "\U0001f4e5",
    "eyes": "\U0001f440",
    "fire": "\U0001f525",
    "rocket": "\U0001f680",
    **{_DIGITS[number - 1]: keycap for keycap, number in KEYCAPS.items()},
}


def emoji(name: str) -> str:
    """The emoji of a name, whatever its skin tone; `:name:` for one that is not known, as custom ones are not."""
    base = name.partition("::")[0]
    return _NAMED.get(base, f":{base}:")
