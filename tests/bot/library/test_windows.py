"""Windows of `trending` as people type them."""

import pytest

from bot.library.windows import window_in


@pytest.mark.parametrize(
    ("typed", "window", "topic"),
    [
        ("", "day", ""),
        ("week", "week", ""),
        ("this month", "month", ""),
        ("weekly", "week", ""),
        ("week robotics", "week", "robotics"),
        ("last week on robotics", "week", "robotics"),
        ("robotics this week", "week", "robotics"),
        ("robotics", "day", "robotics"),
        ("weekend effects", "day", "weekend effects"),
    ],
)
def test_a_window_may_stand_before_or_behind_a_topic(typed: str, window: str, topic: str) -> None:
    assert window_in("day", typed) == (window, topic)


def test_what_is_typed_is_nearer_than_what_was_chosen() -> None:
    assert window_in("month", "robotics today") == ("day", "robotics")
    assert window_in("month", "robotics") == ("month", "robotics")
