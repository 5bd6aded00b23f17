"""What must be so after whatever happened to deliveries: no message twice, none missing, and nothing late."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.domain.deliveries import OPEN, Delivery, Status
from bot.domain.destinations import Destination, Kind, moment_on
from tests.support.delivery_platform import delivery_of, destination_of
from tests.support.delivery_world import MINUTE, SECOND, World

LONG_ENOUGH = timedelta(minutes=100)
"""Without trouble a post is out by then, also where the bot looks only now and then.

It waits for papers for 20 minutes, and an earlier failure for an hour.
"""

SHORTEST_WAIT, LONGEST_WAIT = 30 * SECOND, timedelta(hours=1)
"""How long a delivery is put off after a failure; each one doubles it."""

AFTER_A_LEAP = timedelta(hours=2)
"""How long a wait may last that was noted before the clock was set back."""


async def check(world: World) -> None:
    """No message was shown twice; every post that could go out did, whole."""
    titles = Counter(shown.title for shown in world.accepted)
    assert [title for title, count in titles.items() if count > 1] == []
    _check_local_days(world)
    _check_one_after_the_other(world)
    for upcoming in await world.store.upcoming(deliveries=1000):
        posts = {(delivery.kind, delivery.day): delivery for delivery in upcoming.deliveries}
        for delivery in upcoming.deliveries:
            whole = all(titles[f"{delivery.key} #{n}"] for n in range(world.composer.length))
            assert whole or delivery.status is not Status.SENT, delivery
            assert delivery.status is not Status.UNKNOWN or _may_be_unknown(world, delivery), delivery
        for kind, day in _posts_that_could(world, upcoming.destination):
            assert (kind, day) in posts, f"{upcoming.destination} has no {kind} post of {day}"
            assert _may_end_so(world, posts[kind, day]), posts[kind, day]


async def settle(world: World) -> None:
    """From now on nothing goes wrong: every post that is open ends in time. The bound is that of decision 004."""
    for platform in world.platforms:
        platform.faults, platform.blindness, platform.deafness = [], [], []
    for worker in world.workers:
        worker.process.store_faults = []
    world.composer.waiting, world.composer.failures = False, 0
    began = world.clock.true
    deadlines = _deadlines(world, await opened(world))
    for bound in sorted({SECOND, 90 * SECOND, *deadlines.values()}):
        world.pass_time(max(timedelta(0), began + bound - world.clock.true))
        await world.tick()
        late = [each for each in await opened(world) if deadlines.get(each.number, 9 * LONGEST_WAIT) <= bound]
        assert late == [], f"open {bound} after all trouble was over"


async def opened(world: World) -> list[Delivery]:
    """Deliveries that have not ended."""
    told = await world.store.upcoming(deliveries=1000)
    return [each for upcoming in told for each in upcoming.deliveries if each.status in OPEN]


def _deadlines(world: World, waiting: Sequence[Delivery]) -> dict[int, timedelta]:
    """How long each may stay open: posts of one place go one after the other, so all as long as the slowest.

    Where the clock was set back, one whose day has not come waits for it, and those after it too.
    """
    slowest, held_back = dict[str, timedelta](), set[str]()
    for each in waiting:
        key = each.destination.place.key
        slowest[key] = max(_bound(world, each), slowest.get(key, timedelta(0)))
        held_back |= {key} if each.day > each.destination.local_day(world.clock.now()) else set()
    places = {each.number: each.destination.place.key for each in waiting}
    return {number: slowest[key] for number, key in places.items() if key not in held_back}


def _bound(world: World, delivery: Delivery) -> timedelta:
    """How long a delivery may stay open when nothing goes wrong any more.

    It was put off for as long as its failures make it, or a worker that is gone has it.
    """
    wait: timedelta = min(SHORTEST_WAIT * 2 ** max(0, delivery.attempts - 1), LONGEST_WAIT)
    leap = AFTER_A_LEAP if world.clock_was_set else timedelta(0)
    return leap + max(wait, MINUTE) + world.rules.lease + 20 * SECOND


def _may_be_unknown(world: World, delivery: Delivery) -> bool:
    """Whether nobody could look: where a platform tells what it shows, that takes a fault of the platform."""
    place = delivery.destination.place
    return place.key in {key for platform in world.platforms for key in platform.blind}


def _may_end_so(world: World, delivery: Delivery) -> bool:
    if delivery.status in {Status.SENT, Status.UNKNOWN} or delivery.error == "no such channel":
        return True
    return world.leapt and delivery.status in {Status.SKIPPED, Status.FAILED}


def _check_local_days(world: World) -> None:
    """No local day, as it was where the post went at that moment, had the beginnings of two posts of one kind."""
    first = [
        (destination_of(shown.title), shown.title.split()[0], shown.zone_day)
        for shown in world.accepted
        if shown.title.endswith("#0") and shown.title.removesuffix(" #0") not in world.resent
    ]
    assert [each for each, count in Counter(first).items() if count > 1] == []


def _check_one_after_the_other(world: World) -> None:
    """What a place was shown of one post is not parted by another; an admin may ask for the rest of one later."""
    of_place: defaultdict[str, list[str]] = defaultdict(list)
    for shown in world.accepted:
        if delivery_of(shown.title) not in world.resent:
            of_place[shown.place].append(delivery_of(shown.title))
    for place, keys in of_place.items():
        begun = Counter(key for key, _ in groupby(keys))
        assert [key for key, times in begun.items() if times > 1] == [], place


def _posts_that_could(world: World, destination: Destination) -> list[tuple[Kind, date]]:
    """Posts on whose local day nothing changed and it was calm for long enough after their time."""
    zone = ZoneInfo(destination.timezone)
    changes = world.changed[destination.key]
    could = set()
    for ticks in filter(None, world.calm):
        day = destination.local_day(ticks[0])
        while day <= destination.local_day(ticks[-1]):
            due = moment_on(day, destination.at, zone)
            if due and not any(abs(change - due) < timedelta(days=2) for change in changes):
                within = [t for t in _between(ticks, due, due + timedelta(hours=26)) if destination.local_day(t) == day]
                if within and within[-1] - within[0] >= LONG_ENOUGH:
                    could |= {(kind, day) for kind in destination.kinds_on(day)}
            day += timedelta(days=1)
    return sorted(could)


def _between(ticks: Sequence[datetime], start: datetime, end: datetime) -> Sequence[datetime]:
    return ticks[bisect_left(ticks, start) : bisect_left(ticks, end)]
