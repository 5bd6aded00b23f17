"""A world for the deliverer: a clock, platforms that fail in every documented way, and processes that can be killed."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import takewhile
from typing import Any

from bot.delivery.deliverer import Deliverer
from bot.delivery.post import Post
from bot.domain.deliveries import OPEN, Delivery, Rules, Status
from bot.domain.destinations import Destination
from bot.domain.messages import Card, Message
from bot.domain.paper_ids import PaperId
from bot.domain.people import Place
from tests.support.delivery_platform import FakeAdapter, FakePlatform, Shown
from tests.support.delivery_process import Hold, KilledError, MortalStore, Process, StoreDownError
from tests.support.memory_store import MemoryStore
from tests.support.virtual_time import VirtualTimeLoop

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
DUE = datetime(2026, 1, 19, 9, tzinfo=UTC)
"""When the posts of these two are due."""
DISCORD = Destination(place=Place("discord", "G", "C1", "#papers"), at=time(9))
SLACK = Destination(place=Place("slack", "T", "C1", "#papers"), at=time(9))

RULES = Rules(at_once=1, disable_after=99)


class Clock:
    """The right time, and what the bot's clock says, which may be `wrong` by some time.

    In virtual time the right time goes on by itself.
    """

    def __init__(self, start: datetime) -> None:
        self.true = start
        self.wrong = timedelta(0)
        loop = asyncio.get_running_loop()
        if isinstance(loop, VirtualTimeLoop):
            loop.watch(self.go_on)

    def go_on(self, by: timedelta) -> None:
        self.true += by

    def now(self) -> datetime:
        return self.true + self.wrong


@dataclass
class SkewedClock:
    """The clock of one process, which differs from the bot's by some time."""

    bots: Clock
    skew: timedelta

    def now(self) -> datetime:
        return self.bots.now() + self.skew


@dataclass
class ServerClock:
    """The clock of the database's server, which all processes ask."""

    clock: Clock

    async def now(self) -> datetime:
        return self.clock.true


