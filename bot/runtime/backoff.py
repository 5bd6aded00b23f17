"""How long to wait before the next attempt at something that was put off."""

from datetime import timedelta

from tenacity import AsyncRetrying, RetryCallState
from tenacity.wait import wait_exponential


def backoff(attempts: int, shortest: timedelta, longest: timedelta) -> timedelta:
    """The wait after so many attempts: `shortest` after none, doubled with each, `longest` at most."""
    state = RetryCallState(AsyncRetrying(), None, (), {})
    state.attempt_number = attempts + 1
    return timedelta(seconds=wait_exponential(shortest.total_seconds(), longest.total_seconds())(state))
