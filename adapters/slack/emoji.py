"""Slack's names of emoji, as the core reads them."""

from bot.domain.emoji import KEYCAPS

_DIGITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "keycap_ten")
_KEYCAPS = {_DIGITS[number - 1]: keycap for keycap, number in KEYCAPS.items()}


def emoji(name: str) -> str:
    """The keycap of a number's name, else `:name:`, whatever its skin tone."""
    base = name.partition("::")[0]
    return _KEYCAPS.get(base, f":{base}:")
