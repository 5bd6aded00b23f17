"""Regular expressions that are compiled when they are first used."""

import re

import pytest

from bot.domain.patterns import later


def test_it_finds_what_the_expression_finds() -> None:
    digits = later(r"id:(\d+)", re.IGNORECASE)
    for _ in range(2):
        match = digits.fullmatch("ID:12")
        assert match
        assert match[1] == "12"
        assert digits.sub("x", "id:1 and id:2") == "x and x"
    assert digits.pattern == r"id:(\d+)"


def test_it_is_compiled_once_and_not_before_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = list[str]()
    compile_now = re.compile

    def noted(pattern: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(pattern)
        return compile_now(pattern, flags)

    monkeypatch.setattr(re, "compile", noted)
    word = later(r"\w+")
    assert compiled == []
    assert word.search("a b")
    assert word.search("c d")
    assert compiled == [r"\w+"]


def test_one_that_cannot_be_is_told_when_it_is_used() -> None:
    broken = later("(")
    with pytest.raises(re.error):
        broken.search("")
