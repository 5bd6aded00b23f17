"""The delivery half of a store, in memory: fast enough to simulate years. It meets the contract of the real ones."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.deliveries import OPEN, Counts, Delivery, Refusal, Status, Upcoming
from bot.domain.destinations import Destination, Kind, Schedule, due_today, next_run, schedule
from bot.domain.paper_ids import PaperId
from bot.domain.people import Place
from bot.ports import Audience, Batch

FARTHEST = timedelta(hours=2)


@dataclass
class Setting:
    destination: Destination
    schedule: Schedule
    refusals: int = 0
    warned: bool = False
    covered_until: datetime | None = None


@dataclass
class Entry:
    delivery: Delivery
    next_attempt_at: datetime | None
    worker: str = ""
    lease_until: datetime | None = None


@dataclass
class MemoryStore:
    """A DeliveryStore, and what its contract's tests need besides."""

    settings: dict[str, Setting] = field(default_factory=dict)
    entries: dict[int, Entry] = field(default_factory=dict)
    by_day: dict[tuple[str, Kind], list[int]] = field(default_factory=dict)
    rows: dict[PaperId, int] = field(default_factory=dict)
    posts: dict[tuple[str, str], list[PaperId]] = field(default_factory=dict)
    shown_rows: dict[str, set[int]] = field(default_factory=dict)
    open: set[int] = field(default_factory=set)
    numbered: int = 0

    async def save_batch(self, source: str, batch: Batch, *, now: datetime) -> None:
        for paper in batch.papers:
            self.rows.setdefault(paper.id, len(self.rows) + 1)

    async def posted(self, place: str, message: str) -> list[PaperId]:
        return self.posts.get((place, message), [])

    async def shown(self, owner: str) -> frozenset[int]:
        return frozenset(self.shown_rows.get(owner, ()))

    async def destination(self, key: str) -> Destination | None:
        setting = self.settings.get(key)
        return setting.destination if setting else None

    async def posts_of(self, place: str) -> list[Destination]:
        known = [setting.destination for setting in self.settings.values()]
        return sorted((each for each in known if each.place.key == place), key=lambda each: each.key)

    async def remove_destination(self, key: str) -> bool:
        gone = {number for (named, _), numbers in self.by_day.items() if named == key for number in numbers}
        self.entries = {number: entry for number, entry in self.entries.items() if number not in gone}
        self.by_day = {at: numbers for at, numbers in self.by_day.items() if at[0] != key}
        self.open -= gone
        return self.settings.pop(key, None) is not None

    async def save_destination(self, destination: Destination, *, now: datetime) -> None:
        known = self.settings.get(destination.key)
        before = (known.destination, known.schedule) if known else None
        setting = replace(known) if known else Setting(destination, Schedule(None, now, now))
        setting.destination, setting.schedule = destination, schedule(destination, now, before)
        if destination.enabled and not (known and known.destination.enabled):
            setting.refusals, setting.warned = 0, False
        self.settings[destination.key] = setting

    async def claim_due(self, *, now: datetime, limit: int) -> int:
        due = [setting for setting in self.settings.values() if self._is_due(setting, now)][:limit]
        for setting in due:
            destination, since = setting.destination, min(setting.schedule.since, now)
            day = due_today(destination, now, since)
            for kind in destination.kinds_on(day) if day else ():
                self._claim(destination, kind, day, now)
            setting.schedule = Schedule(next_run(destination, now), since, now)
        return len(due)

    async def claim_followed(self, *, now: datetime) -> int:
        return 0  # nothing is followed in memory

    def _is_due(self, setting: Setting, now: datetime) -> bool:
        at = setting.schedule
        return setting.destination.enabled and (
            (at.next_run_at is not None and at.next_run_at <= now) or at.reckoned_at > now
        )

    def _claim(self, destination: Destination, kind: Kind, day: object, now: datetime) -> None:
        numbers = self.by_day.setdefault((destination.key, kind), [])
        earlier = [self.entries[number].delivery for number in numbers]
        if any(each.day == day for each in earlier):
            return
        if any(destination.local_day(each.claimed_at) == day for each in earlier[-4:]):
            return
        self.numbered += 1
        claim = Delivery(
            number=self.numbered,
            destination=destination,
            kind=kind,
            day=day,  # type: ignore[arg-type]
            status=Status.CLAIMED,
            claimed_at=now,
        )
        self.entries[claim.number] = Entry(claim, now)
        self.open.add(claim.number)
        numbers.append(claim.number)

    async def lease(
        self, worker: str, *, now: datetime, until: datetime, limit: int, reaches: Callable[[Place], bool]
    ) -> list[Delivery]:
        firsts = dict[str, int]()
        for number in sorted(self.open, reverse=True):
            firsts[self.entries[number].delivery.destination.place.key] = number
        first = [self.entries[number] for number in firsts.values()]
        waiting = [
            entry for entry in first if self._is_waiting(entry, now) and reaches(entry.delivery.destination.place)
        ]
        waiting.sort(key=lambda entry: (entry.next_attempt_at, entry.delivery.number))
        taken = waiting[:limit]  # the first post of each place: the others wait for it
        for entry in taken:
            entry.worker, entry.lease_until = worker, until
        return sorted((self._read(entry) for entry in taken), key=lambda delivery: delivery.number)

    @staticmethod
    def _is_waiting(entry: Entry, now: datetime) -> bool:
        at, until = entry.next_attempt_at, entry.lease_until
        due = at is not None and (at <= now or at > now + FARTHEST)
        return due and (until is None or until <= now or until > now + FARTHEST)

    def _read(self, entry: Entry) -> Delivery:
        destination = self.settings[entry.delivery.destination.key].destination
        return replace(entry.delivery, destination=destination)

    def _of(self, number: int, worker: str) -> Entry | None:
        entry = self.entries.get(number)
        return entry if entry and entry.worker == worker and entry.delivery.status in OPEN else None

    async def freeze(self, worker: str, payloads: Mapping[int, str], *, as_of: datetime) -> frozenset[int]:
        kept = set()
        for number, payload in payloads.items():
            if entry := self._of(number, worker):
                entry.delivery = replace(entry.delivery, payload=payload, as_of=as_of, status=Status.READY)
                kept.add(number)
        return frozenset(kept)

    async def begin_message(self, number: int, worker: str, *, now: datetime, until: datetime) -> bool:
        if entry := self._of(number, worker):
            since = entry.delivery.started_at or now
            entry.delivery = replace(entry.delivery, status=Status.SENDING, started_at=since)
            entry.lease_until = until
        return entry is not None

    async def message_sent(
        self,
        delivery: Delivery,
        worker: str,
        message: str,
        papers: Sequence[PaperId],
        *,
        now: datetime,
        until: datetime | None = None,
    ) -> bool:
        place, owner = delivery.destination.place.key, delivery.destination.owner
        if papers:
            self.posts[place, message] = list(papers)
            self.shown_rows.setdefault(owner, set()).update(self.rows[paper] for paper in papers if paper in self.rows)
        if entry := self._of(delivery.number, worker):
            started = now if until else None
            entry.delivery = replace(entry.delivery, sent=(*delivery.sent, message), started_at=started)
            entry.lease_until = until or entry.lease_until
        return entry is not None

    async def put_off(self, delivery: Delivery, worker: str, *, until: datetime, error: str, failed: bool) -> bool:
        if entry := self._of(delivery.number, worker):
            attempts = entry.delivery.attempts + failed
            started = delivery.started_at
            entry.delivery = replace(entry.delivery, attempts=attempts, error=error, started_at=started)
            entry.next_attempt_at, entry.worker, entry.lease_until = until, "", None
        return entry is not None

    async def end(self, delivery: Delivery, worker: str, status: Status, *, now: datetime, error: str = "") -> bool:
        entry = self._of(delivery.number, worker)
        if entry:
            started = delivery.started_at
            entry.delivery = replace(entry.delivery, status=status, error=error, started_at=started)
            entry.next_attempt_at, entry.worker, entry.lease_until = None, "", None
            self.open.discard(delivery.number)
            setting = self.settings[delivery.destination.key]
            if status is Status.SENT:
                setting.refusals, setting.warned = 0, False
                setting.covered_until = delivery.as_of if delivery.kind is Kind.DAILY else setting.covered_until
        return entry is not None

    async def refuse(
        self, delivery: Delivery, worker: str, *, now: datetime, error: str, disable_after: int
    ) -> Refusal | None:
        if not await self.end(delivery, worker, Status.FAILED, now=now, error=error):
            return None
        setting = self.settings[delivery.destination.key]
        refusal = Refusal(setting.refusals + 1, setting.refusals + 1 >= disable_after, not setting.warned)
        setting.refusals, setting.warned = refusal.count, True
        if refusal.disabled:
            setting.destination = replace(setting.destination, enabled=False)
            setting.schedule = replace(setting.schedule, next_run_at=None)
        return refusal

    async def doubt_open(self, *, now: datetime, error: str) -> int:
        doubted = [self.entries[number] for number in self.open]
        for entry in doubted:
            entry.delivery = replace(entry.delivery, status=Status.UNKNOWN, error=error)
            entry.next_attempt_at, entry.worker, entry.lease_until = None, "", None
        self.open.clear()
        return len(doubted)

    async def tidy(self, *, now: datetime) -> None:
        for number, entry in list(self.entries.items()):
            delivery = entry.delivery
            if delivery.status in OPEN and (delivery.asked_at or delivery.claimed_at) < now - timedelta(days=2):
                failed = replace(delivery, status=Status.FAILED, error="nobody could send it in time")
                self.entries[number] = Entry(failed, None)
                self.open.discard(number)
            if delivery.claimed_at < now - timedelta(days=400):
                del self.entries[number]
                self.by_day[delivery.destination.key, delivery.kind].remove(number)

    async def resend(self, place: str, *, now: datetime) -> Delivery | None:
        numbers = [n for n, entry in self.entries.items() if entry.delivery.destination.place.key == place]
        entry = self.entries[max(numbers)] if numbers else None
        if not entry or not entry.delivery.payload or entry.delivery.status not in {Status.UNKNOWN, Status.FAILED}:
            return None
        again = replace(entry.delivery, status=Status.SENDING, asked_at=now, attempts=0, started_at=None)
        entry.delivery, entry.next_attempt_at = again, now
        self.open.add(again.number)
        return self._read(entry)

    async def audiences(self, destinations: Sequence[Destination]) -> list[Audience]:
        return [
            Audience(covered_until=setting.covered_until) if (setting := self.settings.get(each.key)) else Audience()
            for each in destinations
        ]

    async def upcoming(self, places: Sequence[str] | None = None, *, deliveries: int = 3) -> list[Upcoming]:
        found = []
        for key, setting in self.settings.items():
            if places is None or setting.destination.place.key in places:
                numbers = [number for (named, _), each in self.by_day.items() if named == key for number in each]
                newest = sorted(numbers, reverse=True)[:deliveries]
                told = tuple(self._read(self.entries[number]) for number in newest)
                found.append(Upcoming(setting.destination, setting.schedule.next_run_at, setting.refusals, told))
        return found

    async def count_deliveries(self, *, now: datetime, since: datetime) -> Counts:
        due = Counter(
            each.destination.place.platform
            for each in self.settings.values()
            if each.schedule.next_run_at and each.schedule.next_run_at <= now
        )
        entries = [(entry.delivery.destination.place.platform, entry) for entry in self.entries.values()]
        waiting = Counter(platform for platform, entry in entries if entry.next_attempt_at)
        recent = Counter(
            (platform, entry.delivery.status) for platform, entry in entries if entry.delivery.claimed_at > since
        )
        return Counts(due, waiting, recent)
