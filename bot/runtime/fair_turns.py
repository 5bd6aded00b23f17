"""FairTurns: heavy work of many workspaces, in turn by workspace instead of first come."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class FairTurns:
    """Lets `at_once` pieces of work run, at most half of them of one workspace; the others wait in a queue for each."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._most = max(1, at_once // 2)
        self._running = Counter[str]()
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}
        """By workspace; the one whose turn is next comes first."""

    @asynccontextmanager
    async def turn(self, workspace: str) -> AsyncIterator[None]:
        """Wait until a workspace's next piece of work may run, and let it run."""
        await self._enter(workspace)
        try:
            yield
        finally:
            self._leave(workspace)

    async def _enter(self, workspace: str) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(workspace, deque()).append(turn)
        self._grant()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._forget(workspace, turn)
            else:
                self._leave(workspace)
            raise

    def _leave(self, workspace: str) -> None:
        self._running[workspace] -= 1
        if not self._running[workspace]:
            del self._running[workspace]
        self._grant()

    def _forget(self, workspace: str, turn: asyncio.Future[None]) -> None:
        queue = self._waiting[workspace]
        queue.remove(turn)
        if not queue:
            del self._waiting[workspace]

    def _grant(self) -> None:
        """Let those go whose turn it is, one of each workspace and then the next of each."""
        while self._running.total() < self._at_once:
            workspace = next((each for each in self._waiting if self._running[each] < self._most), None)
            if workspace is None:
                return
            queue = self._waiting.pop(workspace)
            turn = queue.popleft()
            if queue:
                self._waiting[workspace] = queue
            if not turn.done():
                self._running[workspace] += 1
                turn.set_result(None)
