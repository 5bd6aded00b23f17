"""An event loop whose time is not the machine's: when nothing is left to do, it is at once the next timer's turn.

Hours of waiting take no time, and whatever has a timeout can be tested with the one it really has.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

import pytest

Result = TypeVar("Result")


class StandstillError(Exception):
    """Everything waits, and for nothing that will ever happen."""


class _Jumping(selectors.DefaultSelector):
    """Does not wait for a timer, but says that so much time went by."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0
        self.outside = 0
        """How many answers are awaited from outside this loop: until they come no time goes by."""
        self.watchers: list[Callable[[timedelta], object]] = []

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        waits = timeout is None or timeout > 0
        events = super().select(None if waits and self.outside else 0)
        if events or not waits or self.outside:
            return events
        if timeout is None:
            raise StandstillError
        self.passed += timeout
        for watcher in self.watchers:
            watcher(timedelta(seconds=timeout))
        return []


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """The loop; `watch` what should hear of the time that goes by."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self._jumping.passed

    def watch(self, watcher: Callable[[timedelta], object]) -> None:
        """Call something with each time that goes by."""
        self._jumping.watchers.append(watcher)

    async def shutdown_default_executor(self) -> None:
        """Threads that end are waited for as they really take."""
        with self.outside():
            await super().shutdown_default_executor()

    @contextmanager
    def outside(self) -> Iterator[None]:
        """Within, something real is waited for, such as a database: no time goes by meanwhile."""
        self._jumping.outside += 1
        try:
            yield
        finally:
            self._jumping.outside -= 1


class Outside:
    """Something real, whose methods are coroutines that answer without any time going by."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._real, name)

        async def call(*args: Any, **kwargs: Any) -> Any:
            loop = asyncio.get_running_loop()
            assert isinstance(loop, VirtualTimeLoop)
            with loop.outside():
                return await method(*args, **kwargs)

        return call


def in_virtual_time(act: Coroutine[Any, Any, Result]) -> Result:
    """Run something to its end; returns what it returns."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(act)


def loop_factories(item: pytest.Item) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """In a `conftest.py`, as `pytest_asyncio_loop_factories`: tests that take `virtual_time` run in it."""
    virtual = isinstance(item, pytest.Function) and "virtual_time" in item.fixturenames
    return {"virtual": VirtualTimeLoop} if virtual else {"real": asyncio.new_event_loop}


@pytest.fixture
def virtual_time() -> None:
    """Whatever is waited for takes no time, and moves the clocks of `World` on."""
