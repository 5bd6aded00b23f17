"""Whatever happens, each paper that matches what is followed is shown once to each follower, or told to be pending."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.follows import FollowKind
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from storage.sql.store import SqlStore
from tests.support.databases import Sqlite
from tests.support.delivery_platform import BLINDNESS, FAULTS
from tests.support.delivery_process import STORE_FAULTS
from tests.support.follow_world import AUTHORS, CITED, LABS, FollowWorld
from tests.support.virtual_time import VirtualTimeLoop, in_virtual_time

START = datetime(2026, 1, 19, 7, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quietly() -> Iterator[None]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


kinds = st.sampled_from(
    [
        *((FollowKind.AUTHOR, name) for name in AUTHORS),
        *((FollowKind.LAB, name) for name in LABS if name),
        *((FollowKind.CITED_BY, paper.id) for paper in CITED),
    ]
)
written = st.builds(
    lambda authors, lab, days: Paper(
        id=PaperId(""), title="", authors=tuple(authors), organization=lab, published=date(2026, 1, 19) - days
    ),
    st.lists(st.sampled_from(AUTHORS), max_size=2, unique=True),
    st.sampled_from(LABS),
    st.integers(-3, 90).map(lambda days: timedelta(days=days)),
)
kills = st.none() | st.integers(1, 40)
platforms = st.sampled_from(["discord", "slack", "email"])
events = st.one_of(
    st.tuples(st.just("sync"), st.lists(written, min_size=1, max_size=14)),
    st.tuples(st.just("tell more"), st.integers(0, 99), written),
    st.tuples(st.just("cite"), st.integers(0, len(CITED) - 1), st.lists(written, min_size=1, max_size=5)),
    st.tuples(st.just("ask who cites"), kills),
    st.tuples(st.just("list"), st.lists(st.integers(0, 2), min_size=1, max_size=2)),
    st.tuples(st.just("index")),
    st.tuples(st.just("match"), kills),
    st.tuples(st.just("follow"), st.integers(0, 2), kinds, st.booleans()),
    st.tuples(st.just("tick"), kills),
    st.tuples(st.just("go on"), st.integers(1, 5), st.sampled_from([10, 60, 500]).map(lambda n: timedelta(minutes=n))),
    st.tuples(st.just("stop"), st.integers(1, 60).map(lambda hours: timedelta(hours=hours))),
    st.tuples(st.just("switch"), st.integers(0, 3), st.booleans()),
    st.tuples(st.just("send"), platforms, st.lists(st.sampled_from(FAULTS), min_size=1, max_size=3)),
    st.tuples(st.just("look"), platforms, st.lists(st.sampled_from(BLINDNESS), min_size=1, max_size=2)),
    st.tuples(st.just("store"), st.lists(st.sampled_from(["", *STORE_FAULTS]), min_size=1, max_size=12)),
)
stories = st.lists(events, min_size=4, max_size=20)


async def happen(world: FollowWorld, event: tuple[Any, ...]) -> None:
    """Let one thing happen."""
    match event:
        case ("sync", told):
            await world.sync(*_numbered(world, told))
        case ("tell more", number, told):
            if world.told:
                await world.sync(replace(told, id=world.told[number % len(world.told)].id, title=""))
        case ("follow", place, (kind, value), at_once):
            await world.follow(place, kind, value, at_once=at_once)
        case ("tick", kill_after):
            await world.tick(kill_after)
        case ("go on", looks, step):
            await world.go_on(looks, step)
        case ("switch", number, enabled):
            await world.put(replace(list(world.destinations.values())[number], enabled=enabled))
        case ("index" | "match" | "cite" | "ask who cites", *_):
            await look(world, event)
        case _:
            go_wrong(world, event)


async def look(world: FollowWorld, event: tuple[Any, ...]) -> None:
    """Let Paperboy look at papers, or at who cites them, or let some cite others."""
    match event:
        case ("index",):
            await world.index_papers()
        case ("match", kill_after):
            await world.match(kill_after)
        case ("cite", number, told):
            await world.cite(number, *_numbered(world, told))
        case ("ask who cites", kill_after):
            await world.read_citing(kill_after)


def _numbered(world: FollowWorld, told: Sequence[Paper]) -> list[Paper]:
    """Papers that nobody told of yet."""
    first = len({paper.id for paper in world.told}) + 1
    return [
        replace(paper, id=PaperId(f"2601.{number:05}"), title=f"The paper that is numbered {number}")
        for number, paper in enumerate(told, start=first)
    ]


def go_wrong(world: FollowWorld, event: tuple[Any, ...]) -> None:
    """Let Paperboy be stopped for a while, or the next calls of a platform or of the store go wrong."""
    match event:
        case ("stop", length):
            world.pass_time(length)
        case ("list", fails_after):
            world.citations.trouble[:] = fails_after
        case ("store", faults):
            world.workers[0].process.store_faults = list(faults)
        case (what, name, faults):
            platform = next(platform for platform in world.platforms if platform.name == name)
            planned = {"send": platform.faults, "look": platform.blindness}[what]
            planned[:] = faults


async def story(url: str, told: list[tuple[Any, ...]]) -> None:
    """What is told happens; then nothing is bad any more, and Paperboy looks every three hours.

    All is as it must be within four days and a half (it takes a day after a failure, and another for each ten papers),
    and still is a day later.
    """
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualTimeLoop)
    store = SqlStore(url)
    world = FollowWorld(START, store)
    try:
        await world.open()
        for event in told:
            await happen(world, event)
        for platform in world.platforms:
            platform.faults, platform.blindness = [], []
        world.workers[0].process.store_faults = []
        world.citations.trouble = []
        for _ in range(9):
            await world.go_on(4, timedelta(hours=3))
            if await world.is_settled():
                break
        await world.go_on(8, timedelta(hours=3))
        await world.check()
    finally:
        with loop.outside():
            await store.close()


ADA = Paper(id=PaperId(""), title="", authors=(AUTHORS[0],), published=date(2026, 1, 1))
FOLLOWED, COMES = ("follow", 1, (FollowKind.AUTHOR, AUTHORS[0]), True), ("sync", [ADA])


@pytest.mark.parametrize("calls", range(1, 11))
def test_a_kill_at_any_moment_of_comparing_misses_nothing(sqlite: Sqlite, calls: int) -> None:
    in_virtual_time(story(sqlite.migrated(), [FOLLOWED, COMES, ("index",), ("match", calls)]))


CITING = ("follow", 1, (FollowKind.CITED_BY, CITED[0].id), True)
OLD = replace(ADA, published=date(2025, 12, 1))


@pytest.mark.parametrize("calls", range(2, 16, 2))
def test_a_kill_at_any_moment_of_asking_who_cites_misses_nothing(sqlite: Sqlite, calls: int) -> None:
    seen, hours = ("cite", 0, [OLD] * 3), ("go on", 2, timedelta(hours=8))
    told = [CITING, seen, hours, seen, ("stop", timedelta(hours=13)), ("ask who cites", calls)]
    in_virtual_time(story(sqlite.migrated(), told))


def test_who_follows_later_takes_nothing_from_who_followed_before(sqlite: Sqlite) -> None:
    later = ("follow", 0, (FollowKind.AUTHOR, AUTHORS[1]), False)
    in_virtual_time(story(sqlite.migrated(), [FOLLOWED, COMES, later, COMES]))


def test_what_may_have_arrived_by_mail_is_not_sent_again(sqlite: Sqlite) -> None:
    mailed = ("follow", 2, (FollowKind.AUTHOR, AUTHORS[0]), False)
    unclear = ("send", "email", ["accepted but unclear"])
    hours = ("go on", 3, timedelta(hours=1))
    in_virtual_time(story(sqlite.migrated(), [mailed, COMES, unclear, hours]))


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(told=stories)
def test_each_match_is_shown_once_to_each_follower_or_told_to_be_pending(
    sqlite: Sqlite, told: list[tuple[Any, ...]]
) -> None:
    in_virtual_time(story(sqlite.migrated(), told))
