"""Slack's names of emoji."""

from adapters.slack.emoji import emoji


def test_a_custom_emoji_keeps_its_name() -> None:
    assert emoji("party-parrot") == ":party-parrot:"
    assert emoji("keycap_ten") == "\U0001f51f"
