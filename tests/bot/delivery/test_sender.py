"""What becomes of a message that was sent: shown, repeated, looked for, put off, refused."""

from datetime import timedelta

import pytest

from bot.delivery.sender import nonce
from bot.domain.deliveries import Status
from tests.support.delivery_world import DISCORD, MINUTE, SLACK, World, last, numbers


async def test_a_post_goes_out_message_by_message_and_once(world: World) -> None:
    for _ in range(3):
        await world.tick()
    assert numbers(world, DISCORD) == numbers(world, SLACK) == [0, 1, 2, 3, 4, 5]
    assert (await last(world, SLACK)).status is Status.SENT


async def test_a_post_killed_after_the_third_message_goes_on_with_the_fourth(world: World) -> None:
    world.discord.faults = ["", "", "", "killed before"]
    await world.tick()
    assert numbers(world, DISCORD) == [0, 1, 2]
    world.pass_time(MINUTE)
    await world.tick()
    assert numbers(world, DISCORD) == [0, 1, 2, 3, 4, 5]


async def test_a_message_in_flight_is_repeated_where_a_repetition_shows_once(world: World) -> None:
    world.discord.faults = ["", "killed after"]
    await world.tick()
    world.pass_time(MINUTE)
    await world.tick()
    assert numbers(world, DISCORD) == [0, 1, 2, 3, 4, 5]
    assert (await last(world, DISCORD)).status is Status.SENT


async def test_a_message_in_flight_for_longer_than_nonces_are_known_is_left_to_people(world: World) -> None:
    world.discord.faults = ["", "killed after"]
    world.discord.looks = False
    await world.tick()
    world.pass_time(timedelta(minutes=5))
    await world.tick()
    assert (await last(world, DISCORD)).status is Status.UNKNOWN
    assert world.discord.told == 1


@pytest.mark.parametrize("fault", ["unclear", "accepted but unclear", "accepted late", "bug"])
async def test_an_unclear_message_is_never_repeated_blindly(world: World, fault: str) -> None:
    world.slack.faults = ["", fault]
    world.slack.looks = False
    for _ in range(3):
        await world.tick()
        world.pass_time(timedelta(minutes=10))
    assert (await last(world, SLACK)).status is Status.UNKNOWN
    assert world.slack.told == 1
    assert numbers(world, SLACK) == ([0, 1] if fault.startswith("accepted") else [0])


@pytest.mark.parametrize(
    "fault", ["unclear", "accepted but unclear", "accepted late", "bug", "killed before", "killed after"]
)
async def test_where_one_can_look_an_unclear_message_is_looked_for_and_the_post_goes_on(
    world: World, fault: str
) -> None:
    world.slack.faults = ["", fault]
    await world.tick()
    world.pass_time(timedelta(seconds=50))
    await world.tick()
    assert numbers(world, SLACK) == ([0, 1] if fault.startswith(("accepted", "killed after")) else [0])
    world.pass_time(timedelta(seconds=10))
    await world.tick()
    assert numbers(world, SLACK) == [0, 1, 2, 3, 4, 5]
    assert ((await last(world, SLACK)).status, world.slack.told) == (Status.SENT, 0)


async def test_one_looks_again_when_the_platform_asks_for_time(world: World) -> None:
    world.slack.faults = ["", "killed after"]
    world.slack.blindness = ["postponed"]
    await world.tick()
    world.pass_time(MINUTE)
    await world.tick()
    assert numbers(world, SLACK) == [0, 1]
    world.pass_time(MINUTE)
    await world.tick()
    assert numbers(world, SLACK) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("at", ["after begin_message", "before begin_message", "after message_sent", "before lease"])
async def test_a_worker_that_was_held_up_sends_nothing_that_another_one_sends(world: World, at: str) -> None:
    world.start()
    await world.hold_up(0, at, 2 * MINUTE)
    await world.tick()
    assert numbers(world, DISCORD) == numbers(world, SLACK) == [0, 1, 2, 3, 4, 5]


async def test_a_platform_that_asks_for_time_gets_it(world: World) -> None:
    world.slack.faults = ["", "postponed"]
    await world.tick()
    assert numbers(world, SLACK) == [0]
    world.pass_time(timedelta(seconds=39))
    await world.tick()
    assert numbers(world, SLACK) == [0]
    world.pass_time(timedelta(seconds=1))
    await world.tick()
    assert numbers(world, SLACK) == [0, 1, 2, 3, 4, 5]


async def test_a_platform_that_is_busy_is_asked_later_and_no_attempt_is_counted(world: World) -> None:
    world.slack.faults = ["busy"]
    await world.tick()
    assert (numbers(world, SLACK), (await last(world, SLACK)).attempts) == ([], 0)
    world.pass_time(timedelta(seconds=59))
    await world.tick()
    assert numbers(world, SLACK) == []
    world.pass_time(timedelta(seconds=1))
    await world.tick()
    assert numbers(world, SLACK) == [0, 1, 2, 3, 4, 5]


async def test_a_refusal_is_told_once_however_many_follow(world: World) -> None:
    for _ in range(3):
        world.slack.faults = ["refused"]
        await world.tick()
        world.pass_time(timedelta(days=1))
    assert world.slack.told == 1
    assert (await last(world, SLACK)).error == "no such channel"


async def test_a_nonce_is_short_enough_and_names_one_message(world: World) -> None:
    await world.tick()
    names = {nonce(await last(world, each), n) for each in (DISCORD, SLACK) for n in range(6)}
    assert len(names) == 12
    assert all(len(name) <= 25 for name in names)
