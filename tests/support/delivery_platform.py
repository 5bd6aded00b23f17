"""A platform of the simulation: it fails in every documented way, and what it accepted outlives every process."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.domain.messages import Message
from bot.domain.paper_ids import PaperId
from bot.domain.people import Place
from bot.errors import BusyError, DeliveryError, PostponedError, RefusedError, UnclearError
from bot.ports import unheard
from tests.support.delivery_process import Process

if TYPE_CHECKING:
    from tests.support.delivery_world import World

FAULTS = (
    "postponed",
    "busy",
    "refused",
    "unclear",
    "accepted but unclear",
    "accepted late",
    "hangs",
    "accepted but hangs",
    "slow",
    "slow to take",
    "bug",
    "killed before",
    "killed after",
)
"""What can become of sending a message."""

NOT_TAKEN: Mapping[str, Callable[[], Exception]] = {
    "postponed": lambda: PostponedError("too fast", retry_after=40.0),
    "busy": lambda: BusyError("enough for now", retry_after=60.0),
    "refused": lambda: RefusedError("no such channel"),
    "unclear": lambda: UnclearError("the connection broke"),
    "bug": lambda: RuntimeError("a bug in the adapter"),
}
"""Faults with which nothing is shown, and how the platform tells them."""

TAKEN: Mapping[str, Callable[[], Exception]] = {
    "accepted but unclear": NOT_TAKEN["unclear"],
    "accepted but postponed": NOT_TAKEN["postponed"],
}
"""Faults with which a message is shown all the same. A platform that really says the second is believed."""

BLINDNESS = ("unclear", "postponed", "busy", "hangs", "bug")
"""What can become of looking for one."""

DEAFNESS = ("refused", "hangs")
"""What can become of telling admins."""


def destination_of(title: str) -> str:
    """The key of the destination that a message of the simulation is for."""
    return delivery_of(title).split()[-1]


def delivery_of(title: str) -> str:
    """The key of the delivery that a message of the simulation is of."""
    return title.rpartition(" #")[0]


_SLOW = 25.0
"""Seconds that a slow platform takes: less than anybody's patience."""

_NONCE_KNOWN_FOR = timedelta(minutes=3)


@dataclass
class Shown:
    """A message that a platform accepted."""

    place: str
    title: str
    at: datetime
    zone_day: date
    papers: tuple[PaperId, ...] = ()


@dataclass
class FakePlatform:
    """Accepts messages, except where a fault is planned."""

    name: str
    repeatable: bool
    looks: bool
    """Whether it tells which messages it shows."""
    world: "World"
    shown: list[Shown] = field(default_factory=list)
    nonces: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    faults: list[str | Exception] = field(default_factory=list)
    """What becomes of the next messages: one of `FAULTS`, nothing (empty), or an error."""
    blindness: list[str | Exception] = field(default_factory=list)
    deafness: list[str | Exception] = field(default_factory=list)
    blind: set[str] = field(default_factory=set)
    """Places where somebody looked for a message and could not tell."""
    late: list[Callable[[], object]] = field(default_factory=list)
    """What was sent and arrives only after the sender is gone."""
    notices: list[tuple[str, str]] = field(default_factory=list)
    """Places whose admins were told something, and what."""
    firsts: list[str] = field(default_factory=list)
    """What each message that was tried was said to follow."""
    at_once: int = 0
    most_at_once: int = 0
    """How many messages were on their way at the same time at most."""

    @property
    def told(self) -> int:
        """How often admins were told something."""
        return len(self.notices)

    def accept(self, place: Place, message: Message, nonce: str, sent_at: datetime) -> str:
        """Show a message; what arrives late belongs to the day on which it was sent."""
        now = self.world.clock.true
        known = self.nonces.get(nonce)
        if self.repeatable and known and now - known[0] < _NONCE_KNOWN_FOR:
            return known[1]
        name = f"{self.name}{len(self.shown)}"
        self.nonces[nonce] = (now, name)
        zone_day = self.world.destinations[destination_of(message.title)].local_day(sent_at)
        papers = tuple(card.paper_id for card in message.cards)
        self.shown.append(Shown(place.key, message.title, sent_at, zone_day, papers))
        return name

    def arrive(self) -> None:
        """What is late arrives."""
        while self.late:
            self.late.pop()()


