"""Which command was meant."""

import pytest

from bot.chat.meant import did_you_mean, meant
from bot.commands import registry

NAMES = [command.name for command in registry]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("find", ["search"]),
        ("serach", ["search"]),
        ("Topic", ["topics"]),
        ("recommend", ["foryou"]),
        ("subscribe", ["digest me", "follow"]),
        ("setup", ["digest setup"]),
        ("digest  quite", ["digest quiet"]),
        ("bookmarks", ["saved"]),
        ("dislik", ["dislike", "undislike"]),
        ("papers", []),
        ("xyzzy", []),
        ("", []),
    ],
)
def test_a_slip_or_another_word_offers_what_was_meant_and_nothing_else(typed: str, offered: list[str]) -> None:
    assert meant(typed, NAMES) == offered


def test_only_commands_there_are_are_offered() -> None:
    assert meant("subscribe", ["search", "follow"]) == ["follow"]


def test_what_was_meant_is_asked_in_a_sentence() -> None:
    assert did_you_mean("dislik", NAMES) == " Did you mean `dislike` or `undislike`?"
    assert did_you_mean("find", NAMES, "'") == " Did you mean 'search'?"
    assert did_you_mean("xyzzy", NAMES) == ""
