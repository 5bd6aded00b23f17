"""So many a second and no more."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from bot.pace import Pace


class Time:
    """A clock that the waits of one who waits at a time move on."""

    def __init__(self) -> None:
        self.now = 0.0

    async def pause(self, seconds: float) -> None:
        self.now += seconds

    def seconds(self) -> float:
        return self.now


async def moments(time: Time, pace: Pace, rests: list[float]) -> list[float]:
    """When each of some that come one after another, each after a rest, was let through."""
    went = []
    for rest in rests:
        time.now += rest
        await pace.turn()
        went.append(time.now)
    return went


@given(st.lists(st.floats(0, 0.5), max_size=60), st.integers(1, 5))
def test_no_second_sees_more_than_allowed(rests: list[float], burst: int) -> None:
    time = Time()
    pace = Pace(4, burst, pause=time.pause, seconds=time.seconds)
    went = asyncio.run(moments(time, pace, rests))
    for first, last in zip(went, went[4 + burst :], strict=False):
        assert last - first >= 1 - 1e-6


async def test_nobody_waits_after_a_rest_and_the_rest_goes_evenly() -> None:
    time = Time()
    pace = Pace(2, 3, pause=time.pause, seconds=time.seconds)
    assert await moments(time, pace, [10, 0, 0, 0, 0]) == [10, 10, 10, 10.5, 11]


async def test_a_hold_keeps_everybody_waiting() -> None:
    time = Time()
    pace = Pace(2, 3, pause=time.pause, seconds=time.seconds)
    pace.hold(4)
    assert await moments(time, pace, [0, 0]) == [4, 4.5]


async def test_those_who_come_together_go_in_order() -> None:
    pace, order = Pace(1000), list[int]()

    async def one(number: int) -> None:
        await pace.turn()
        order.append(number)

    await asyncio.gather(*map(one, range(20)))
    assert order == list(range(20))
