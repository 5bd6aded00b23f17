"""Heavy work is done in turn by workspace."""

import asyncio
from contextlib import suppress

from bot.runtime.fair_turns import FairTurns
from tests.support.virtual_time import virtual_time

__all__ = ["virtual_time"]


async def work(turns: FairTurns, workspace: str, ended: list[tuple[str, float]]) -> None:
    """A second of heavy work."""
    async with turns.turn(workspace):
        await asyncio.sleep(1)
    ended.append((workspace, asyncio.get_running_loop().time()))


def test_one_loud_workspace_holds_nobody_up(virtual_time: object) -> None:
    async def evening() -> tuple[list[tuple[str, float]], float]:
        ended: list[tuple[str, float]] = []
        turns, began = FairTurns(4), asyncio.get_running_loop().time()
        loud = [asyncio.create_task(work(turns, "loud", ended)) for _ in range(100)]
        await asyncio.sleep(0.5)
        await asyncio.gather(*(work(turns, f"quiet {n}", ended) for n in range(6)))
        quiet = max(moment for workspace, moment in ended if workspace != "loud") - began
        await asyncio.gather(*loud)
        assert max(moment for _, moment in ended) - began >= 50, "half of the turns is the most for one"
        return ended, quiet

    ended, quiet = asyncio.run(evening())
    assert len(ended) == 106
    assert quiet <= 4.5


async def test_who_no_longer_waits_takes_no_turn() -> None:
    turns = FairTurns(2)
    async with turns.turn("a"):
        waiting = [asyncio.create_task(work(turns, "a", [])) for _ in range(5)]
        await asyncio.sleep(0)
        for each in waiting:
            each.cancel()
        for each in waiting:
            with suppress(asyncio.CancelledError):
                await each
    assert not turns._waiting
    assert not turns._running
    async with turns.turn("a"), turns.turn("b"):
        assert turns._running.total() == 2
