"""What systemd hears, on a socket as it has one."""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from bot.runtime.service_manager import ServiceManager


class Listening:
    """A socket that datagrams come to; abstract where its name begins with @."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address.replace("@", "\0", 1) if address.startswith("@") else address)
        self._socket.setblocking(False)

    def heard(self) -> list[list[str]]:
        """The lines of every datagram since."""
        datagrams = []
        while True:
            try:
                datagrams.append(self._socket.recv(4096).decode().splitlines())
            except BlockingIOError:
                return datagrams

    def fill(self) -> None:
        """Send so much that nothing more fits."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sending, suppress(BlockingIOError):
            sending.setblocking(False)
            while True:
                sending.sendto(b"x", self._socket.getsockname())

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(params=["file", "abstract"])
def listening(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Listening]:
    address = str(tmp_path / "notify") if request.param == "file" else f"@paperboy-{os.getpid()}"
    made = Listening(address)
    yield made
    made.close()


def test_it_says_when_it_is_ready_what_goes_on_and_when_it_stops(listening: Listening) -> None:
    manager = ServiceManager.of({"NOTIFY_SOCKET": listening.address})
    manager.tell("Connecting.")
    manager.ready("Connected.")
    manager.stopping("Finishing.")
    assert listening.heard() == [
        ["STATUS=Connecting."],
        ["READY=1", "STATUS=Connected."],
        ["STOPPING=1", "STATUS=Finishing."],
    ]


@pytest.mark.usefixtures("virtual_time")
async def test_signs_of_life_come_three_times_as_often_as_the_watchdog_wants_them(listening: Listening) -> None:
    manager = ServiceManager.of({"NOTIFY_SOCKET": listening.address, "WATCHDOG_USEC": "60000000"})
    async with manager.watched():
        await asyncio.sleep(65)
        while_starting = listening.heard()
        manager.ready("Connected.")
        await asyncio.sleep(60)
    await asyncio.sleep(600)
    assert while_starting == [["WATCHDOG=1", "EXTEND_TIMEOUT_USEC=60000000"]] * 4
    assert listening.heard() == [["READY=1", "STATUS=Connected."], *[["WATCHDOG=1"]] * 3]


@pytest.mark.usefixtures("virtual_time")
async def test_a_watchdog_of_another_process_is_not_meant(listening: Listening) -> None:
    environment = {"NOTIFY_SOCKET": listening.address, "WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "1"}
    async with ServiceManager.of(environment).watched():
        await asyncio.sleep(19)
    assert len(listening.heard()) == 1


@pytest.mark.usefixtures("virtual_time")
async def test_without_systemd_nothing_happens() -> None:
    manager = ServiceManager.of({})
    async with manager.watched():
        manager.ready("Connected.")
        await asyncio.sleep(timedelta(hours=1).total_seconds())


def test_a_manager_that_is_gone_or_does_not_read_stops_nothing(listening: Listening) -> None:
    manager = ServiceManager(listening.address)
    listening.fill()
    manager.ready("Connected.")
    assert not any("READY=1" in lines for lines in listening.heard())
    listening.close()
    manager.stopping("Finishing.")
