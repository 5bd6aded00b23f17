"""Whatever happens, a post goes out at most once, and at least once where that was possible at all."""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.domain.deliveries import Status
from bot.domain.destinations import Destination
from bot.domain.mailboxes import mailbox_place
from bot.domain.people import Place
from storage.sql.store import SqlStore
from tests.support.delivery_world import BLINDNESS, FAULTS, World

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
TIMES = (time(0), time(0, 30), time(1, 30), time(2), time(2, 30), time(3), time(9), time(12), time(21))


@pytest.fixture(autouse=True)
def quietly() -> Iterator[None]:
    """Without log lines: there are hundreds of thousands."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


def destination(number: int, zone: str, at: time) -> Destination:
    """A channel of Discord or of Slack, or a mailbox."""
    mailbox = mailbox_place(f"reader{number}@example.org")
    place = (Place("discord", "T", f"C{number}"), Place("slack", "T", f"C{number}"), mailbox)[number % 3]
    return Destination(place=place, timezone=zone, at=at)


async def live(start: datetime, days: int, step: timedelta, *, trouble: float, seed: int) -> World:
    """Every zone for some days, the bot looking every `step`; `trouble` is the chance of something at each look."""
    random, world = Random(seed), World(start, length=1 + seed % 2)
    for number, zone in enumerate(ZONES):
        await world.put(destination(number, zone, random.choice(TIMES)))
    for _ in range(timedelta(days=days) // step):
        world.pass_time(step)
        if random.random() < trouble:
            world.discord.faults = random.choices(FAULTS, k=random.randint(0, 2))
            world.slack.faults = random.choices(FAULTS, k=random.randint(0, 2))
            world.email.faults = random.choices(FAULTS, k=random.randint(0, 2))
            world.slack.blindness = random.choices(["", *BLINDNESS], k=random.randint(0, 1))
            await world.tick(random.choice([None, random.randint(1, 60)]))
            world.pass_time(
                random.choice([timedelta(0), timedelta(seconds=90), timedelta(hours=random.randint(1, 40))])
            )
        else:
            await world.tick()
    await world.check()
    return world


@pytest.mark.parametrize(
    ("start", "days"),
    [
        (datetime(2011, 3, 1, tzinfo=UTC), 366),  # Samoa and Tokelau leave out 30 December 2011
        (datetime(1994, 12, 20, tzinfo=UTC), 30),  # Kiribati leaves out 1 January 1995
    ],
)
async def test_without_trouble_every_local_day_has_its_post(start: datetime, days: int) -> None:
    world = await live(start, days, timedelta(minutes=120), trouble=0.0, seed=0)
    statuses = {d.status for upcoming in await world.store.upcoming(deliveries=999) for d in upcoming.deliveries}
    assert statuses == {Status.SENT}
    assert len(world.accepted) >= (days - 2) * len(ZONES)


@pytest.mark.parametrize("seed", range(1, 4))
async def test_a_season_of_trouble_posts_nothing_twice_and_misses_nothing_it_could_post(seed: int) -> None:
    world = await live(datetime(2026, 2 + 3 * seed, 1, tzinfo=UTC), 75, timedelta(minutes=25), trouble=0.03, seed=seed)
    assert len(world.accepted) > 60 * len(ZONES)


minutes = st.integers(1, 600).map(lambda n: timedelta(minutes=n))
changes = st.one_of(
    st.fixed_dictionaries({"at": st.sampled_from(TIMES)}),
    st.fixed_dictionaries({"timezone": st.sampled_from(ZONES)}),
    st.fixed_dictionaries({"enabled": st.booleans()}),
    st.fixed_dictionaries({"days": st.frozensets(st.integers(0, 6))}),
)
events = st.one_of(
    st.tuples(st.just("run"), st.integers(1, 40)),
    st.tuples(st.just("kill"), st.integers(1, 60)),
    st.tuples(st.just("down"), minutes),
    st.tuples(st.just("discord"), st.lists(st.sampled_from(FAULTS), min_size=1, max_size=3)),
    st.tuples(st.just("slack"), st.lists(st.sampled_from(FAULTS), min_size=1, max_size=3)),
    st.tuples(st.just("email"), st.lists(st.sampled_from(FAULTS), min_size=1, max_size=3)),
    st.tuples(st.just("blindness"), st.lists(st.sampled_from(BLINDNESS), min_size=1, max_size=2)),
    st.tuples(st.just("clock"), st.integers(-180, 180).map(lambda n: timedelta(minutes=n))),
    st.tuples(st.just("clock"), st.integers(-9, 9).map(lambda n: timedelta(days=n))),
    st.tuples(st.just("waiting"), st.booleans()),
    st.tuples(st.just("change"), st.integers(0, 2), changes),
)
starts = st.sampled_from(
    [
        datetime(2011, 12, 28, tzinfo=UTC),
        datetime(2026, 3, 7, tzinfo=UTC),
        datetime(2026, 3, 28, tzinfo=UTC),
        datetime(2026, 10, 24, tzinfo=UTC),
    ]
)
places = st.lists(st.tuples(st.sampled_from(ZONES), st.sampled_from(TIMES)), min_size=3, max_size=3)


async def happen(world: World, event: tuple[Any, ...]) -> None:
    """Let one thing happen, and the bot look at what is due afterwards."""
    match event:
        case ("run", count):
            for _ in range(count):
                world.pass_time(timedelta(minutes=20))
                await world.tick()
        case ("kill", calls):
            await world.tick(calls)
        case ("down", length):
            world.pass_time(length)
        case ("discord" | "slack" | "email" as name, faults):
            next(platform for platform in world.platforms if platform.name == name).faults = list(faults)
        case ("blindness", faults):
            world.slack.blindness = list(faults)
        case ("clock", wrong):
            world.set_clock(wrong)
        case ("waiting", waiting):
            world.composer.waiting = waiting
        case ("change", number, fields):
            await world.put(replace(list(world.destinations.values())[number], **fields))
    await world.tick()


async def story(world: World, where: list[tuple[str, time]], told: list[tuple[Any, ...]]) -> None:
    for number, (zone, at) in enumerate(where):
        await world.put(destination(number, zone, at))
    for event in told:
        await happen(world, event)
    await world.check()


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(start=starts, where=places, told=st.lists(events, max_size=30))
@example(
    start=datetime(2011, 12, 28, tzinfo=UTC),
    where=[("Africa/Cairo", time(0))] * 3,
    told=[
        ("clock", timedelta(days=-1)),
        ("discord", ["accepted late"]),
        ("clock", timedelta(0)),
        ("clock", timedelta(days=1)),
        ("run", 1),
    ],
)
def test_no_story_ends_with_a_post_twice_or_missing(
    start: datetime, where: list[tuple[str, time]], told: list[tuple[Any, ...]]
) -> None:
    asyncio.run(story(World(start), where, told))


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(start=starts, where=places, told=st.lists(events, max_size=12))
def test_no_story_on_a_real_database_does_either(
    tmp_path_factory: pytest.TempPathFactory,
    start: datetime,
    where: list[tuple[str, time]],
    told: list[tuple[Any, ...]],
) -> None:
    async def run(path: Path) -> None:
        async with await SqlStore.open(f"sqlite:///{path}/paperboy.db", migrate=True) as store:
            await story(World(start, store=store), where, told)

    asyncio.run(run(tmp_path_factory.mktemp("story")))
