"""A world for the deliverer: a clock, platforms that fail in every documented way, and a process that can be killed."""

import asyncio
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from bot.delivery.deliverer import Deliverer
from bot.delivery.post import Post
from bot.domain.deliveries import Delivery, Rules, Status
from bot.domain.destinations import Destination, moment_on
from bot.domain.messages import Message
from bot.domain.people import Place
from bot.errors import BusyError, PostponedError, RefusedError, UnclearError
from tests.support.memory_store import MemoryStore

FAULTS = (
    "postponed",
    "busy",
    "refused",
    "unclear",
    "accepted but unclear",
    "accepted late",
    "bug",
    "killed before",
    "killed after",
)
"""What can become of sending a message."""

NOT_TAKEN = {
    "postponed": PostponedError("too fast", retry_after=40.0),
    "busy": BusyError("enough for now", retry_after=60.0),
    "refused": RefusedError("no such channel"),
    "unclear": UnclearError("the connection broke"),
    "bug": RuntimeError("a bug in the adapter"),
}
"""Faults with which nothing is shown, and how the platform tells them."""

BLINDNESS = ("unclear", "postponed", "bug")
"""What can become of looking for one."""

LONG_ENOUGH = timedelta(minutes=100)
"""Without trouble a post is out by then: it waits for papers for 20 minutes, and an earlier failure for an hour."""

NONCE_KNOWN_FOR = timedelta(minutes=3)

MINUTE = timedelta(minutes=1)
DUE = datetime(2026, 1, 19, 9, tzinfo=UTC)
"""When the posts of these two are due."""
DISCORD = Destination(place=Place("discord", "G", "C1", "#papers"), at=time(9))
SLACK = Destination(place=Place("slack", "T", "C1", "#papers"), at=time(9))


class KilledError(BaseException):
    """The process was killed: nothing of it runs on."""


class Clock:
    """The bot's clock, which may be `wrong` by some time."""

    def __init__(self, start: datetime) -> None:
        self.true = start
        self.wrong = timedelta(0)

    def now(self) -> datetime:
        return self.true + self.wrong


@dataclass
class Process:
    """What dies when the process is killed: after `kill_after` calls of store and platform, if that is set."""

    kill_after: int | None = None
    calls: int = 0
    dead: bool = False

    def step(self) -> None:
        """One await of the process: it may be its last."""
        if self.dead:
            raise KilledError
        self.calls += 1
        if self.kill_after is not None and self.calls >= self.kill_after:
            self.kill()

    def kill(self) -> None:
        self.dead = True
        raise KilledError


class MortalStore:
    """A store whose caller can be killed before a call reaches it and before its answer comes back."""

    def __init__(self, store: Any, process: Process) -> None:
        self._store, self._process = store, process

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)

        async def call(*args: Any, **kwargs: Any) -> Any:
            self._process.step()
            answer = await method(*args, **kwargs)
            self._process.step()
            return answer

        return call


@dataclass
class Shown:
    """A message that a platform accepted."""

    place: str
    title: str
    at: datetime
    zone_day: date


