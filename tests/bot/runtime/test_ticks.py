"""Ticks come at their interval, whatever happens to the wall clock."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from bot.runtime.ticks import Connection, Every, MonotonicTime, Tick, serve, tick_until

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


async def stay(connected: Callable[[], None]) -> None:
    connected()
    await asyncio.Event().wait()


async def test_a_connection_that_fails_stops_everything_and_its_error_is_raised() -> None:
    finished = []

    async def fail(_connected: Callable[[], None]) -> None:
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError, match="gone"):
        async with asyncio.timeout(60):
            await serve(
                [], [stay, fail], asyncio.Event(), lambda: finished.append(True), ready=lambda: finished.append(False)
            )
    assert finished == [True]


async def test_it_is_ready_once_every_connection_is_and_only_once() -> None:
    stop, ready = asyncio.Event(), []
    first, second = asyncio.Queue[Callable[[], None]](), asyncio.Queue[Callable[[], None]]()

    def connection(queue: asyncio.Queue[Callable[[], None]]) -> Connection:
        async def connect(connected: Callable[[], None]) -> None:
            queue.put_nowait(connected)
            await asyncio.Event().wait()

        return connect

    serving = asyncio.create_task(
        serve([], [connection(first), connection(second)], stop, lambda: None, ready=lambda: ready.append(True))
    )
    async with asyncio.timeout(60):
        one, other = await first.get(), await second.get()
        one()
        one()
        assert not ready
        other()
        assert ready == [True]
        one()  # It connected anew.
        stop.set()
        await serving
    assert ready == [True]


async def test_a_process_that_connects_to_nothing_is_ready_at_once() -> None:
    stop = asyncio.Event()
    async with asyncio.timeout(60):
        await serve([], [], stop, lambda: None, ready=stop.set)


@pytest.mark.usefixtures("virtual_time")
async def test_what_does_not_end_in_time_is_broken_off() -> None:
    """A tick that hangs, and a connection that takes a minute to close, hold nobody up for longer than nine seconds."""
    stop, broken_off = asyncio.Event(), []

    async def hang() -> None:
        try:
            await asyncio.sleep(600)
        finally:
            broken_off.append("tick")

    async def close_slowly(connected: Callable[[], None]) -> None:
        connected()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(60)

    loop = asyncio.get_running_loop()
    with capture_logs() as logged:
        serving = asyncio.create_task(
            serve([Tick("hangs", timedelta(hours=1), hang)], [close_slowly], stop, lambda: None, ready=lambda: None)
        )
        await asyncio.sleep(1)
        stop.set()
        asked = loop.time()
        await serving
    assert loop.time() - asked <= 9
    assert broken_off == ["tick"]
    assert [entry["event"] for entry in logged] == [
        "what was being done was broken off",
        "connections did not close in time",
    ]
    assert logged[0]["ticks"] == ["hangs"]
