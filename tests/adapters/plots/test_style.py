"""The style of pictures."""

import pytest
from matplotlib.colors import to_rgb

from adapters.plots.style import DARK, DPI, LIGHT, SMALL, WIDTH, Theme, colours_of, wrapped
from bot.domain.charts import OTHERS


def luminance(colour: str) -> float:
    """As WCAG 2 defines it."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_words_can_be_read_and_series_be_told_from_the_page(theme: Theme) -> None:
    assert min(contrast(words, theme.page) for words in (theme.ink, theme.quiet)) >= 4.5
    assert min(contrast(colour, theme.page) for colour in (*theme.series, theme.accent)) >= 3
    assert len(set(theme.series)) == len(theme.series)


def test_the_smallest_letters_are_legible_on_a_phone() -> None:
    shown_at = 375 / (WIDTH * DPI)
    assert SMALL / 72 * DPI * shown_at >= 10, "pixels"


def test_a_long_text_is_cut_to_its_lines() -> None:
    assert wrapped("one two  three", 7) == "one two\nthree"
    assert wrapped("one two three four five", 8, lines=1) == "one …"
    assert wrapped("漢字 x", 20) == "x"


def test_what_is_not_told_apart_has_the_colour_of_the_rest() -> None:
    assert colours_of(["Robotics", OTHERS], LIGHT) == {"Robotics": LIGHT.series[0], OTHERS: LIGHT.others}