class FakeComposer:
    """Writes posts of `length` messages that say whose they are and of what day; fails as often as `failures` says."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.waiting = False
        self.failures = 0
        self.written = Counter[str]()
        """How often the post of each delivery was written."""

    async def awaits_papers(self, now: datetime) -> bool:
        return self.waiting

    async def compose(self, deliveries: Sequence[Delivery], now: datetime) -> Mapping[int, Post]:
        if self.failures:
            self.failures -= 1
            raise ArithmeticError("a bug in the engine")
        self.written.update(delivery.key for delivery in deliveries)
        return {
            delivery.number: tuple(_message(f"{delivery.key} #{n}") for n in range(self.length))
            for delivery in deliveries
        }


def _message(title: str) -> Message:
    """A message of a paper that has the same name."""
    return Message(title=title, cards=(Card(paper_id=PaperId(title), title=title),))


@dataclass
class Worker:
    """A process that delivers."""

    process: Process
    deliverer: Deliverer
    clock: SkewedClock


class World:
    """Destinations, platforms and a bot that is killed and started again.

    With `skews` the bot is as many processes, which share a database with a clock of its own; their clocks differ from
    it by these times. Otherwise it is one process.
    """

    def __init__(
        self,
        start: datetime,
        *,
        length: int = 2,
        store: Any = None,
        skews: Sequence[timedelta] = (),
        rules: Rules = RULES,
    ) -> None:
        self.clock = Clock(start)
        self.store = store or MemoryStore()
        self.composer = FakeComposer(length)
        self.rules = rules
        self.destinations: dict[str, Destination] = {}
        self.discord = FakePlatform("discord", True, True, self)
        self.slack = FakePlatform("slack", False, True, self)
        self.email = FakePlatform("email", False, False, self)
        self.platforms = [self.discord, self.slack, self.email]
        self.server_clock = ServerClock(self.clock) if skews else None
        self.clock_was_set = False
        self.leapt = False
        """Whether the clock ever told a wrong day: posts may have ended then because their day seemed over."""
        self.calm: list[list[datetime]] = [[]]
        self.changed: dict[str, list[datetime]] = {}
        self.resent: set[str] = set()
        self.resends: Counter[str] = Counter()
        """Keys of deliveries that an admin asked for again."""
        self.workers = [self._start(skew) for skew in skews or [timedelta(0)]]

    @property
    def deliverer(self) -> Deliverer:
        """That of the first process."""
        return self.workers[0].deliverer

    def _start(self, skew: timedelta) -> Worker:
        process, clock = Process(), SkewedClock(self.clock, skew)
        store = MortalStore(self.store, process, self.note_trouble)
        adapters = [FakeAdapter(platform, process) for platform in self.platforms]
        deliverer = Deliverer(store, self.composer, adapters, clock, self.rules, self.server_clock)
        return Worker(process, deliverer, clock)

    def start(self, skew: timedelta = timedelta(0)) -> int:
        """Another process; returns its number."""
        self.workers.append(self._start(skew))
        return len(self.workers) - 1

    def note_trouble(self) -> None:
        """Something went wrong: the calm is over, and another begins."""
        if self.calm[-1]:
            self.calm.append([])

    async def put(self, destination: Destination) -> None:
        self.destinations[destination.key] = destination
        self._note_change(destination)
        await self.store.save_destination(destination, now=self.clock.now())

    def _note_change(self, destination: Destination) -> None:
        self.changed.setdefault(destination.key, []).append(self.clock.now())

    async def tick(self, kill_after: int | None = None, *, of: int = 0) -> None:
        """One tick of every process, all at the same time; after `kill_after` calls one `of` them is killed."""
        process = self.workers[of].process
        process.kill_after = None if kill_after is None else process.calls + kill_after
        await asyncio.gather(*(self.tick_of(number) for number in range(len(self.workers))))
        process.kill_after = None
        self.calm[-1].append(self.clock.now())

    async def tick_of(self, number: int) -> int:
        """One tick of a process; returns how many deliveries it took on. If it was killed, it is started again."""
        for platform in self.platforms:
            platform.arrive()
        worker = self.workers[number]
        worker.process.begin()
        taken = 0
        try:
            taken = await worker.deliverer.tick()
        except KilledError:
            self.note_trouble()
            self.workers[number] = self._start(worker.clock.skew)
        except StoreDownError:
            self.note_trouble()
        await self._notice_switched_off()
        return taken

    async def hold_up(self, number: int, at: int | str, length: timedelta) -> None:
        """A tick of a process that is held up within, while the others go on; needs virtual time."""
        process = self.workers[number].process
        process.hold = Hold(process.calls + at if isinstance(at, int) else at, length)
        self.note_trouble()
        held = asyncio.create_task(self.tick_of(number))
        await asyncio.sleep(0)
        while not held.done():
            await asyncio.wait([held], timeout=MINUTE.total_seconds())
            others = [each for each in range(len(self.workers)) if each != number and not held.done()]
            await asyncio.gather(*(self.tick_of(each) for each in others))
        await held
        process.hold = None

    async def _notice_switched_off(self) -> None:
        """Where so many refusals in a row switched a destination off, nothing is due any more."""
        if self.rules.disable_after >= RULES.disable_after:
            return
        for key, known in self.destinations.items():
            now = await self.store.destination(key)
            if known.enabled and not (now and now.enabled):
                self.destinations[key] = replace(known, enabled=False)
                self._note_change(known)
                told = await self.store.upcoming([known.place.key], deliveries=1000)
                deliveries = next(each.deliveries for each in told if each.destination.key == key)
                since = takewhile(lambda each: each.status is not Status.SENT, deliveries)
                refusals = [each for each in since if each.error == "no such channel"]
                # A post that is sent again may be refused again.
                assert len(refusals) + self.resends[key] >= self.rules.disable_after, f"switched off too early: {known}"

    def pass_time(self, step: timedelta) -> None:
        for platform in self.platforms:
            platform.arrive()
        self.clock.true += step

    def set_clock(self, wrong: timedelta) -> None:
        """Set the bot's clock; of several processes that is the last one's, and they ask the server for the time."""
        self.note_trouble()
        if self.server_clock:
            self.workers[-1].clock.skew = wrong
            return
        self.clock_was_set = True
        self.leapt = self.leapt or abs(wrong - self.clock.wrong) > timedelta(hours=6)
        self.clock.wrong = wrong
        for moments in self.changed.values() if self.leapt else ():
            # What was switched on later than now is as good as switched on now.
            moments.append(self.clock.now())

    async def resend(self, destination: Destination) -> None:
        """An admin asks for the rest of the newest post, where the message that is unknown cannot be seen."""
        told = await self.store.upcoming([destination.place.key])
        newest = max((each for upcoming in told for each in upcoming.deliveries), key=_number, default=None)
        if newest is None:
            return
        missing = f"{newest.key} #{len(newest.sent)}"
        for platform in self.platforms:
            platform.arrive()
        if missing not in {shown.title for shown in self.accepted}:
            again = await self.store.resend(destination.place.key, now=self.clock.now())
            assert not again or newest.status not in OPEN, f"a worker sends it: {newest}"
            self.resent |= {again.key} if again else set()
            self.resends[newest.destination.key] += again is not None

    @property
    def accepted(self) -> list[Shown]:
        return [shown for platform in self.platforms for shown in platform.shown]


def _number(delivery: Delivery) -> int:
    return delivery.number


async def last(world: World, destination: Destination) -> Delivery:
    """The newest delivery to a destination."""
    told = await world.store.upcoming([destination.place.key])
    return next(each.deliveries[0] for each in told if each.destination.key == destination.key)


def numbers(world: World, destination: Destination) -> list[int]:
    """Which messages of the post a channel shows, in order."""
    return [int(shown.title[-1]) for shown in world.accepted if shown.place == destination.place.key]
