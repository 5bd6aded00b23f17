"""Paces that processes keep together, so that a lookup somebody waits for and a sync never ask a service at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.errors import SourceError
from bot.ports import Clock, ServiceStore, Sleep


class SharedInterval:
    """The Pace of a service for all that ask it, in every process; `interval` and `patience` are seconds.

    Whoever has `patience` reserves the next turn that comes within it. Whoever has none, as a sync, takes only a turn
    that nobody waits for, and so comes last.
    """

    def __init__(
        self,
        services: ServiceStore,
        service: str,
        clock: Clock,
        sleep: Sleep,
        *,
        interval: float,
        patience: float = 0.0,
    ) -> None:
        self._services = services
        self._service = service
        self._clock = clock
        self._sleep = sleep
        self._interval = timedelta(seconds=interval)
        self._patience = timedelta(seconds=patience)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for this request's turn. Raises SourceError where it would come after the patience has ended."""
        while True:
            now = self._clock.now()
            until = now + self._patience
            at = await self._services.take_turn(self._service, now=now, interval=self._interval, until=until)
            left = (at - now).total_seconds()
            if at > until and self._patience:
                raise SourceError(f"too much is asked of it: the next turn is in {left:.0f} s")
            if left > 0:
                await self._sleep(left)
            if at <= until:
                break
        yield

    async def hold(self, seconds: float) -> None:
        """Let nobody through for some time, because the service asks for it."""
        await self._services.hold_service(self._service, until=self._clock.now() + timedelta(seconds=seconds))
