"""Telling systemd how it goes: ready, alive, stopping. Without systemd nobody is told, and nothing is different.

The protocol is one datagram of `NAME=value` lines (sd_notify(3)), so no package is needed for it.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

_BEAT = timedelta(seconds=20)
"""The time between two signs of life where no watchdog says how often it wants one."""


class ServiceManager:
    """What started the process and waits to hear of it, at the address of a datagram socket.

    Where the address is empty nobody does. `beat` is the time between two signs of life.
    """

    def __init__(self, address: str = "", beat: timedelta = _BEAT) -> None:
        # Linux has sockets without a file, whose name begins with a zero byte; systemd writes an @ for it.
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self.beat = beat
        self._starting = True

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "ServiceManager":
        """As systemd says it in the environment: `NOTIFY_SOCKET`, and `WATCHDOG_USEC` where it has a watchdog."""
        watched = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        within = int(environment.get("WATCHDOG_USEC") or 0) if watched else 0
        beat = timedelta(microseconds=within) / 3 if within else _BEAT
        return cls(environment.get("NOTIFY_SOCKET", ""), beat)

    def ready(self, status: str) -> None:
        """The start is over; `status` is a line for `systemctl status`."""
        self._starting = False
        self._tell("READY=1", f"STATUS={status}")

    def stopping(self, status: str) -> None:
        """The end has begun."""
        self._tell("STOPPING=1", f"STATUS={status}")

    def tell(self, status: str) -> None:
        """What is going on, in a line for `systemctl status`."""
        self._tell(f"STATUS={status}")

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Give signs of life meanwhile, from the event loop: where that is held up, there are none.

        A start may take long (an index is made anew, a platform is down): until `ready` each sign asks for more time.
        """
        beating = asyncio.create_task(self._beat_on()) if self._address else None
        try:
            yield
        finally:
            if beating:
                beating.cancel()
                with suppress(asyncio.CancelledError):
                    await beating

    async def _beat_on(self) -> None:
        more = f"EXTEND_TIMEOUT_USEC={int(3 * self.beat / timedelta(microseconds=1))}"
        while True:
            self._tell("WATCHDOG=1", *([more] if self._starting else []))
            await asyncio.sleep(self.beat.total_seconds())

    def _tell(self, *lines: str) -> None:
        if not self._address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sending, suppress(OSError):
            sending.setblocking(False)  # A manager that does not read must not hold up the loop.
            sending.sendto("\n".join(lines).encode(), self._address)
