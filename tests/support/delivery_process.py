"""Processes of the simulation: they can be killed and held up at every call, and their store can fail."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

STORE_FAULTS = ("fails before", "fails after", "slow", "slow to answer")
"""What can become of a call of the store."""

_MOST_CALLS = 50_000

_SLOW = 20.0
"""Seconds that a slow store takes."""


class KilledError(BaseException):
    """The process was killed: nothing of it runs on."""


class EndlessError(BaseException):
    """The same is tried for ever."""


class StoreDownError(Exception):
    """The store does not answer, and nobody knows whether it did as it was told."""


@dataclass
class Hold:
    """Something holds the process up for a while: at a number of calls, or at the first of a method."""

    at: int | str
    length: timedelta


@dataclass
class Process:
    """What dies when the process is killed: after `kill_after` calls of store and platform, if that is set.

    `kill_at` names the call of the store at which it is killed, as in `before put_off`; the next call of the method
    `fail_at` fails.
    """

    kill_after: int | None = None
    kill_at: str = ""
    fail_at: str = ""
    hold: Hold | None = None
    store_faults: list[str] = field(default_factory=list)
    out_of_reach: set[str] = field(default_factory=set)
    """Workspaces that other processes serve."""
    calls: int = 0
    most: int = 0
    """Calls after which a tick is taken for one that does not end."""
    dead: bool = False

    def step(self) -> None:
        """One await of the process: it may be its last."""
        if self.dead:
            raise KilledError
        self.calls += 1
        if self.calls >= self.most:
            raise EndlessError
        if self.kill_after is not None and self.calls >= self.kill_after:
            self.kill()

    def begin(self) -> None:
        """A tick begins."""
        self.most = self.calls + _MOST_CALLS

    async def turn(self, method: str) -> None:
        """As `step`; others may go first, or the process is held up."""
        self.step()
        if self.kill_at == method:
            self.kill()
        if self.hold and self.hold.at in {self.calls, method}:
            length, self.hold = self.hold.length, None
            await asyncio.sleep(length.total_seconds())
        await asyncio.sleep(0)

    def kill(self) -> None:
        self.dead = True
        raise KilledError


class MortalStore:
    """The store as one process sees it: that can be killed or held up before a call gets there and before its answer.

    `trouble` is called when the store fails.
    """

    def __init__(self, store: Any, process: Process, trouble: Any) -> None:
        self._store, self._process, self._trouble = store, process, trouble

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)

        async def call(*args: Any, **kwargs: Any) -> Any:
            await self._process.turn(f"before {name}")
            fault = self._fault(name)
            await self._fail(fault, "slow", "fails before")
            answer = await method(*args, **kwargs)
            await self._fail(fault, "slow to answer", "fails after")
            await self._process.turn(f"after {name}")
            return answer

        return call

    def _fault(self, name: str) -> str:
        process = self._process
        if process.fail_at == name:
            process.fail_at = ""
            return "fails before"
        return process.store_faults.pop(0) if process.store_faults else ""

    async def _fail(self, fault: str, slow: str, failing: str) -> None:
        if fault == slow:
            await asyncio.sleep(_SLOW)
        if fault == failing:
            self._trouble()
            raise StoreDownError
