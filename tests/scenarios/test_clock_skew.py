"""Two workers whose clocks disagree post nothing twice: what they share goes by the clock of the database."""

from datetime import datetime, timedelta

import pytest

from bot.delivery.deliverer import Deliverer
from bot.domain.deliveries import Rules, Status
from bot.domain.destinations import Destination
from bot.domain.messages import Message
from bot.domain.people import Place
from tests.support.delivery_world import DISCORD, DUE, SLACK, Clock, World, last, numbers

SKEWS = pytest.mark.parametrize("skew", [-300, -90, -61, -30, 0, 30, 61, 90, 300])


class ServerClock:
    """The database's clock, which is right."""

    def __init__(self, world: World) -> None:
        self._clock = world.clock

    async def now(self) -> datetime:
        return self._clock.true


class SkewedClock:
    """The clock of one worker, wrong by some time."""

    def __init__(self, right: Clock, skew: timedelta) -> None:
        self._right, self._skew = right, skew

    def now(self) -> datetime:
        return self._right.true + self._skew


def worker(world: World, skew: int) -> Deliverer:
    """A worker whose clock is wrong by so many seconds."""
    clock = SkewedClock(world.clock, timedelta(seconds=skew))
    return Deliverer(world.store, world.composer, world.platforms, clock, Rules(), ServerClock(world))


async def due(destination: Destination) -> World:
    """A world in which a post of two messages is due."""
    world = World(DUE - timedelta(hours=12))
    await world.put(destination)
    world.pass_time(timedelta(hours=12))
    return world


@SKEWS
async def test_what_one_worker_is_sending_is_not_taken_over_by_one_whose_clock_is_wrong(skew: int) -> None:
    world = await due(SLACK)
    other, send, taken_over = worker(world, skew), world.slack.send, list[int]()

    async def send_slowly(place: Place, message: Message, *, nonce: str, first: str = "") -> str:
        world.slack.send = send  # type: ignore[method-assign]
        world.pass_time(timedelta(seconds=20))
        taken_over.append(await other.tick())
        return await send(place, message, nonce=nonce, first=first)

    world.slack.send = send_slowly  # type: ignore[method-assign]
    await worker(world, 0).tick()
    assert taken_over == [0], "the lease is not over"
    assert numbers(world, SLACK) == [0, 1]
    assert (await last(world, SLACK)).status is Status.SENT


@SKEWS
async def test_how_old_a_message_in_flight_is_goes_by_the_shared_clock(skew: int) -> None:
    world = await due(DISCORD)
    world.discord.looks = True
    world.discord.faults = ["accepted but unclear"]
    await worker(world, skew).tick()
    world.pass_time(timedelta(minutes=4))
    await worker(world, 0).tick()
    assert numbers(world, DISCORD) == [0, 1]
    assert (await last(world, DISCORD)).status is Status.SENT


@SKEWS
async def test_nothing_is_posted_before_its_time_by_a_clock_that_is_fast(skew: int) -> None:
    world = World(DUE - timedelta(hours=12))
    await world.put(SLACK)
    world.pass_time(timedelta(hours=11, minutes=59))
    assert await worker(world, skew).tick() == 0
    world.pass_time(timedelta(minutes=1))
    assert await worker(world, skew).tick() == 1


async def test_a_worker_whose_clock_is_a_day_ahead_gives_no_message_up_too_early() -> None:
    world = await due(SLACK)
    world.slack.faults, world.slack.blindness = ["accepted but unclear"], ["postponed"]
    for _ in range(2):
        await worker(world, 24 * 3600).tick()
        world.pass_time(timedelta(minutes=5))
    assert (await last(world, SLACK)).status is Status.SENDING
    await worker(world, 0).tick()
    assert numbers(world, SLACK) == [0, 1]