@dataclass
class FakePlatform:
    """Accepts messages, except where a fault is planned; what it accepted outlives every process."""

    name: str
    repeatable: bool
    daily_messages = None
    looks: bool
    """Whether it tells which messages it shows."""
    clock: Clock
    world: "World"
    shown: list[Shown] = field(default_factory=list)
    nonces: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    blindness: list[str] = field(default_factory=list)
    blind: set[str] = field(default_factory=set)
    """Places where somebody looked for a message and could not tell."""
    late: list[Callable[[], object]] = field(default_factory=list)
    """What was sent and arrives only after the sender is gone."""
    told: int = 0

    async def run(self) -> None:
        await asyncio.Event().wait()

    def reaches(self, place: Place) -> bool:
        return True

    async def send(self, place: Place, message: Message, *, nonce: str, first: str = "") -> str:
        fault = self.faults.pop(0) if self.faults else ""
        process = self.world.process
        if fault:
            self.world.note_trouble()
        if fault in NOT_TAKEN:
            raise NOT_TAKEN[fault]
        if fault == "accepted late":
            self.late.append(partial(self._accept, place, message, nonce, self.clock.now()))
            raise UnclearError("the connection broke")
        if fault == "killed before":
            process.kill()
        process.step()
        name = self._accept(place, message, nonce, self.clock.now())
        process.step()
        if fault == "accepted but unclear":
            raise UnclearError("the connection broke")
        if fault == "killed after":
            process.kill()
        return name

    def _accept(self, place: Place, message: Message, nonce: str, sent_at: datetime) -> str:
        """Show a message; what arrives late belongs to the day on which it was sent."""
        now = self.clock.true
        known = self.nonces.get(nonce)
        if self.repeatable and known and now - known[0] < NONCE_KNOWN_FOR:
            return known[1]
        name = f"{self.name}{len(self.shown)}"
        self.nonces[nonce] = (now, name)
        zone_day = self.world.destinations[place.key].local_day(sent_at)
        self.shown.append(Shown(place.key, message.title, sent_at, zone_day))
        return name

    async def recall(self, place: Place, nonce: str, since: datetime) -> str | None:
        self.world.process.step()
        fault = self.blindness.pop(0) if self.blindness else ""
        if fault == "postponed":
            self.world.note_trouble()
            raise PostponedError("too fast", retry_after=40.0)
        if fault or not self.looks or since > self.clock.true + timedelta(minutes=5):
            self.blind.add(place.key)
            raise RuntimeError("a bug") if fault == "bug" else UnclearError("one cannot look")
        at, name = self.nonces.get(nonce, (since - timedelta(days=2), ""))
        found = name if at >= since - timedelta(days=1) else None
        self.world.process.step()
        return found

    async def tell_admins(self, place: Place, message: Message) -> None:
        self.told += 1


