"""Text with styles as Discord's markdown."""

from datetime import UTC, datetime

import pytest

from adapters.discord.escape import units
from adapters.discord.spans import markdown
from bot.domain.dates import shown_moment
from bot.domain.messages import Span, Style, Text, code, link, strong, text

MOMENT = datetime(2026, 1, 19, 9, tzinfo=UTC)
SECONDS = int(MOMENT.timestamp())


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (text("plain ", strong("bold"), " again"), "plain **bold** again"),
        (text(Span("words", Style.EMPHASIS)), "*words*"),
        (text(code("/papers saved")), "`/papers saved`"),
        (text(link("a paper", "https://arxiv.org/abs/2601.03236")), "[a paper](https://arxiv.org/abs/2601.03236)"),
        (text(Span("<:pin:123456789012345678>", Style.EMOJI)), "<:pin:123456789012345678>"),
        (text("", strong(" ")), ""),
        (text("Next: ", shown_moment(MOMENT, "UTC"), "."), f"Next: <t:{SECONDS}:F> (<t:{SECONDS}:R>)."),
    ],
)
def test_each_style_has_its_marks(content: Text, shown: str) -> None:
    assert markdown(content, 200) == shown


def test_marks_within_a_text_are_no_style() -> None:
    assert markdown(text("a*b*c"), 100) == "a\\*b\\*c"


def test_what_does_not_fit_is_left_out_and_that_is_shown() -> None:
    content = text("one two three ", code("a command that is long"), " and more")
    for limit in range(16, 60):
        shown = markdown(content, limit)
        assert units(shown) <= limit
        assert shown.count("`") in {0, 2}, "code is never cut"
    assert markdown(content, 20).endswith("…")
