"""So many costly things in an hour, for a person and for a workspace."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.people import Account, Place, private_talk
from bot.errors import LimitedError
from bot.runtime.limits import NO_LIMITS, Limits, spend

ANA, BEN = Account("discord", "1", "ana"), Account("discord", "2", "ben")
LAB, CLUB = Place("discord", "10", "11", "#papers"), Place("discord", "20", "21", "#club")


class Clock:
    """A timer that tests move."""

    def __init__(self) -> None:
        self.now = 0.0

    def seconds(self) -> float:
        return self.now

    async def pause(self, seconds: float) -> None:
        self.now += seconds


def taken(limits: Limits, account: Account, place: Place, tries: int = 1000) -> int:
    """How many of so many tries were let through."""
    count = 0
    for _ in range(tries):
        try:
            limits.take(account, place)
        except LimitedError:
            continue
        count += 1
    return count


def test_a_person_who_asks_for_much_is_told_when_it_works_again_and_then_it_does() -> None:
    clock = Clock()
    limits = Limits(per_person=60, timer=clock)
    assert taken(limits, ANA, LAB) == 60
    with pytest.raises(LimitedError, match=r"^You have asked .* works again in 1 minute\."):
        limits.take(ANA, LAB)
    clock.now += 59
    with pytest.raises(LimitedError, match="in 1 second"):
        limits.take(ANA, LAB)
    clock.now += 1
    assert taken(limits, ANA, LAB) == 1


def test_a_loud_workspace_leaves_the_others_what_is_theirs() -> None:
    limits = Limits(per_person=100, per_workspace=300, timer=Clock())
    loud = [Account("discord", f"9{n}") for n in range(50)]
    assert sum(taken(limits, each, LAB, 100) for each in loud) == 300
    with pytest.raises(LimitedError, match=r"^People here have asked"):
        limits.take(BEN, LAB)
    assert taken(limits, BEN, CLUB) == 100, "what was refused elsewhere did not count for the person"


def test_private_talks_of_discord_are_no_workspace() -> None:
    limits = Limits(per_person=2, per_workspace=3, timer=Clock())
    people = [Account("discord", str(n)) for n in range(10)]
    assert sum(taken(limits, each, private_talk(each)) for each in people) == 20


def test_no_limit_lets_everything_through() -> None:
    assert taken(NO_LIMITS, ANA, LAB, 5000) == 5000


@given(st.integers(1, 500), st.lists(st.floats(0, 600), min_size=1, max_size=60))
def test_in_any_hour_at_most_twice_an_hours_worth_is_let_through(per_hour: int, waits: list[float]) -> None:
    clock = Clock()
    limits = Limits(per_person=per_hour, timer=clock)
    moments = []
    for wait in waits:
        clock.now += wait
        moments += [clock.now] * taken(limits, ANA, LAB, 20)
    for begin in moments:
        assert sum(begin <= moment < begin + 3600 for moment in moments) <= 2 * per_hour


def test_buckets_that_are_full_again_are_forgotten() -> None:
    clock = Clock()
    limits = Limits(per_person=5, timer=clock)
    for number in range(25_000):
        clock.now += 1
        limits.take(Account("discord", str(number)), LAB)
    assert len(limits._people._buckets) <= 10_000


async def test_what_tasks_spend_counts_for_who_began_them_and_what_nobody_asked_for_counts_for_nobody() -> None:
    async def look_up() -> None:
        spend()

    limits = Limits(per_person=2, timer=Clock())
    with limits.counted_for(ANA, LAB):
        await asyncio.gather(*(asyncio.create_task(look_up()) for _ in range(2)))
        with pytest.raises(LimitedError):
            spend()
    spend()
