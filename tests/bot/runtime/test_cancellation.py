"""Stopping: waits are broken off, what must not stay half done is finished."""

import asyncio

import pytest

from bot.runtime.cancellation import to_its_end, until


async def test_work_that_waits_is_broken_off() -> None:
    stop, begun, ended = asyncio.Event(), asyncio.Event(), []

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cleanly")

    running = asyncio.create_task(until(stop, work()))
    await begun.wait()
    stop.set()
    await running
    assert ended == ["cleanly"]


async def test_work_that_ends_by_itself_needs_no_stop() -> None:
    done = []

    async def work() -> None:
        done.append(1)

    await until(asyncio.Event(), work())
    assert done == [1]


async def test_errors_of_the_work_are_raised() -> None:
    async def work() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await until(asyncio.Event(), work())


async def test_a_step_that_must_not_stay_half_done_is_finished_first() -> None:
    stop, begun, go_on, happened = asyncio.Event(), asyncio.Event(), asyncio.Event(), []

    async def step() -> None:
        begun.set()
        await go_on.wait()
        happened.append("step")

    async def work() -> None:
        await to_its_end(step())
        happened.append("more")

    running = asyncio.create_task(until(stop, work()))
    await begun.wait()
    stop.set()
    asyncio.get_running_loop().call_soon(go_on.set)
    await running
    assert happened == ["step"]
