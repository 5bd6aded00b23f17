"""Emoji in every form that platforms write them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.emoji import EmojiSet, normal, parse_emoji
from bot.domain.people import FeedbackKind
from bot.errors import UserError


@pytest.mark.parametrize(
    ("chosen", "reacted"),
    [
        ("🔖", ":bookmark:"),
        (":tada:", "🎉"),
        ("👍🏽", "👍"),
        (":+1:", "👍🏿"),
        ("❤️", "❤"),
        (":paperboy:", ":paperboy:"),
        ("<:paper:1234>", "<:renamed:1234>"),
        ("<a:paper:1234>", "<:paper:1234>"),
    ],
)
def test_one_emoji_is_the_same_however_it_is_written(chosen: str, reacted: str) -> None:
    assert EmojiSet(parse_emoji(chosen), "🟢", "🔴").meaning(reacted) is FeedbackKind.SAVE


def test_other_emoji_say_nothing() -> None:
    chosen = EmojiSet(save="<:paper:1234>")
    for emoji in ("🔖", "<:paper:1235>", ":paper:", "paper", ""):
        assert chosen.meaning(emoji) is None


@pytest.mark.parametrize("typed", ["", "paper", "🔖🔖", "🔖 please", ":two words:", "<:paper:x>", "<@123>", "1"])
def test_what_is_no_emoji_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(UserError, match="Write one, such as"):
        parse_emoji(typed)


@pytest.mark.parametrize("typed", ["3️⃣", ":keycap_3:"])
def test_numbers_keep_their_meaning(typed: str) -> None:
    with pytest.raises(UserError, match="number"):
        parse_emoji(typed)


@given(st.text())
def test_any_text_has_one_normal_form(typed: str) -> None:
    assert normal(normal(typed)) == normal(typed)
    with suppress(UserError):
        assert EmojiSet(like=parse_emoji(typed)).meaning(typed.strip()) is not None
