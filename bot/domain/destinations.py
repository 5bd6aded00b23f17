"""Where daily posts go, how each is set up, and when each is due."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.people import Place, person_key

EVERY_DAY = frozenset(range(7))

COMPACT_FROM = 5
"""Papers of a post from which on they come in one message where nobody chose a layout."""

_LONGEST_WAIT = 10
"""Days within which every weekday occurs, even if a time zone skips a day."""


class Layout(StrEnum):
    """How a daily post is laid out."""

    CARDS = "cards"
    """One message for each paper under a short header, so that a reaction and a thread belong to one paper."""
    COMPACT = "compact"
    """Everything in one message; keycap reactions pick the paper."""


class Kind(StrEnum):
    """What is posted."""

    DAILY = "daily"
    WEEKLY = "weekly"
    """The round-up of a week."""
    FOLLOWED = "followed"
    """Papers that match what is followed, at once; any number a day."""
    VOTE = "vote"
    """What a reading group votes on; of the day of its meeting, as the two that follow."""
    MEETING = "meeting"
    """The paper that was chosen for a meeting."""
    REMINDER = "reminder"
    """That a meeting is tomorrow."""


SCHEDULED = frozenset({Kind.DAILY, Kind.WEEKLY})
"""What comes by a destination's own schedule, on its local day."""

OF_A_CLUB = frozenset({Kind.VOTE, Kind.MEETING, Kind.REMINDER})
"""What is posted for a meeting, whose day it has; whether it may still come, its meeting says."""


class Quiet(StrEnum):
    """What happens on a day without papers."""

    SAY = "say"
    """One line says why."""
    SKIP = "skip"


class Scope(StrEnum):
    """What a post holds where topics are followed; without any it holds what is trending."""

    EVERYTHING = "everything"
    """What is trending; papers about the topics come forward."""
    TOPICS_FIRST = "topics-first"
    """Papers about the topics, then what is trending."""
    TOPICS_ONLY = "topics-only"
    """Papers about the topics and nothing else, however few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A place that gets a daily post: at `at` (local time of `timezone`) on `days` (0 is Monday).

    A place may get several: `post` is the name of one, empty for the first, which is the place's own.

    `minimum` is the expected interest, in upvotes, below which a paper is left out; that of papers without votes is
    compared within their field. `weekly` is the weekday of the
    round-up, at the same time. `person` is whose personal post it is; None for a channel's. `chosen_layout` is None
    until somebody chooses one.
    """

    place: Place
    post: str = ""
    enabled: bool = True
    at: time = time(9)
    timezone: str = "UTC"
    days: frozenset[int] = EVERY_DAY
    count: int = 5
    chosen_layout: Layout | None = None
    threads: bool = False
    """Whether each paper's message gets a thread, where messages have none by themselves."""
    minimum: int = 0
    quiet: Quiet = Quiet.SAY
    scope: Scope = Scope.TOPICS_ONLY
    weekly: int | None = None
    person: int | None = None

    @property
    def key(self) -> str:
        """A text that is unique for this post of this place."""
        return destination_key(self.place, self.post)

    @property
    def owner(self) -> str:
        """The key under which the store keeps what was shown here, and what all posts here go by."""
        return self.place.key if self.person is None else person_key(self.person)

    @property
    def topics_owner(self) -> str:
        """The key under which the store keeps the topics of this post alone."""
        return self.key if self.post else self.owner

    @property
    def posting_days(self) -> frozenset[int]:
        """Weekdays on which anything is posted."""
        return self.days if self.weekly is None else self.days | {self.weekly}

    def local_day(self, moment: datetime) -> date:
        """The date it is there at a moment."""
        return moment.astimezone(ZoneInfo(self.timezone)).date()

    @property
    def layout(self) -> Layout:
        """How its posts are laid out: as somebody chose, else by what a post holds.

        Many papers as a message each push everything else out of a channel; a thread needs a message of its own.
        """
        compact = self.count >= COMPACT_FROM and not self.threads
        return self.chosen_layout or (Layout.COMPACT if compact else Layout.CARDS)

    @property
    def opens_threads(self) -> bool:
        """Whether posts come with threads of their own."""
        return self.threads and self.layout is Layout.CARDS

    def kinds_on(self, day: date) -> tuple[Kind, ...]:
        """What is posted on a local day."""
        wanted = {Kind.DAILY: day.weekday() in self.days, Kind.WEEKLY: day.weekday() == self.weekly}
        return tuple(kind for kind, due in wanted.items() if due)


def destination_key(place: Place, post: str = "") -> str:
    """The key of a post of a place, by its name in whatever case: for the first one it is the key of the place."""
    return f"{place.key}#{post.casefold()}" if post else place.key


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a destination's next post is due (UTC), None for never.

    Posts due before `since`, when it was last switched on, are not sent later. `reckoned_at` is when this was computed:
    if it is in the future, the clock was set back since, and it must be computed again.
    """

    next_run_at: datetime | None
    since: datetime
    reckoned_at: datetime


def next_run(destination: Destination, after: datetime) -> datetime | None:
    """The first moment (UTC) after `after` at which a post is due; None when it is switched off or has no day."""
    return _first(destination, after, step=1)


def last_run(destination: Destination, until: datetime) -> datetime | None:
    """The last moment (UTC) up to and including `until` at which a post was due."""
    return _first(destination, until, step=-1)


def _first(destination: Destination, moment: datetime, *, step: int) -> datetime | None:
    """The first due moment after `moment`, or the last one up to it, going through local days by `step` (1 or -1)."""
    if not destination.enabled:
        return None
    zone = ZoneInfo(destination.timezone)
    # Begin a day earlier: where a wall time is skipped, its moment may be on the day before or after.
    day = moment.astimezone(zone).date() - timedelta(days=step)
    for _ in range(_LONGEST_WAIT):
        due = moment_on(day, destination.at, zone) if day.weekday() in destination.posting_days else None
        if due and (due > moment if step > 0 else due <= moment):
            return due
        day += timedelta(days=step)
    return None


def due_today(destination: Destination, now: datetime, since: datetime) -> date | None:
    """The local day whose post should be out by now; None before its time, on other days, or when it is off.

    A post that was due on an earlier local day is over: the next one covers its papers.
    """
    due = last_run(destination, now)
    if due is None or due <= since:
        return None
    today = destination.local_day(now)
    return today if destination.local_day(due) == today else None


def schedule(destination: Destination, now: datetime, before: tuple[Destination, Schedule] | None = None) -> Schedule:
    """When posts are due with these settings; `before` is how it was set until now.

    A post whose new time has passed today is due at once: if today's is out already, it is not posted again.
    """
    since = min(before[1].since, now) if before and before[0].enabled else now
    if due_today(destination, now, since):
        return Schedule(now, since, now)
    return Schedule(next_run(destination, now), since, now)


def moment_on(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """The moment (UTC) of a wall time on a local day; None when the zone skipped that day.

    A wall time that a clock change skips is read with the offset before the change (02:30 becomes 03:30), or, where
    that falls on another day, with the one after; if a wall time comes twice, the first is meant.
    """
    for fold in (0, 1):
        moment = datetime.combine(day, at, tzinfo=zone).replace(fold=fold).astimezone(UTC)
        if moment.astimezone(zone).date() == day:
            return moment
    return None
