"""`paperboy run` as a process of its own, started as systemd starts a service and heard as systemd hears it."""

import asyncio
import os
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

_PATIENCE = 120.0
"""Seconds within which anything must happen."""


class Service:
    """The process, and a socket on which it says how it goes. Leaving kills it if it still runs."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        self._command = command
        self._folder = folder
        self._address = folder / "notify"
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("PAPERBOY_", "PYTHONPATH"))
        }
        self._environment = {**inherited, **environment, "NOTIFY_SOCKET": str(self._address)}
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.said: list[str] = []
        self.process: asyncio.subprocess.Process
        self._output: asyncio.Task[str]

    async def __aenter__(self) -> Self:
        self._socket.bind(str(self._address))
        self._socket.setblocking(False)
        self.process = await asyncio.create_subprocess_exec(
            *self._command,
            env=self._environment,
            cwd=self._folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._output = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.ended()
        self._socket.close()
        self._address.unlink()

    async def says(self, line: str) -> None:
        """Wait until the process has said something to systemd. Raises AssertionError when it ends before."""
        while line not in self.said:
            hearing = asyncio.create_task(asyncio.get_running_loop().sock_recv(self._socket, 4096))
            done, _ = await asyncio.wait(
                {hearing, self._output}, timeout=_PATIENCE, return_when=asyncio.FIRST_COMPLETED
            )
            if hearing not in done:
                hearing.cancel()
                raise AssertionError(f"it ended: {self._output.result()}" if done else f"it did not say {line}")
            self.said += hearing.result().decode().splitlines()

    async def stop(self) -> float:
        """Ask it to stop, as systemd does; returns how many seconds it took. Raises AssertionError if it failed."""
        asked = asyncio.get_running_loop().time()
        self.process.terminate()
        output = await self.ended()
        assert self.process.returncode == 0, output
        return asyncio.get_running_loop().time() - asked

    async def ended(self) -> str:
        """What it has printed, when it has ended."""
        async with asyncio.timeout(_PATIENCE):
            return await asyncio.shield(self._output)

    async def _read(self) -> str:
        assert self.process.stdout
        output = await self.process.stdout.read()
        await self.process.wait()
        return output.decode()
