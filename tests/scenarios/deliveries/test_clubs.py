"""A year of reading groups: every meeting has one vote, one paper and one reminder, whatever happens."""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
import structlog

from bot.domain.clubs import Club, MeetingState, next_meeting
from bot.domain.destinations import Kind
from bot.domain.people import Place
from storage.sql.store import SqlStore
from tests.support.club_world import ClubWorld, club
from tests.support.databases import Sqlite
from tests.support.delivery_platform import BLINDNESS, FAULTS
from tests.support.delivery_process import STORE_FAULTS
from tests.support.virtual_time import Outside, VirtualTimeLoop, in_virtual_time

START, END = datetime(2026, 1, 5, tzinfo=UTC), datetime(2027, 1, 5, tzinfo=UTC)
WEEKLY = club(Place("discord", "1", "C1", "#papers"), 6, time(2, 30), "Europe/Berlin", date(2026, 1, 18))
FORTNIGHTLY = club(Place("slack", "T", "C2", "#club"), 3, time(9), "America/New_York", date(2026, 1, 15), every=2)
CLUBS = (WEEKLY, FORTNIGHTLY)
LOOKS = [timedelta(0), timedelta(minutes=2), timedelta(minutes=35), timedelta(minutes=101)]
"""When the bot looks after something became due; in between nothing can happen."""


@pytest.fixture(autouse=True)
def quietly() -> Iterator[None]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


def moments(of: Club) -> list[datetime]:
    """When something is due for a club within the year."""
    due, meeting = [], next_meeting(of, START)
    while meeting.opens_at < END:
        due += [meeting.opens_at, meeting.closes_at, meeting.reminds_at, meeting.meets_at]
        meeting = next_meeting(of, START, after=meeting.day)
    return due


async def live(url: str, *, trouble: float, seed: int = 0) -> ClubWorld:
    """A year, with the chance that something goes wrong at each look."""
    loop, random = asyncio.get_running_loop(), Random(seed)
    assert isinstance(loop, VirtualTimeLoop)
    store = SqlStore(url)
    try:
        world = ClubWorld(START, store=Outside(store))
        for each in CLUBS:
            await world.found(each)
        often = LOOKS if trouble else LOOKS[:2]
        looks = sorted({due + look for each in CLUBS for due in moments(each) for look in often})
        for moment in looks:
            world.pass_time(max(timedelta(0), moment - world.clock.true))
            await world.vote(random.choice(CLUBS).place)
            if random.random() < trouble:
                await go_wrong(world, random)
            else:
                await world.tick()
        for each in CLUBS:
            world.meetings[each.place.key] = await world.check(each.place)
        return world
    finally:
        with loop.outside():
            await store.close()


async def go_wrong(world: ClubWorld, random: Random) -> None:
    """Let some of what can go wrong do so: faults, a kill, a failing store, an admin with other plans."""
    for platform in world.platforms:
        platform.faults = random.choices(FAULTS, k=random.randint(0, 2))
        platform.blindness = random.choices(["", *BLINDNESS], k=random.randint(0, 2))
    world.workers[0].process.store_faults = random.choices(["", *STORE_FAULTS], k=random.randint(0, 9))
    world.note_trouble()
    which = random.choice(CLUBS)
    match random.randint(0, 5):
        case 0:
            await world.store.save_club(replace(which, enabled=False), now=world.clock.now())
        case 1:
            changed = replace(which, at=time(random.randint(0, 23)), every=random.randint(1, 3))
            await world.store.save_club(changed, now=world.clock.now())
        case 2:
            await world.store.save_club(which, now=world.clock.now())
    await world.tick(random.choice([None, random.randint(1, 40)]))


@pytest.mark.long
def test_a_year_without_trouble_has_a_vote_a_paper_and_a_reminder_for_each_meeting(sqlite: Sqlite) -> None:
    world = in_virtual_time(live(sqlite.migrated(), trouble=0.0))
    for each, weeks in zip(CLUBS, (51, 26), strict=True):
        meetings = [found for found in world.meetings[each.place.key] if found.meets_at < END]
        expected = {each.first + timedelta(weeks=n * each.every) for n in range(weeks)}
        assert {found.day for found in meetings} == {day for day in expected if day < END.date()}
        assert {found.state for found in meetings} == {MeetingState.CHOSEN}
        assert len({found.winner for found in meetings}) == len(meetings)
        for found in meetings:
            due = {Kind.VOTE: found.opens_at, Kind.MEETING: found.closes_at, Kind.REMINDER: found.reminds_at}
            for kind, moment in due.items():
                [at] = world.shown(each.place, kind, found.day)
                assert timedelta(0) <= at - moment < timedelta(minutes=2)
            local = found.meets_at.astimezone(ZoneInfo(each.timezone))
            assert local.replace(tzinfo=None) == datetime.combine(found.day, local.time())
            # At half past two on the last Sunday of March there is no such time: it is read as half past three.
            assert local.time() == (time(3, 30) if found.day == date(2026, 3, 29) else each.at)


@pytest.mark.long
def test_a_year_of_trouble_posts_nothing_twice_and_leaves_nothing_out_that_it_could_post(sqlite: Sqlite) -> None:
    world = in_virtual_time(live(sqlite.migrated(), trouble=0.15, seed=1))
    assert len(world.accepted) > 60
