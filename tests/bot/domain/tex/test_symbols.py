"""What commands of TeX stand for in Unicode."""

import pytest

from bot.domain.tex.symbols import blackboard, scripted, symbols


@pytest.mark.parametrize(("name", "symbol"), [("alpha", "α"), ("leq", "≤"), ("to", "→"), ("ldots", "…"), ("R", "ℝ")])
def test_a_command_stands_for_its_symbol(name: str, symbol: str) -> None:
    assert symbols()[name] == symbol


def test_the_date_of_today_is_no_symbol() -> None:
    assert "today" not in symbols()


@pytest.mark.parametrize(
    ("sign", "text", "read"),
    [("^", "-3", "⁻³"), ("_", "ij", "ᵢⱼ"), ("^", "∘", "°"), ("_", "q", "_q"), ("^", "a/b", "^(a/b)")],
)
def test_text_is_raised_or_lowered_where_unicode_has_all_of_it(sign: str, text: str, read: str) -> None:
    assert scripted(sign, text) == read


def test_letters_are_struck_double() -> None:
    assert [blackboard(char) for char in "RA1"] == ["ℝ", "𝔸", "1"]
