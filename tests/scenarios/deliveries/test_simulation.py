"""Whatever happens, a post goes out at most once, and at least once where that was possible at all."""

import asyncio
import logging
from collections.abc import Container, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import structlog
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.domain.deliveries import Rules, Status
from bot.domain.destinations import Destination
from bot.domain.mailboxes import mailbox_place
from bot.domain.people import Place
from storage.sql.store import SqlStore
from tests.support.databases import Postgres, Sqlite
from tests.support.delivery_checks import check, settle
from tests.support.delivery_platform import BLINDNESS, DEAFNESS, FAULTS
from tests.support.delivery_process import STORE_FAULTS
from tests.support.delivery_world import World
from tests.support.virtual_time import Outside, VirtualTimeLoop, in_virtual_time

ZONES = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "America/Anchorage",
    "America/Argentina/Buenos_Aires",
    "America/Asuncion",
    "America/Caracas",
    "America/Chicago",
    "America/Denver",
    "America/Havana",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Dubai",
    "Asia/Gaza",
    "Asia/Kabul",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Pyongyang",
    "Asia/Shanghai",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Asia/Yangon",
    "Atlantic/Azores",
    "Australia/Adelaide",
    "Australia/Eucla",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Europe/Berlin",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Fakaofo",
    "Pacific/Honolulu",
    "Pacific/Kiritimati",
    "Pacific/Marquesas",
    "Pacific/Norfolk",
    "UTC",
]
SKEWS = [timedelta(0), timedelta(seconds=-90)]
"""By how much the clocks of two processes are wrong."""
TIMES = (time(0), time(0, 30), time(1, 30), time(2), time(2, 30), time(3), time(9), time(12), time(21))


