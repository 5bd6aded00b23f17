"""Deliveries: a post of a local day to one destination, from its claim to its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.counts import counted
from bot.domain.destinations import Destination, Kind
from bot.domain.mailboxes import PLATFORM as MAIL


class Status(StrEnum):
    """How far a delivery has come."""

    CLAIMED = "claimed"
    """The day is taken; nothing is composed yet."""
    READY = "ready"
    """Composed and frozen; nothing was sent."""
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    """The platform refused it, or it could not be posted in time."""
    UNKNOWN = "unknown"
    """Nobody knows whether its last message arrived; it continues only when an admin asks for it."""
    SKIPPED = "skipped"
    """There was nothing to post."""


OPEN = (Status.CLAIMED, Status.READY, Status.SENDING)
"""Statuses of deliveries that still have something to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A post on its way to a destination. Moments are UTC.

    `payload` is the frozen post; `sent` are the platform's ids of the messages sent so far, in order. `started_at` is
    when sending the next message began, None while none is in flight. `as_of` is the moment the post was composed for:
    it covers papers up to then. `asked_at` is when an admin asked to send the rest again. `attempts` counts how often
    it was put off because of a failure. `turn` counts the deliveries of a kind that may come several times a day.
    """

    number: int
    destination: Destination
    kind: Kind
    day: date
    status: Status
    claimed_at: datetime
    asked_at: datetime | None = None
    payload: str = ""
    sent: tuple[str, ...] = ()
    started_at: datetime | None = None
    as_of: datetime | None = None
    attempts: int = 0
    error: str = ""
    turn: int = 0

    @property
    def begun(self) -> bool:
        """Whether some of it was sent or may have been sent."""
        return bool(self.sent) or self.started_at is not None

    @property
    def key(self) -> str:
        """The name of this delivery in logs and notices."""
        turn = f" {self.turn}" if self.turn else ""
        return f"{self.kind.value} {self.day.isoformat()}{turn} {self.destination.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How posts are sent.

    `lease` is how long a worker keeps a delivery without renewing it. It is longer than sending a message may take
    (`patience`): when it is over, a message that is not on the platform will not arrive any more.
    `repeat_within` is how long platforms surely recognise a nonce (Discord: "the past few minutes").
    """

    lease: timedelta = timedelta(minutes=1)
    patience: timedelta = timedelta(seconds=30)
    grace: timedelta = timedelta(seconds=7)
    """How long a message on its way may take once the bot is to stop; one that takes longer is looked for later."""
    repeat_within: timedelta = timedelta(minutes=2)
    wait_for_papers: timedelta = timedelta(minutes=20)
    finish_within: timedelta = timedelta(hours=12)
    """How long a post that has begun may continue, also after its day."""
    disable_after: int = 5
    """After this many refusals in a row a destination is switched off."""
    at_once: int = 96
    """Deliveries one process works on at a time; most of the time they wait for rate limits."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a refusal did to a destination: how many there were in a row, and whether that switched it off.

    `news` is true when the admins do not know of this trouble yet.
    """

    count: int
    disabled: bool = False
    news: bool = False


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A destination with its next post (UTC; None when it is off) and the newest deliveries, newest first."""

    destination: Destination
    next_run_at: datetime | None
    refusals: int
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many deliveries there are, by platform; a platform without any is left out."""

    due: Mapping[str, int]
    """Destinations whose post is due and not claimed yet."""
    open: Mapping[str, int]
    """Claimed and not ended."""
    recent: Mapping[tuple[str, Status], int]
    """Claimed since some moment, by platform and status."""

    def ended(self, status: Status) -> int:
        """How many of the recent ones are in a status, on all platforms."""
        return sum(many for (_, became), many in self.recent.items() if became is status)


def what_to_do(upcoming: Upcoming) -> str:
    """What whoever runs the bot, or an admin there, can do about the last post to a destination; empty for nothing."""
    mailed = upcoming.destination.place.platform == MAIL
    last = upcoming.deliveries[0].status if upcoming.deliveries else None
    if upcoming.next_run_at is None and upcoming.refusals:
        again = "its owner asks for papers again" if mailed else "`/papers digest on` there starts it again"
        return f"off after {counted(upcoming.refusals, 'refusal')} in a row; {again}"
    if last is Status.UNKNOWN:
        return "`paperboy email resend` sends it again" if mailed else "`/papers digest resend` there continues it"
    return "the next post tries again" if last is Status.FAILED and upcoming.next_run_at else ""
