"""Ticks come at their interval, whatever happens to the wall clock."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from bot.runtime.ticks import Every, MonotonicTime, Tick, serve, tick_until

SOON = timedelta(milliseconds=1)


class Seconds:
    """A monotonic clock that tests move."""

    def __init__(self) -> None:
        self.now = 5_000.0

    def __call__(self) -> float:
        return self.now


def test_the_time_goes_on_by_the_monotonic_clock_whatever_the_wall_clock_says() -> None:
    seconds = Seconds()
    clock = MonotonicTime(seconds)
    began = datetime.now(clock)
    seconds.now += 60
    assert datetime.now(clock) - began == timedelta(minutes=1)
    set_back = clock.fromutc(datetime(1999, 1, 1, tzinfo=UTC))
    assert set_back - began == timedelta(minutes=1)
    assert (clock.utcoffset(None), clock.dst(None), clock.tzname(None)) == (timedelta(0), timedelta(0), "UTC")


def test_after_a_long_sleep_the_next_run_is_one_interval_away() -> None:
    now = datetime(2026, 1, 19, tzinfo=UTC)
    assert Every(timedelta(seconds=5)).get_next_fire_time(now - timedelta(days=30), now) == now + timedelta(seconds=5)


async def test_a_tick_runs_again_and_again_until_stopped() -> None:
    stop, runs = asyncio.Event(), 0

    async def run() -> None:
        nonlocal runs
        runs += 1
        if runs == 3:
            stop.set()

    async with asyncio.timeout(60):
        await tick_until([Tick("three", SOON, run)], stop)
    assert runs >= 3


async def test_a_tick_that_fails_is_logged_and_tried_again() -> None:
    stop, runs = asyncio.Event(), 0

    async def run() -> None:
        nonlocal runs
        runs += 1
        if runs == 2:
            stop.set()
        raise RuntimeError("no")

    with capture_logs(processors=[merge_contextvars]) as logged:
        async with asyncio.timeout(60):
            await tick_until([Tick("faulty", SOON, run)], stop)
    assert runs >= 2
    assert {(entry["event"], entry["tick"]) for entry in logged} == {("tick failed", "faulty")}
    assert len({entry["trace"] for entry in logged}) == len(logged), "each time has an id of its own"


async def test_what_is_being_done_when_asked_to_stop_is_finished() -> None:
    stop, ended = asyncio.Event(), False

    async def run() -> None:
        nonlocal ended
        stop.set()
        for _ in range(10):
            await asyncio.sleep(0)
        ended = True

    async with asyncio.timeout(60):
        await tick_until([Tick("slow", timedelta(hours=1), run)], stop)
    assert ended


async def test_a_connection_that_fails_stops_everything_and_its_error_is_raised() -> None:
    finished = []

    async def fail() -> None:
        raise ConnectionError("gone")

    async def stay() -> None:
        await asyncio.Event().wait()

    with pytest.raises(ConnectionError, match="gone"):
        async with asyncio.timeout(60):
            await serve([], [stay, fail], asyncio.Event(), lambda: finished.append(True))
    assert finished == [True]
