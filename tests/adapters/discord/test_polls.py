"""Discord's polls, within its limits."""

from datetime import timedelta

import discord
import pytest

from adapters.discord.polls import ANSWER, ANSWERS, QUESTION, poll
from bot.domain.messages import Poll

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def asked(left: timedelta, *choices: str, question: str = "Which?") -> discord.Poll:
    return poll(Poll(question, choices or ("One", "Two"), discord.utils.utcnow() + left))


@pytest.mark.parametrize(
    ("left", "hours"), [(2 * DAY - MINUTE, 49), (HOUR / 2, 2), (-DAY, 1), (99 * DAY, 32 * 24), (HOUR + MINUTE, 3)]
)
def test_a_poll_outlasts_its_vote_by_an_hour_or_so(left: timedelta, hours: int) -> None:
    assert asked(left).duration == timedelta(hours=hours)


def test_answers_are_numbered_and_one_may_be_chosen() -> None:
    made = asked(DAY, "Looms", "Rings")
    assert [(answer.id, answer.text) for answer in made.answers] == [(1, "1. Looms"), (2, "2. Rings")]
    assert not made.multiple


def test_what_is_too_long_is_cut() -> None:
    made = asked(DAY, *["kumquats " * 20] * 12, question="why? " * 100)
    assert len(made.answers) == ANSWERS
    assert all(len(answer.text) <= ANSWER for answer in made.answers)
    assert len(made.question) <= QUESTION
