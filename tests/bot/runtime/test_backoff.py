"""Waits between attempts."""

from datetime import timedelta

import pytest

from bot.runtime.backoff import backoff

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 30), (1, 60), (2, 120), (6, 1920), (7, 3600), (10_000, 3600)])
def test_each_wait_is_twice_the_one_before_up_to_the_longest(attempts: int, seconds: int) -> None:
    assert backoff(attempts, 30 * SECOND, HOUR) == seconds * SECOND
