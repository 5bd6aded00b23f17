"""How posts go out: what is due, kept, put off, given up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.deliveries import Status
from tests.support.delivery_world import DISCORD, DUE, MINUTE, SLACK, World, last, numbers


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


@pytest.mark.usefixtures("virtual_time")
async def test_the_round_up_comes_after_the_daily_post_and_never_within_it() -> None:
    world = World(DUE - timedelta(hours=12), length=6)
    world.start()
    await world.put(replace(SLACK, weekly=DUE.weekday()))
    world.pass_time(timedelta(hours=12))
    world.slack.faults = ["", "", "postponed"]
    for _ in range(4):
        await world.tick()
        world.pass_time(MINUTE)
    kinds = [shown.title.split()[0] for shown in world.accepted]
    assert kinds == ["daily"] * 6 + ["weekly"] * 6
    assert numbers(world, SLACK) == [0, 1, 2, 3, 4, 5] * 2
