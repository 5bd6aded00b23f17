"""Limits: how many costly things a person and a workspace may ask for, so that a loud one leaves something to others.

Costly is what asks services elsewhere or reads all that somebody saved. Each person and each workspace has a bucket
that holds an hour's worth and fills evenly (a token bucket). Buckets are in this process's memory: 027 says why.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from bot.domain.counts import counted
from bot.errors import LimitedError
from bot.runtime.rate_limit import REAL_TIME, Timer

if TYPE_CHECKING:
    from bot.domain.people import Account, Place

_HOUR = 3600.0
_REMEMBERED = 10_000
"""Buckets from which on those that are full again are forgotten."""


@dataclass(slots=True)
class Bucket:
    """What is left of an hour's worth, and since when (seconds) it has been filling."""

    left: float
    since: float


class Buckets:
    """A bucket for each key; `per_hour` 0 is no limit."""

    def __init__(self, per_hour: int, timer: Timer) -> None:
        self._per_hour = per_hour
        self._timer = timer
        self._buckets: dict[str, Bucket] = {}
        self._tidy_at = _REMEMBERED

    def wait(self, key: str) -> float:
        """Seconds until one more may be taken; 0 when it may be taken now."""
        if not self._per_hour:
            return 0.0
        missing = 1.0 - self._filled(key).left
        return max(0.0, round(missing * _HOUR / self._per_hour, 3))

    def take(self, key: str) -> None:
        """Take one, which `wait` said may be taken."""
        if self._per_hour:
            self._filled(key).left -= 1.0

    def _filled(self, key: str) -> Bucket:
        now = self._timer.seconds()
        if key not in self._buckets:
            if len(self._buckets) >= self._tidy_at:
                self._buckets = {name: each for name, each in self._buckets.items() if now - each.since < _HOUR}
                self._tidy_at = max(_REMEMBERED, 2 * len(self._buckets))
            self._buckets[key] = Bucket(float(self._per_hour), now)
        bucket = self._buckets[key]
        bucket.left = min(self._per_hour, bucket.left + (now - bucket.since) * self._per_hour / _HOUR)
        bucket.since = now
        return bucket


class Limits:
    """What people and workspaces may still ask for: so many costly things in an hour, 0 for any number."""

    def __init__(self, per_person: int = 0, per_workspace: int = 0, timer: Timer = REAL_TIME) -> None:
        self._people = Buckets(per_person, timer)
        self._workspaces = Buckets(per_workspace, timer)

    @contextmanager
    def counted_for(self, account: "Account", place: "Place") -> Iterator[None]:
        """Let what is spent in a block, and by the tasks begun in it, count for somebody and where they are."""
        token = _asking.set((self, account, place))
        try:
            yield
        finally:
            _asking.reset(token)

    def take(self, account: "Account", place: "Place") -> None:
        """Count one costly thing. Raises LimitedError, which says when it works again, and counts nothing then."""
        person, workspace = f"{account.platform}:{account.id}", place.workspace_key if place.workspace else ""
        if wait := self._people.wait(person):
            raise LimitedError(_told("You have asked for a lot within an hour", wait))
        if workspace and (wait := self._workspaces.wait(workspace)):
            raise LimitedError(_told("People here have asked for a lot within an hour", wait))
        self._people.take(person)
        if workspace:
            self._workspaces.take(workspace)


_asking: ContextVar["tuple[Limits, Account, Place] | None"] = ContextVar("asking", default=None)


def spend() -> None:
    """Count one costly thing for whoever asks; what nobody asked for counts for nobody. Raises LimitedError."""
    if asking := _asking.get():
        limits, account, place = asking
        limits.take(account, place)


def _told(begun: str, seconds: float) -> str:
    minutes = ceil(seconds / 60)
    when = counted(ceil(seconds), "second") if seconds < 60 else counted(minutes, "minute")
    return f"{begun}, and others want their turn: this works again in {when}. Searching what is here works as ever."


NO_LIMITS = Limits()
