"""How posts go out: what is due, kept, put off, given up."""

import asyncio
from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.domain.deliveries import Rules, Status
from bot.domain.destinations import Destination
from bot.domain.mailboxes import mailbox_place
from bot.errors import PostponedError
from tests.support.delivery_checks import check
from tests.support.delivery_process import StoreDownError
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
    assert ((await last(world, SLACK)).status, (await last(world, SLACK)).error) == (Status.SKIPPED, "switched off")
    assert numbers(world, DISCORD) == [0, 1, 2, 3, 4, 5]


async def test_a_post_that_missed_its_day_is_folded_into_the_next(world: World) -> None:
    world.slack.faults = ["postponed"]
    await world.tick()
    world.pass_time(timedelta(hours=15))
    await world.tick()
    assert (await last(world, SLACK)).status is Status.SKIPPED


async def test_a_bot_that_is_asked_to_stop_begins_nothing(world: World) -> None:
    world.deliverer.stop()
    await world.tick()
    assert world.accepted == []


async def stopped_while_sending(world: World, fault: str = "slow") -> float:
    """A tick within which the bot is asked to stop while its first message is on its way.

    Returns how many seconds it took after that.
    """
    for platform in world.platforms:
        platform.faults = [fault]
    ticking = asyncio.create_task(world.tick())
    await asyncio.sleep(20)
    world.deliverer.stop()
    asked = asyncio.get_running_loop().time()
    await ticking
    return asyncio.get_running_loop().time() - asked


async def test_a_bot_that_is_asked_to_stop_finishes_its_message_and_another_goes_on_at_once(world: World) -> None:
    await stopped_while_sending(world)
    assert len(world.accepted) == 1
    await world.tick_of(world.start())
    assert numbers(world, DISCORD) == numbers(world, SLACK) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("fault", ["hangs", "accepted but hangs"])
async def test_a_bot_that_is_asked_to_stop_waits_seven_seconds_for_a_platform_that_hangs(
    world: World, fault: str
) -> None:
    """The message that was on its way is looked for or repeated by whoever goes on: `check` finds none twice."""
    assert await stopped_while_sending(world, fault) == pytest.approx(7)
    for _ in range(2):
        world.pass_time(MINUTE)
        await world.tick_of(world.start())
    assert numbers(world, DISCORD) == numbers(world, SLACK) == [0, 1, 2, 3, 4, 5]


async def test_a_bot_that_stops_has_as_little_patience_in_looking_for_a_message(world: World) -> None:
    world.slack.faults, world.slack.blindness = ["unclear"], ["hangs"]
    await world.tick()
    world.pass_time(MINUTE)
    ticking = asyncio.create_task(world.tick())
    await asyncio.sleep(10)
    world.deliverer.stop()
    asked = asyncio.get_running_loop().time()
    await ticking
    assert asyncio.get_running_loop().time() - asked == pytest.approx(7)


@pytest.mark.usefixtures("virtual_time")
async def test_a_bot_that_is_killed_while_it_stops_leaves_no_message_unclear() -> None:
    world = World(DUE - timedelta(hours=12), length=6)
    mailbox = Destination(place=mailbox_place("ana@example.org"), at=SLACK.at)
    await world.put(mailbox)
    world.pass_time(timedelta(hours=12))
    world.workers[0].process.kill_at = "before put_off"
    await stopped_while_sending(world)
    world.pass_time(MINUTE)
    await world.tick()
    assert numbers(world, mailbox) == [0, 1, 2, 3, 4, 5]
    await check(world)


@pytest.mark.usefixtures("virtual_time")
async def test_all_that_is_due_is_claimed_in_one_tick_however_much_that_is() -> None:
    world = World(DUE - timedelta(hours=12), length=1, rules=Rules(at_once=96))
    for number in range(1_001):
        await world.put(replace(SLACK, place=replace(SLACK.place, channel=f"C{number}")))
    world.pass_time(timedelta(hours=12))
    await world.tick()
    assert len(world.accepted) == 1_001


@pytest.mark.usefixtures("virtual_time")
async def test_no_more_posts_are_on_their_way_than_the_rules_say() -> None:
    world = World(DUE - timedelta(hours=12), length=1, rules=Rules(at_once=4))
    for number in range(20):
        await world.put(replace(SLACK, place=replace(SLACK.place, channel=f"C{number}")))
    world.pass_time(timedelta(hours=12))
    world.slack.faults = ["slow", ""] * 10
    await world.tick()
    assert (len(world.accepted), world.slack.most_at_once) == (20, 4)


