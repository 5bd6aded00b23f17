"""What becomes of a message that was sent: shown, repeated, looked for, put off, refused."""

from datetime import timedelta

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from bot.delivery.sender import nonce
from bot.domain.deliveries import Rules, Status
from bot.domain.destinations import Destination
from bot.errors import PostponedError
from tests.support.delivery_world import DISCORD, DUE, MINUTE, SLACK, World, last, numbers


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


async def test_the_lines_of_a_post_share_an_id_over_ticks_and_no_other_post_has_it(world: World) -> None:
    world.discord.faults = ["", "bug"]
    world.slack.faults = ["bug"]
    with capture_logs(processors=[merge_contextvars]) as logged:
        for _ in range(4):
            await world.tick()
            world.pass_time(MINUTE)
    of_posts = [line for line in logged if line.get("work") == "post"]
    assert {line["event"] for line in of_posts} > {"sending failed", "post ended"}
    assert len({(line["delivery"], line["trace"]) for line in of_posts}) == len({line["delivery"] for line in of_posts})
    assert len({line["trace"] for line in of_posts}) == 2  # on Discord and on Slack


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


HELD_AT = [
    "after begin_message",
    "before begin_message",
    "after message_sent",
    "before message_sent",
    "after lease",
    "after freeze",
]


@pytest.mark.parametrize("at", HELD_AT)
async def test_a_worker_that_was_held_up_sends_nothing_that_another_one_sends(world: World, at: str) -> None:
    world.start()
    world.workers[0].process.out_of_reach = {DISCORD.place.workspace}  # Discord would show no second one
    await world.hold_up(0, at, 2 * MINUTE)
    await world.tick()
    assert numbers(world, DISCORD) == numbers(world, SLACK) == [0, 1, 2, 3, 4, 5]


async def test_a_worker_that_has_too_little_time_left_takes_more_before_it_sends(world: World) -> None:
    world.start()
    world.workers[0].process.out_of_reach = {DISCORD.place.workspace}
    world.slack.faults = ["slow to take"]
    await world.hold_up(0, "after begin_message", timedelta(seconds=40))
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


async def test_what_another_process_reaches_is_left_to_it(world: World) -> None:
    world.workers[0].process.out_of_reach = {DISCORD.place.workspace}
    await world.tick()
    assert (numbers(world, DISCORD), numbers(world, SLACK)) == ([], [0, 1, 2, 3, 4, 5])
    world.start()
    await world.tick()
    assert numbers(world, DISCORD) == [0, 1, 2, 3, 4, 5]


async def test_a_platform_that_never_answers_holds_nothing_up_for_longer_than_the_patience(world: World) -> None:
    world.slack.faults = ["hangs"]
    await world.tick()
    assert world.clock.now() == DUE + Rules().patience
    assert numbers(world, DISCORD) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("destination", [DISCORD, SLACK])
@pytest.mark.parametrize("fault", ["hangs", "accepted but hangs"])
async def test_a_platform_that_never_answered_may_have_taken_the_message(
    world: World, destination: Destination, fault: str
) -> None:
    world.discord.faults, world.slack.faults = ["", fault], ["", fault]
    for _ in range(4):
        await world.tick()
        world.pass_time(MINUTE)
    assert numbers(world, destination) == [0, 1, 2, 3, 4, 5]
    assert (await last(world, destination)).status is Status.SENT


async def test_a_platform_that_took_a_message_and_asked_for_time_shows_it_once_where_it_knows_its_nonce(
    world: World,
) -> None:
    world.discord.faults = ["", "accepted but postponed"]
    await world.tick()
    world.pass_time(MINUTE)
    await world.tick()
    assert numbers(world, DISCORD) == [0, 1, 2, 3, 4, 5]


async def test_looking_for_a_message_has_an_end_too_and_is_tried_again(world: World) -> None:
    world.slack.faults, world.slack.blindness = ["killed after"], ["hangs"]
    await world.tick()
    for _ in range(3):
        world.pass_time(MINUTE)
        await world.tick()
    assert numbers(world, SLACK) == [0, 1, 2, 3, 4, 5]
    assert (await last(world, SLACK)).status is Status.SENT


async def test_one_who_cannot_look_because_of_a_bug_does_not_try_for_ever(world: World) -> None:
    world.slack.faults, world.slack.blindness = ["killed after"], ["bug"]
    await world.tick()
    world.pass_time(MINUTE)
    await world.tick()
    assert ((await last(world, SLACK)).status, world.slack.told) == (Status.UNKNOWN, 1)


async def test_to_wait_for_ones_turn_to_look_is_no_failure(world: World) -> None:
    world.slack.faults, world.slack.blindness = ["killed after"], ["busy"]
    await world.tick()
    world.pass_time(MINUTE)
    await world.tick()
    assert ((await last(world, SLACK)).attempts, numbers(world, SLACK)) == (0, [0])
    world.pass_time(MINUTE)
    await world.tick()
    assert numbers(world, SLACK) == [0, 1, 2, 3, 4, 5]


