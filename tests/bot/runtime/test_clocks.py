"""Clocks tell UTC, each in its way."""

from datetime import UTC, datetime, timedelta

from bot.runtime.clocks import RunningClock, StandingClock, SystemClock

MOMENT = datetime(2026, 1, 19, 9, tzinfo=UTC)


def test_the_system_clock_is_the_machines_in_utc() -> None:
    before = datetime.now(UTC)
    told = SystemClock().now()
    assert before <= told <= datetime.now(UTC)
    assert told.tzinfo is UTC


def test_a_standing_clock_stands() -> None:
    clock = StandingClock(MOMENT)
    assert (clock.now(), clock.now()) == (MOMENT, MOMENT)


def test_a_running_clock_goes_on_from_its_start_as_the_machines_does() -> None:
    before = datetime.now(UTC)
    clock = RunningClock(MOMENT)
    first, second = clock.now(), clock.now()
    passed = datetime.now(UTC) - before
    assert MOMENT <= first <= second <= MOMENT + passed
    assert second - first < timedelta(minutes=1)
