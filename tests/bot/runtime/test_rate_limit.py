"""So many in a while and no more."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from bot.runtime.rate_limit import RateLimit, Spacing


class Time:
    """A clock that waits move on, some of them further than asked."""

    def __init__(self, late: list[float] | None = None) -> None:
        self.now = 0.0
        self._late = late or []

    async def pause(self, seconds: float) -> None:
        until = self.now + seconds
        await asyncio.sleep(0)
        self.now = max(self.now, until) + (self._late.pop() if self._late else 0.0)

    def seconds(self) -> float:
        return self.now


async def moments(time: Time, pace: RateLimit, rests: list[float]) -> list[float]:
    """When each of some that come one after another, each after a rest, was let through."""
    went = []
    for rest in rests:
        time.now += rest
        await pace.turn()
        went.append(time.now)
    return went


some_seconds = st.lists(st.floats(0, 0.5), max_size=60)


@given(some_seconds, some_seconds, st.integers(1, 5))
def test_no_while_sees_more_than_allowed(rests: list[float], late: list[float], most: int) -> None:
    time = Time(late)
    pace = RateLimit(most, 1.0, time)
    went = asyncio.run(moments(time, pace, rests))
    for first, last in zip(went, went[most:], strict=False):
        assert last - first >= 1 - 1e-6


async def test_nobody_waits_after_a_rest_and_the_others_go_evenly() -> None:
    time = Time()
    pace = RateLimit(4, 2.0, time)
    assert await moments(time, pace, [10, 0, 0, 0, 0]) == [10, 10.5, 11, 11.5, 12]


async def test_what_was_late_is_caught_up() -> None:
    time = Time(late=[0.75])
    pace = RateLimit(4, 2.0, time)
    went = await asyncio.gather(*[moments(time, pace, [0]) for _ in range(5)])
    assert went == [[0], [1.25], [1.25], [1.5], [2]]


async def test_a_hold_keeps_everybody_waiting() -> None:
    time = Time()
    pace = RateLimit(2, 1.0, time)
    pace.hold(4)
    assert await moments(time, pace, [0, 0]) == [4, 4.5]


async def test_those_who_come_together_go_in_order() -> None:
    pace, order = RateLimit(10, 0.01, Time()), list[int]()

    async def one(number: int) -> None:
        await pace.turn()
        order.append(number)

    await asyncio.gather(*map(one, range(20)))
    assert order == list(range(20))


async def test_messages_of_one_channel_keep_their_distance_and_other_channels_do_not_wait() -> None:
    time = Time()
    spacing, pace = Spacing(3.0, time), RateLimit(100, 1.0, time)
    went = []
    for channel in ("a", "b", "a", "a"):
        await spacing.turn(channel, pace)
        went.append((channel, round(time.now)))
    assert went == [("a", 0), ("b", 0), ("a", 3), ("a", 6)]


async def test_a_channel_that_rested_does_not_wait() -> None:
    time = Time()
    spacing, pace = Spacing(3.0, time), RateLimit(100, 1.0, time)
    await spacing.turn("a", pace)
    time.now += 10
    await spacing.turn("a", pace)
    assert time.now == 10
