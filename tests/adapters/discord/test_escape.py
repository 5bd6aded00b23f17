"""Nothing from papers or people becomes markup, a mention or a link."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.escape import as_code, clean, cut, escape, fit, units
from adapters.discord.spans import markdown
from bot.domain.messages import Span, Style

PIECES = ["@everyone", "<@123456789012345678>", "https://evil.example/", "```py\n", "# ", "||", "[a](http://b)", "1. "]
PIECES += ["discord.gg/x", "\u202e", "\u200b", "\u2066", "\ufeff", "\ud800", "\\", "*", "_", "\n", "-", "\U0001f600"]
HOSTILE = st.lists(st.one_of(st.sampled_from(PIECES), st.text(st.characters(), max_size=9)), max_size=20).map("".join)
"""Texts as somebody might write them who wants to get through."""


def unescaped(markdown: str) -> str:
    """What Discord shows of a text in which every special character is escaped."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", markdown).replace("\u2060", "")


@given(HOSTILE)
def test_an_escaped_text_shows_exactly_the_clean_text(text: str) -> None:
    assert unescaped(escape(text)) == clean(text)


@given(HOSTILE)
def test_no_special_character_is_left_unescaped(text: str) -> None:
    bare = re.sub(r"\\[^0-9A-Za-z\s]", "", escape(text))
    assert not re.search(r"[\\`*_~|\[\]<>]", bare)
    assert not re.search(r"@(?!\u2060)", bare)
    assert not re.search(r"(?i)[a-z]://", escape(text))
    assert not re.match(r"[#+-]|\d+[.)]", escape(text))


@given(HOSTILE)
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(HOSTILE, st.integers(0, 60))
def test_a_fitted_text_never_exceeds_its_limit(text: str, limit: int) -> None:
    assert units(fit(text, limit)) <= limit
    assert units(cut(text, limit)) <= limit
    assert unescaped(fit(text, limit)).rstrip("…") in clean(text)


@given(st.lists(st.builds(Span, HOSTILE, st.sampled_from(Style), st.sampled_from(["", "https://arxiv.org/abs/1"]))))
def test_styled_text_never_exceeds_its_limit(spans: list[Span]) -> None:
    assert units(markdown(tuple(spans), 200)) <= 200


@given(HOSTILE)
def test_code_cannot_be_left(text: str) -> None:
    assert as_code(text).count("`") in {0, 2}


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\u2066", "\ufeff", "\u00ad", "\U000e0041", "\x00", "\ud800"])
def test_characters_nobody_sees_are_removed(hidden: str) -> None:
    assert clean(f"a{hidden}b") == "ab"


def test_a_tower_of_accents_is_cut_down() -> None:
    assert len(clean("a" + "\u0301" * 500)) == 5
