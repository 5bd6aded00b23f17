"""How posts go out: what is sent, kept, put off, given up and told."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot.delivery.deliverer import Deliverer
from bot.delivery.sender import nonce
from bot.domain.deliveries import Delivery, Rules, Status
from bot.domain.destinations import Destination
from bot.domain.people import Place
from tests.support.delivery_world import World

DUE = datetime(2026, 1, 19, 9, tzinfo=UTC)
DISCORD = Destination(place=Place("discord", "G", "C1", "#papers"), at=time(9))
SLACK = Destination(place=Place("slack", "T", "C1", "#papers"), at=time(9))
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A post of six messages is due in both channels."""
    world = World(DUE - timedelta(hours=12), length=6)
    for destination in (DISCORD, SLACK):
        await world.put(destination)
    world.pass_time(timedelta(hours=12))
    yield world
    await world.check()


async def last(world: World, destination: Destination) -> Delivery:
    [upcoming] = await world.store.upcoming([destination.place.key])
    return upcoming.deliveries[0]


def numbers(world: World, destination: Destination) -> list[int]:
    """Which messages of the post a channel shows, in order."""
    return [int(shown.title[-1]) for shown in world.accepted if shown.place == destination.place.key]


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


async def test_a_worker_that_was_held_up_after_it_began_sends_nothing_that_another_one_sends(world: World) -> None:
    begin = world.store.begin_message
    other = Deliverer(world.store, world.composer, world.platforms, world.clock, Rules(at_once=1))

    async def held_up(number: int, worker: str, **kwargs: Any) -> bool:
        begun = await begin(number, worker, **kwargs)
        if number == (await last(world, SLACK)).number:
            world.store.begin_message = begin  # type: ignore[method-assign]
            world.pass_time(2 * MINUTE)
            await other.tick()
        return bool(begun)

    world.store.begin_message = held_up  # type: ignore[method-assign]
    await world.tick()
    await world.tick()
    assert numbers(world, DISCORD) == numbers(world, SLACK) == [0, 1, 2, 3, 4, 5]


async def test_a_post_whose_last_message_is_found_the_next_day_was_sent(world: World) -> None:
    world.slack.faults = ["", "", "", "", "", "killed after"]
    await world.tick()
    world.pass_time(timedelta(hours=20))
    await world.tick()
    [upcoming] = await world.store.upcoming([SLACK.place.key])
    assert upcoming.deliveries[-1].status is Status.SENT


async def test_a_first_message_that_never_arrived_obeys_the_day(world: World) -> None:
    world.slack.faults = ["killed before"]
    await world.tick()
    world.pass_time(timedelta(hours=15))
    await world.tick()
    assert (await last(world, SLACK)).status is Status.SKIPPED
    assert numbers(world, SLACK) == []


async def test_an_admin_may_have_the_rest_sent_again(world: World) -> None:
    world.slack.faults = ["", "unclear"]
    world.slack.looks = False
    await world.tick()
    world.pass_time(MINUTE)
    await world.tick()
    assert await world.store.resend(SLACK.place.key, now=world.clock.now())
    await world.tick()
    assert numbers(world, SLACK) == [0, 1, 2, 3, 4, 5]
    assert (await last(world, SLACK)).status is Status.SENT


async def test_a_resent_post_goes_on_also_on_a_later_day(world: World) -> None:
    world.slack.faults = ["unclear"]
    world.slack.looks = False
    await world.tick()
    world.pass_time(MINUTE)
    await world.tick()
    world.pass_time(timedelta(hours=20))
    assert await world.store.resend(SLACK.place.key, now=world.clock.now())
    await world.tick()
    assert numbers(world, SLACK) == [0, 1, 2, 3, 4, 5]


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


async def test_a_post_waits_for_papers_for_a_while_and_then_goes(world: World) -> None:
    world.composer.waiting = True
    await world.tick()
    world.pass_time(19 * MINUTE)
    await world.tick()
    assert world.accepted == []
    world.pass_time(MINUTE)
    await world.tick()
    assert numbers(world, SLACK) == [0, 1, 2, 3, 4, 5]


async def test_a_post_goes_as_soon_as_the_papers_are_there(world: World) -> None:
    world.composer.waiting = True
    await world.tick()
    world.composer.waiting = False
    world.pass_time(MINUTE)
    await world.tick()
    assert numbers(world, SLACK) == [0, 1, 2, 3, 4, 5]


async def test_nothing_to_say_is_no_post(world: World) -> None:
    world.composer.length = 0
    await world.tick()
    assert ((await last(world, SLACK)).status, (await last(world, SLACK)).error) == (Status.SKIPPED, "no papers")


async def test_a_post_switched_off_before_it_began_stays_away(world: World) -> None:
    world.composer.waiting = True
    await world.tick()
    await world.put(replace(SLACK, enabled=False))
    world.pass_time(timedelta(minutes=30))
    await world.tick()
    assert numbers(world, SLACK) == []
    assert numbers(world, DISCORD) == [0, 1, 2, 3, 4, 5]


async def test_a_post_that_missed_its_day_is_folded_into_the_next(world: World) -> None:
    world.slack.faults = ["postponed"]
    await world.tick()
    world.pass_time(timedelta(hours=15))
    await world.tick()
    assert (await last(world, SLACK)).status is Status.SKIPPED


async def test_a_bot_that_is_asked_to_stop_leaves_nothing_unclear(world: World) -> None:
    world.deliverer.stop()
    await world.tick()
    assert world.accepted == []


async def test_one_channel_in_trouble_keeps_no_other_from_its_post(world: World) -> None:
    world.slack.faults = ["bug"]
    await world.tick()
    assert numbers(world, DISCORD) == [0, 1, 2, 3, 4, 5]


async def test_a_nonce_is_short_enough_and_names_one_message(world: World) -> None:
    await world.tick()
    names = {nonce(await last(world, each), n) for each in (DISCORD, SLACK) for n in range(6)}
    assert len(names) == 12
    assert all(len(name) <= 25 for name in names)