@pytest.mark.parametrize("at_once", [1, 2])
@pytest.mark.usefixtures("virtual_time")
async def test_a_store_that_fails_is_told_of_once_all_that_was_begun_has_ended(at_once: int) -> None:
    world = World(DUE - timedelta(hours=12), length=6, rules=Rules(at_once=at_once))
    for destination in (DISCORD, SLACK):
        await world.put(destination)
    world.pass_time(timedelta(hours=12))
    process = world.workers[0].process
    process.begin()
    process.fail_at, world.slack.faults = "begin_message", ["slow"] * 6
    with pytest.raises(StoreDownError):
        await world.deliverer.tick()
    sent = numbers(world, SLACK)
    await asyncio.sleep(600)
    assert numbers(world, SLACK) == sent == ([0, 1, 2, 3, 4, 5] if at_once == 2 else [])


@pytest.mark.parametrize(
    ("at", "hours", "ends"),
    [
        (time(9), 13, Status.SENT),  # it is still its day
        (time(21), 5, Status.SENT),  # its day is over, but not for long
        (time(21), 13, Status.FAILED),
    ],
)
@pytest.mark.usefixtures("virtual_time")
async def test_a_post_that_has_begun_goes_on_for_all_of_its_day_and_for_twelve_hours(
    at: time, hours: int, ends: Status
) -> None:
    world = World(DUE - timedelta(hours=12), length=3)
    await world.put(replace(SLACK, at=at))
    world.pass_time(timedelta(hours=12 + at.hour - 9))
    world.slack.faults = ["", "postponed"]
    await world.tick()
    world.pass_time(timedelta(hours=hours))
    await world.tick()
    [upcoming] = await world.store.upcoming([SLACK.place.key])
    assert [each.status for each in upcoming.deliveries if each.sent] == [ends]
    assert numbers(world, SLACK)[:3] == ([0, 1, 2] if ends is Status.SENT else [0])


async def test_a_composer_that_fails_is_asked_again_after_twice_the_time_each_time(world: World) -> None:
    world.composer.failures = 99
    for passed in (30, 60, 120):
        await world.tick()
        world.pass_time(timedelta(seconds=passed - 1))
        await world.tick()
        world.pass_time(timedelta(seconds=1))
    assert 99 - world.composer.failures == 2 * 3, "three times for each of two posts"
    assert "composing failed" in (await last(world, SLACK)).error
    world.composer.failures = 0
    await world.tick()
    assert numbers(world, SLACK) == [0, 1, 2, 3, 4, 5]


@pytest.mark.usefixtures("virtual_time")
async def test_a_composer_that_fails_keeps_no_composed_post_back() -> None:
    world = World(DUE - timedelta(hours=12), length=1, rules=Rules(at_once=2))
    await world.put(SLACK)
    await world.put(replace(DISCORD, at=time(9, 10)))
    world.pass_time(timedelta(hours=12))
    world.slack.faults = [PostponedError("too fast", retry_after=600.0)]
    await world.tick()
    world.pass_time(10 * MINUTE)
    world.composer.failures = 1
    await world.tick()
    assert (numbers(world, SLACK), numbers(world, DISCORD)) == ([0], [])
    world.pass_time(MINUTE)
    await world.tick()
    assert numbers(world, DISCORD) == [0]
    await check(world)


async def test_a_post_is_written_once_however_often_it_is_put_off(world: World) -> None:
    world.slack.faults = ["postponed", "", "postponed", "", "", "unclear"]
    for _ in range(6):
        await world.tick()
        world.pass_time(4 * MINUTE)
    assert numbers(world, SLACK) == [0, 1, 2, 3, 4, 5]
    assert set(world.composer.written.values()) == {1}


async def test_what_went_out_covers_the_papers_up_to_when_it_was_written(world: World) -> None:
    world.slack.faults = ["slow"] * 6
    await world.tick()
    [audience] = await world.store.audiences([SLACK])
    assert audience.covered_until == DUE < world.clock.now() - MINUTE


async def test_to_wait_for_papers_is_no_failure_and_has_no_end_that_a_clock_could_move(world: World) -> None:
    world.composer.waiting = True
    await world.tick()
    assert (await last(world, SLACK)).attempts == 0
    world.set_clock(timedelta(hours=-5))
    await world.tick()
    assert numbers(world, SLACK) == [0, 1, 2, 3, 4, 5]


async def test_a_post_of_tomorrow_is_looked_at_once_a_minute_when_the_clock_was_set_back(world: World) -> None:
    world.composer.waiting = True
    await world.tick()
    world.set_clock(timedelta(days=-1))
    await world.tick()
    assert "its day has not come" in (await last(world, SLACK)).error
    for passed, leased in ((MINUTE - timedelta(seconds=1), 0), (timedelta(seconds=1), 2)):
        world.pass_time(passed)
        now = world.clock.now()
        found = await world.store.lease("w", now=now, until=now + MINUTE, limit=9, reaches=lambda _: True)
        assert len(found) == leased


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