@dataclass
class FakeAdapter:
    """The platform as one process sees it."""

    platform: FakePlatform
    process: Process
    daily_messages = None

    @property
    def name(self) -> str:
        return self.platform.name

    @property
    def repeatable(self) -> bool:
        return self.platform.repeatable

    async def run(self, ready: Callable[[], None] = unheard) -> None:
        await asyncio.Event().wait()

    def reaches(self, place: Place) -> bool:
        return place.workspace not in self.process.out_of_reach

    async def send(self, place: Place, message: Message, *, nonce: str, first: str = "") -> str:
        platform = self.platform
        platform.firsts.append(first)
        platform.at_once += 1
        platform.most_at_once = max(platform.most_at_once, platform.at_once)
        try:
            fault = self._next(platform.faults)
            await self._before(fault, partial(platform.accept, place, message, nonce, platform.world.clock.now()))
            self.process.step()
            name = platform.accept(place, message, nonce, platform.world.clock.now())
            self.process.step()
            await self._after(fault)
        finally:
            platform.at_once -= 1
        return name

    async def _before(self, fault: str, accept: Callable[[], object]) -> None:
        """What becomes of a message that is not shown, or not yet."""
        if fault in NOT_TAKEN:
            raise NOT_TAKEN[fault]()
        if fault == "accepted late":
            self.platform.late.append(accept)
            raise UnclearError("the connection broke")
        if fault == "killed before":
            self.process.kill()
        if fault == "hangs":
            await asyncio.Event().wait()
        if fault == "slow to take":
            await asyncio.sleep(_SLOW)

    async def _after(self, fault: str) -> None:
        """What becomes of the answer when the message is shown."""
        if fault == "slow":
            await asyncio.sleep(_SLOW)
        if fault == "accepted but hangs":
            await asyncio.Event().wait()
        if fault in TAKEN:
            raise TAKEN[fault]()
        if fault == "killed after":
            self.process.kill()

    def _next(self, planned: list[str | Exception]) -> str:
        """What was planned for this call. Raises it where it is an error."""
        fault = planned.pop(0) if planned else ""
        if fault:
            self.platform.world.note_trouble()
        if isinstance(fault, Exception):
            raise fault
        return fault

    async def recall(
        self, place: Place, nonce: str, since: datetime, *, message: Message, first: str = ""
    ) -> str | None:
        self.process.step()
        platform = self.platform
        fault = self._next(platform.blindness)
        if fault and platform.world.clock.now() - since > platform.world.rules.finish_within - timedelta(minutes=1):
            platform.blind.add(place.key)  # it was looked for too long
        if fault == "hangs":
            await asyncio.Event().wait()
        if fault in {"postponed", "busy"}:
            raise NOT_TAKEN[fault]()
        if fault or not platform.looks or since > platform.world.clock.true + timedelta(minutes=5):
            platform.blind.add(place.key)
            raise RuntimeError("a bug") if fault == "bug" else UnclearError("one cannot look")
        at, name = platform.nonces.get(nonce, (since - timedelta(days=2), ""))
        found = name if at >= since - timedelta(days=1) else None
        self.process.step()
        return found

    async def end_poll(self, place: Place, sent: Sequence[str]) -> Mapping[int, int] | None:
        """Nobody votes in the polls of a platform that has them."""
        self.process.step()
        fault = self._next(self.platform.blindness)
        if fault == "hangs":
            await asyncio.Event().wait()
        if fault:
            raise NOT_TAKEN[fault]()
        return {} if self.repeatable else None

    async def tell_admins(self, place: Place, message: Message) -> None:
        fault = self._next(self.platform.deafness)
        if fault == "hangs":
            await asyncio.Event().wait()
        if fault:
            raise DeliveryError("nobody manages it")
        self.platform.notices.append((place.key, message.title))