@pytest.fixture(autouse=True)
def quietly() -> Iterator[None]:
    """Without log lines: there are hundreds of thousands."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


def destination(number: int, zone: str, at: time, post: str = "") -> Destination:
    """A post of a channel of Discord or of Slack, or of a mailbox."""
    mailbox = mailbox_place(f"reader{number}@example.org")
    place = (Place("discord", "T", f"C{number}"), Place("slack", "T", f"C{number}"), mailbox)[number % 3]
    return Destination(place=place, post=post, timezone=zone, at=at)


async def live(
    start: datetime, days: int, step: timedelta, *, trouble: float, seed: int, watched: Container[int] | None = None
) -> World:
    """Every zone for some days, the bot looking every `step`; `trouble` is the chance of something at each look.

    If days are given, the bot looks on those alone.
    """
    random, world = Random(seed), World(start, length=1 + seed % 2, skews=SKEWS * (seed % 2))
    for number, zone in enumerate(ZONES):
        await world.put(replace(destination(number, zone, random.choice(TIMES)), weekly=number if number < 7 else None))
        if number % 5 == 0:
            at = random.choice([world.destinations[destination(number, zone, time(0)).key].at, *TIMES])
            await world.put(destination(number, zone, at, post="robotics"))
    for look in range(timedelta(days=days) // step):
        world.pass_time(step)
        if watched is not None and look * step // timedelta(days=1) not in watched:
            continue
        if random.random() < trouble:
            plan_trouble(world, random)
            await world.tick(random.choice([None, random.randint(1, 60)]))
            world.pass_time(
                random.choice([timedelta(0), timedelta(seconds=90), timedelta(hours=random.randint(1, 40))])
            )
        else:
            await world.tick()
    await settle(world)
    await check(world)
    return world


def plan_trouble(world: World, random: Random) -> None:
    """Let any of what can go wrong go wrong next."""
    for platform in world.platforms:
        platform.faults = random.choices(FAULTS, k=random.randint(0, 2))
        platform.blindness = random.choices(["", *BLINDNESS], k=random.randint(0, 1))
        platform.deafness = random.choices(["", *DEAFNESS], k=1)
    world.composer.failures = random.randint(0, 1)
    world.workers[0].process.store_faults = random.choices(["", *STORE_FAULTS], k=random.randint(0, 9))


def changing_days(start: datetime, days: int) -> set[int]:
    """Of so many days from `start` on those around which a zone changes its clock: on others nothing can go wrong."""
    at = [[(start + timedelta(days=n)).astimezone(ZoneInfo(zone)).utcoffset() for n in range(days)] for zone in ZONES]
    changing = {n for offsets in at for n in range(days - 1) if offsets[n] != offsets[n + 1]}
    return {day for n in changing for day in range(n - 2, n + 3)}


@pytest.mark.parametrize(
    ("start", "days"),
    [
        (datetime(2011, 3, 1, tzinfo=UTC), 366),  # Samoa and Tokelau leave out 30 December 2011
        (datetime(1994, 12, 20, tzinfo=UTC), 30),  # Kiribati leaves out 1 January 1995
    ],
)
@pytest.mark.usefixtures("virtual_time")
async def test_without_trouble_every_local_day_has_its_post(start: datetime, days: int) -> None:
    watched = changing_days(start, days)
    world = await live(start, days, timedelta(minutes=120), trouble=0.0, seed=0, watched=watched)
    statuses = {d.status for upcoming in await world.store.upcoming(deliveries=999) for d in upcoming.deliveries}
    assert statuses == {Status.SENT}
    assert len(world.accepted) >= len(watched) * len(ZONES) * 1.1


@pytest.mark.parametrize("seed", range(1, 4))
@pytest.mark.usefixtures("virtual_time")
async def test_a_season_of_trouble_posts_nothing_twice_and_misses_nothing_it_could_post(seed: int) -> None:
    world = await live(datetime(2026, 2 + 3 * seed, 1, tzinfo=UTC), 45, timedelta(minutes=25), trouble=0.05, seed=seed)
    assert len(world.accepted) > 35 * len(ZONES)


minutes = st.integers(1, 600).map(lambda n: timedelta(minutes=n))
changes = st.one_of(
    st.fixed_dictionaries({"at": st.sampled_from(TIMES)}),
    st.fixed_dictionaries({"timezone": st.sampled_from(ZONES)}),
    st.fixed_dictionaries({"enabled": st.booleans()}),
    st.fixed_dictionaries({"days": st.frozensets(st.integers(0, 6))}),
    st.fixed_dictionaries({"weekly": st.none() | st.integers(0, 6)}),
)
names = st.sampled_from(["discord", "slack", "email"])
workers = st.integers(0, 1)
events = st.one_of(
    st.tuples(st.just("run"), st.integers(1, 40)),
    st.tuples(st.just("kill"), workers, st.integers(1, 60)),
    st.tuples(st.just("hold"), workers, st.integers(1, 30), st.integers(1, 6).map(lambda n: timedelta(minutes=n))),
    st.tuples(st.just("down"), minutes),
    st.tuples(st.just("send"), names, st.lists(st.sampled_from(FAULTS), min_size=1, max_size=3)),
    st.tuples(st.just("send"), names, st.lists(st.just("refused"), min_size=1, max_size=3)),
    st.tuples(st.just("look"), names, st.lists(st.sampled_from(BLINDNESS), min_size=1, max_size=2)),
    st.tuples(st.just("tell"), names, st.lists(st.sampled_from(DEAFNESS), min_size=1, max_size=2)),
    st.tuples(st.just("store"), workers, st.lists(st.sampled_from(["", *STORE_FAULTS]), min_size=1, max_size=12)),
    st.tuples(st.just("compose"), st.integers(1, 3)),
    st.tuples(st.just("clock"), st.integers(-180, 180).map(lambda n: timedelta(minutes=n))),
    st.tuples(st.just("clock"), st.integers(-9, 9).map(lambda n: timedelta(days=n))),
    st.tuples(st.just("waiting"), st.booleans()),
    st.tuples(st.just("change"), st.integers(0, 3), changes),
    st.tuples(st.just("resend"), st.integers(0, 2)),
    st.tuples(st.just("tidy")),
)
starts = st.sampled_from(
    [
        datetime(2011, 12, 28, tzinfo=UTC),
        datetime(2026, 3, 7, tzinfo=UTC),
        datetime(2026, 3, 28, tzinfo=UTC),
        datetime(2026, 10, 24, tzinfo=UTC),
    ]
)
places = st.lists(st.tuples(st.sampled_from(ZONES), st.sampled_from(TIMES)), min_size=4, max_size=4)
"""Where and when three places have a post, and the first of them another."""
stories = st.lists(events, max_size=30)
quick_stories = st.lists(
    events.map(lambda event: ("run", event[1] // 8) if event[0] == "run" else event), min_size=4, max_size=12
)
"""For a real database, where a tick takes some milliseconds."""
Where = list[tuple[str, time]]
Told = list[tuple[Any, ...]]


async def happen(world: World, event: tuple[Any, ...]) -> None:
    """Let one thing happen, and the bot look at what is due afterwards."""
    match event:
        case ("run", count):
            for _ in range(count):
                world.pass_time(timedelta(minutes=20))
                await world.tick()
        case ("kill", worker, calls):
            await world.tick(calls, of=worker % len(world.workers))
        case ("hold", worker, calls, length):
            await world.hold_up(worker % len(world.workers), calls, length)
        case ("down", length):
            world.pass_time(length)
        case ("store", worker, faults):
            world.workers[worker % len(world.workers)].process.store_faults = list(faults)
        case ("clock", wrong):
            world.set_clock(wrong)
        case ("send" | "look" | "tell" as what, name, faults):
            plan(world, what, name, faults)
        case _:
            await be_asked(world, event)
    await world.tick()


def plan(world: World, what: str, name: str, faults: list[str]) -> None:
    """Let the next calls of a platform go wrong."""
    platform = next(platform for platform in world.platforms if platform.name == name)
    planned = {"send": platform.faults, "look": platform.blindness, "tell": platform.deafness}[what]
    planned[:] = faults


async def be_asked(world: World, event: tuple[Any, ...]) -> None:
    """What is neither a platform's nor a machine's fault."""
    destinations = list(world.destinations.values())
    match event:
        case ("compose", failures):
            world.composer.failures = failures
            world.note_trouble()
        case ("waiting", waiting):
            world.composer.waiting = waiting
        case ("change", number, fields):
            await world.put(replace(destinations[number], **fields))
        case ("resend", number):
            await world.resend(destinations[number])
        case ("tidy",):
            await world.store.tidy(now=world.clock.now())
        case unknown:
            raise AssertionError(unknown)


async def story(start: datetime, where: Where, told: Told, *, shared: bool, store: Any = None) -> None:
    """What is told happens to a channel of Discord with two posts, one of Slack and a mailbox, and then nothing bad.

    `shared` says that two processes do the work. Three refusals in a row switch a destination off.
    """
    rules = Rules(at_once=1 + len(told) % 3, disable_after=3)
    world = World(start, store=store, skews=SKEWS if shared else (), rules=rules)
    for number, (zone, at) in enumerate(where):
        await world.put(destination(number % 3, zone, at, "robotics" if number > 2 else ""))
    for event in told:
        await happen(world, event)
    await settle(world)
    await check(world)


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(start=starts, where=places, told=stories, shared=st.booleans())
@example(
    start=datetime(2011, 12, 28, tzinfo=UTC),
    where=[("Africa/Cairo", time(0))] * 4,
    told=[
        ("clock", timedelta(days=-1)),
        ("send", "discord", ["accepted late"]),
        ("clock", timedelta(0)),
        ("clock", timedelta(days=1)),
        ("run", 1),
    ],
    shared=False,
)
def test_no_story_in_memory_ends_with_a_post_twice_missing_or_late(
    start: datetime, where: Where, told: Told, *, shared: bool
) -> None:
    in_virtual_time(story(start, where, told, shared=shared))


async def on_database(url: str, start: datetime, where: Where, told: Told, *, shared: bool) -> None:
    """As `story`, on a real database."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualTimeLoop)
    store = SqlStore(url)
    try:
        await story(start, where, told, shared=shared, store=Outside(store))
    finally:
        with loop.outside():
            await store.close()


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(start=starts, where=places, told=quick_stories)
def test_no_story_on_a_database_does_either(sqlite: Sqlite, start: datetime, where: Where, told: Told) -> None:
    in_virtual_time(on_database(sqlite.migrated(), start, where, told, shared=False))


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(start=starts, where=places, told=quick_stories)
def test_no_story_on_a_database_with_two_workers_does_either(
    postgres: Postgres, start: datetime, where: Where, told: Told
) -> None:
    in_virtual_time(on_database(postgres.migrated(), start, where, told, shared=True))