async def test_who_looks_waits_for_as_long_as_the_platform_asks_for(world: World) -> None:
    world.slack.faults = ["killed after"]
    world.slack.blindness = [PostponedError("too fast", retry_after=600.0)]
    await world.tick()
    world.pass_time(MINUTE)
    await world.tick()
    world.pass_time(9 * MINUTE)
    await world.tick()
    assert numbers(world, SLACK) == [0]
    world.pass_time(MINUTE)
    await world.tick()
    assert numbers(world, SLACK) == [0, 1, 2, 3, 4, 5]


async def test_a_message_that_cannot_be_looked_for_is_given_up_after_twelve_hours(world: World) -> None:
    world.slack.faults, world.slack.blindness = ["accepted but unclear"], ["postponed"] * 99
    for _ in range(12):
        await world.tick()
        world.pass_time(timedelta(hours=1))
    assert (await last(world, SLACK)).status is Status.SENDING
    for _ in range(2):
        await world.tick()
        world.pass_time(timedelta(hours=1))
    assert ((await last(world, SLACK)).status, world.slack.told) == (Status.UNKNOWN, 1)


async def test_what_is_found_is_noted_with_the_papers_of_that_message(world: World) -> None:
    world.slack.faults = ["", "killed after"]
    await world.tick()
    world.pass_time(MINUTE)
    await world.tick()
    of_second = await world.store.posted(SLACK.place.key, "slack1")
    assert of_second == [f"{(await last(world, SLACK)).key} #1"]


async def test_a_nonce_is_not_taken_for_young_when_the_clock_was_set_back(world: World) -> None:
    world.discord.faults = ["killed after"]
    await world.tick()
    world.pass_time(4 * MINUTE)
    world.set_clock(timedelta(hours=-5))
    await world.tick()
    assert numbers(world, DISCORD) == [0, 1, 2, 3, 4, 5]


async def test_a_message_that_stays_unclear_is_no_younger_for_being_repeated(world: World) -> None:
    world.discord.faults = ["accepted but unclear", *["unclear"] * 20]
    for _ in range(20):
        await world.tick()
        world.pass_time(timedelta(seconds=15))
    world.discord.faults = []
    for _ in range(60):
        await world.tick()
        world.pass_time(MINUTE)
    assert numbers(world, DISCORD) == [0, 1, 2, 3, 4, 5]


async def test_a_message_is_repeated_while_its_nonce_is_known(world: World) -> None:
    world.discord.faults, world.discord.looks = ["accepted but unclear"], False
    for _ in range(2):
        await world.tick()
        world.pass_time(MINUTE)
    assert numbers(world, DISCORD) == [0, 1, 2, 3, 4, 5]


async def test_a_platform_that_stays_unclear_is_tried_ever_less_often(world: World) -> None:
    world.slack.faults = ["unclear"] * 99
    for _ in range(40):
        await world.tick()
        world.pass_time(MINUTE)
    assert len(world.slack.firsts) <= 7
    world.slack.faults = []


async def test_each_message_is_said_to_follow_the_first_of_its_post(world: World) -> None:
    await world.tick()
    assert world.slack.firsts == ["", *["slack0"] * 5]


async def test_admins_are_told_once_by_the_worker_whose_post_it_is(world: World) -> None:
    world.start()
    world.slack.faults, world.slack.looks = ["killed after"], False
    await world.tick()
    world.pass_time(MINUTE)
    await world.hold_up(0, "before end", 2 * MINUTE)
    assert ((await last(world, SLACK)).status, world.slack.told) == (Status.UNKNOWN, 1)


async def test_a_refusal_counts_once_by_the_worker_whose_post_it_is(world: World) -> None:
    world.start()
    world.slack.faults = ["refused"] * 2
    await world.hold_up(0, "before refuse", 2 * MINUTE)
    [upcoming] = await world.store.upcoming([SLACK.place.key])
    assert (upcoming.refusals, world.slack.told) == (1, 1)


@pytest.mark.parametrize("fault", ["refused", "hangs"])
async def test_an_admin_who_cannot_be_told_keeps_nobody_from_a_post(world: World, fault: str) -> None:
    world.discord.faults, world.discord.deafness = ["refused"], [fault]
    await world.tick()
    assert (numbers(world, SLACK), world.discord.told) == ([0, 1, 2, 3, 4, 5], 0)
    assert (await last(world, DISCORD)).status is Status.FAILED


@pytest.mark.parametrize("method", ["claim_due", "lease", "freeze", "begin_message", "message_sent", "end"])
async def test_a_store_that_fails_at_any_note_makes_no_message_come_twice_and_none_go_missing(
    world: World, method: str
) -> None:
    world.workers[0].process.fail_at = method
    await world.tick()
    assert not world.workers[0].process.fail_at, "it has failed"
    world.pass_time(MINUTE)
    await world.tick()
    assert numbers(world, DISCORD) == numbers(world, SLACK) == [0, 1, 2, 3, 4, 5]