class FakeComposer:
    """Writes posts of `length` messages that say whose they are and of what day."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.waiting = False

    async def awaits_papers(self, now: datetime) -> bool:
        return self.waiting

    async def compose(self, deliveries: Sequence[Delivery], now: datetime) -> Mapping[int, Post]:
        return {
            delivery.number: tuple(Message(title=f"{delivery.key} #{n}") for n in range(self.length))
            for delivery in deliveries
        }


class World:
    """Destinations, platforms and a bot that is killed and started again."""

    def __init__(self, start: datetime, *, length: int = 2, store: Any = None) -> None:
        self.clock = Clock(start)
        self.store = store or MemoryStore()
        self.composer = FakeComposer(length)
        self.process = Process()
        self.destinations: dict[str, Destination] = {}
        self.discord = FakePlatform("discord", True, False, self.clock, self)
        self.slack = FakePlatform("slack", False, True, self.clock, self)
        self.email = FakePlatform("email", False, False, self.clock, self)
        self.platforms = [self.discord, self.slack, self.email]
        self.leapt = False
        """Whether the clock ever told a wrong day: posts may have ended then because their day seemed over."""
        self.calm: list[list[datetime]] = [[]]
        self.changed: dict[str, list[datetime]] = {}
        self.deliverer = self._start()

    def _start(self) -> Deliverer:
        self.process = Process()
        store = MortalStore(self.store, self.process)
        return Deliverer(store, self.composer, self.platforms, self.clock, Rules(at_once=1, disable_after=99))

    def note_trouble(self) -> None:
        """Something went wrong: the calm is over, and another begins."""
        if self.calm[-1]:
            self.calm.append([])

    async def put(self, destination: Destination) -> None:
        self.destinations[destination.place.key] = destination
        self.changed.setdefault(destination.place.key, []).append(self.clock.now())
        await self.store.save_destination(destination, now=self.clock.now())

    async def tick(self, kill_after: int | None = None) -> None:
        """One tick; a killed process is started again."""
        self.process.kill_after = None if kill_after is None else self.process.calls + kill_after
        try:
            await self.deliverer.tick()
        except KilledError:
            self.note_trouble()
            self.deliverer = self._start()
        self.process.kill_after = None
        self.calm[-1].append(self.clock.now())

    def pass_time(self, step: timedelta) -> None:
        for platform in self.platforms:
            while platform.late:
                platform.late.pop()()
        self.clock.true += step

    def set_clock(self, wrong: timedelta) -> None:
        self.leapt = self.leapt or abs(wrong - self.clock.wrong) > timedelta(hours=6)
        self.clock.wrong = wrong
        self.note_trouble()
        for moments in self.changed.values() if self.leapt else ():
            # What was switched on later than now is as good as switched on now.
            moments.append(self.clock.now())

    @property
    def accepted(self) -> list[Shown]:
        return [shown for platform in self.platforms for shown in platform.shown]

    async def check(self) -> None:
        """No message was shown twice; every post that could go out did, whole."""
        titles = Counter(shown.title for shown in self.accepted)
        assert [title for title, count in titles.items() if count > 1] == []
        self._check_local_days()
        for upcoming in await self.store.upcoming(deliveries=1000):
            posts = {delivery.day: delivery for delivery in upcoming.deliveries}
            for delivery in upcoming.deliveries:
                whole = all(titles[f"{delivery.key} #{n}"] for n in range(self.composer.length))
                assert whole or delivery.status is not Status.SENT
                assert delivery.status is not Status.UNKNOWN or self._may_be_unknown(delivery), delivery
            for day in self._days_that_could(upcoming.destination):
                assert day in posts, f"{upcoming.destination} has no post of {day}"
                assert self._may_end_so(posts[day]), posts[day]

    def _may_be_unknown(self, delivery: Delivery) -> bool:
        """Whether nobody could look: where a platform tells what it shows, that takes a fault of the platform."""
        place = delivery.destination.place
        return place.key in {key for platform in self.platforms for key in platform.blind}

    def _may_end_so(self, delivery: Delivery) -> bool:
        if delivery.status in {Status.SENT, Status.UNKNOWN} or delivery.error == "no such channel":
            return True
        return self.leapt and delivery.status in {Status.SKIPPED, Status.FAILED}

    def _check_local_days(self) -> None:
        """No local day, as it was where the post went at that moment, had the beginnings of two posts."""
        first = [(shown.place, shown.zone_day) for shown in self.accepted if shown.title.endswith("#0")]
        assert [each for each, count in Counter(first).items() if count > 1] == []

    def _days_that_could(self, destination: Destination) -> list[date]:
        """Local days on which nothing changed and on which it was calm for long enough after the time of the post."""
        zone = ZoneInfo(destination.timezone)
        changes = self.changed[destination.place.key]
        could = set()
        for ticks in filter(None, self.calm):
            day = destination.local_day(ticks[0])
            while day <= destination.local_day(ticks[-1]):
                due = moment_on(day, destination.at, zone)
                if due and not any(abs(change - due) < timedelta(days=2) for change in changes):
                    within = [
                        t
                        for t in self._between(ticks, due, due + timedelta(hours=26))
                        if destination.local_day(t) == day
                    ]
                    if within and within[-1] - within[0] >= LONG_ENOUGH:
                        could.add(day)
                day += timedelta(days=1)
        return sorted(could)

    @staticmethod
    def _between(ticks: list[datetime], start: datetime, end: datetime) -> list[datetime]:
        return ticks[bisect_left(ticks, start) : bisect_left(ticks, end)]


async def last(world: World, destination: Destination) -> Delivery:
    """The newest delivery to a destination."""
    [upcoming] = await world.store.upcoming([destination.place.key])
    return upcoming.deliveries[0]


def numbers(world: World, destination: Destination) -> list[int]:
    """Which messages of the post a channel shows, in order."""
    return [int(shown.title[-1]) for shown in world.accepted if shown.place == destination.place.key]
