"""Two workers whose clocks disagree post nothing twice: what they share goes by the clock of the database."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.deliveries import Status
from bot.domain.destinations import Destination
from tests.support.delivery_world import DISCORD, DUE, SLACK, World, last, numbers

pytestmark = pytest.mark.usefixtures("virtual_time")

SKEWS = pytest.mark.parametrize("skew", [-300, -90, -61, -30, 0, 30, 61, 90, 300])


async def due(destination: Destination, skew: int) -> World:
    """A post of two messages is due; of two workers the second's clock is wrong by so many seconds."""
    world = World(DUE - timedelta(hours=12), skews=[timedelta(0), timedelta(seconds=skew)])
    await world.put(destination)
    world.pass_time(timedelta(hours=12))
    return world


@SKEWS
async def test_what_one_worker_is_sending_is_not_taken_over_by_one_whose_clock_is_wrong(skew: int) -> None:
    world = await due(SLACK, skew)
    world.slack.faults = ["slow", "slow"]
    sending = asyncio.create_task(world.tick_of(0))
    for _ in range(4):
        await asyncio.sleep(10)
        assert await world.tick_of(1) == 0, "the lease is not over"
    await sending
    assert numbers(world, SLACK) == [0, 1]
    assert (await last(world, SLACK)).status is Status.SENT


@SKEWS
async def test_how_old_a_message_in_flight_is_goes_by_the_shared_clock(skew: int) -> None:
    world = await due(DISCORD, skew)
    world.discord.faults = ["accepted but unclear"]
    await world.tick_of(1)
    world.pass_time(timedelta(minutes=4))
    await world.tick_of(0)
    assert numbers(world, DISCORD) == [0, 1]
    assert (await last(world, DISCORD)).status is Status.SENT


@SKEWS
async def test_nothing_is_posted_before_its_time_by_a_clock_that_is_fast(skew: int) -> None:
    world = await due(SLACK, skew)
    world.pass_time(timedelta(minutes=-1))
    assert await world.tick_of(1) == 0
    world.pass_time(timedelta(minutes=1))
    assert await world.tick_of(1) == 1


async def test_a_worker_whose_clock_is_a_day_ahead_gives_no_message_up_too_early() -> None:
    world = await due(SLACK, 24 * 3600)
    world.slack.faults, world.slack.blindness = ["accepted but unclear"], ["postponed"]
    for _ in range(2):
        await world.tick_of(1)
        world.pass_time(timedelta(minutes=5))
    assert (await last(world, SLACK)).status is Status.SENDING
    await world.tick_of(0)
    assert numbers(world, SLACK) == [0, 1]
