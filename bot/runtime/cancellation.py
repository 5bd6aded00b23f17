"""Stopping in the middle of work: promptly where it can be done again, never where it would be left half done."""

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def until(stop: asyncio.Event, work: Coroutine[Any, Any, object]) -> None:
    """Do something until it is done or broken off by `stop`. Raises what it raises."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        working.cancel()
        stopping.cancel()
        await asyncio.gather(working, stopping, return_exceptions=True)
    if not working.cancelled():
        working.result()


async def to_its_end(step: Awaitable[T]) -> T:
    """What a step gives; whoever is cancelled meanwhile stops only after it."""
    running = asyncio.ensure_future(step)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait({running})
        raise
