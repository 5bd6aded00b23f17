"""Reading groups: when a club meets, what is nominated for a meeting, and which paper is read."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.destinations import moment_on
from bot.domain.paper_ids import PaperId
from bot.domain.people import Place
from bot.domain.when import parse_when
from bot.errors import UserError

MOST_CANDIDATES = 8
"""Papers to vote on; Discord's polls take ten."""

FILLED_UP_TO = 5
"""Candidates up to which papers that were saved join those that were proposed."""

MOST_WEEKS = 12
"""Weeks between two meetings, at most."""

OPENS = range(3, 7)
"""Days before a meeting on which its vote may open: after the meeting before, and early enough to close."""

_DAY = timedelta(days=1)


class MeetingState(StrEnum):
    """How far a meeting has come."""

    VOTING = "voting"
    CHOSEN = "chosen"
    SKIPPED = "skipped"
    """Nothing was nominated."""
    MISSED = "missed"
    """It was over before its vote could be counted."""
    STOPPED = "stopped"
    """The club was switched off before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Club:
    """A channel that reads a paper together: on a `weekday` (0 is Monday) at a local time, every so many weeks.

    Meetings are counted from `first`, the day of one. The vote `opens` and `closes` so many days before a meeting, at
    the same time of day.
    """

    place: Place
    weekday: int
    at: time
    timezone: str
    first: date
    every: int = 1
    opens: int = 5
    closes: int = 3
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One meeting, on a local `day` of `timezone`. Moments are UTC.

    `candidates` are voted on in this order. `votes` are those for the `winner`, of `cast` in all; `tied` says that
    another had as many. `sent` are the ids of the messages in which the vote was opened.
    """

    place: Place
    day: date
    timezone: str
    opens_at: datetime
    closes_at: datetime
    reminds_at: datetime
    meets_at: datetime
    number: int = 0
    state: MeetingState = MeetingState.VOTING
    candidates: tuple[PaperId, ...] = ()
    winner: PaperId | None = None
    votes: int = 0
    cast: int = 0
    tied: bool = False
    sent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Nomination:
    """A paper that may be read: since when (UTC), and how many people saved it in the channel.

    `proposed` says that somebody did so by hand: `person`, None once nobody knows who.
    """

    paper_id: PaperId
    at: datetime
    saves: int = 0
    proposed: bool = False
    person: int | None = None


def meeting_of(club: Club, day: date) -> Meeting | None:
    """The meeting on a day; None where the time zone has no such moment."""
    zone = ZoneInfo(club.timezone)
    meets_at = moment_on(day, club.at, zone)
    if meets_at is None:
        return None
    return Meeting(
        place=club.place,
        day=day,
        timezone=club.timezone,
        opens_at=_before(day, club.opens, club.at, zone),
        closes_at=_before(day, club.closes, club.at, zone),
        reminds_at=_before(day, 1, club.at, zone),
        meets_at=meets_at,
    )


def _before(day: date, days: int, at: time, zone: ZoneInfo) -> datetime:
    """A wall time so many days before a day (UTC); that of the day before where a zone skipped that one."""
    return moment_on(day - days * _DAY, at, zone) or _before(day, days + 1, at, zone)


def next_meeting(club: Club, now: datetime, after: date | None = None) -> Meeting:
    """The first meeting, after a day, for which a vote can still be held."""
    weeks = 7 * club.every
    passed = (max(now.astimezone(ZoneInfo(club.timezone)).date(), after or club.first) - club.first).days
    day = club.first + timedelta(days=max(0, passed // weeks) * weeks)
    while True:
        meeting = meeting_of(club, day)
        if meeting and meeting.closes_at > now and (after is None or day > after):
            return meeting
        day += timedelta(days=weeks)


def first_day(weekday: int, at: time, timezone: str, closes: int, now: datetime, after: date | None = None) -> date:
    """The first day of a new schedule: a weekday after another day, with at least a day to vote."""
    zone = ZoneInfo(timezone)
    day = now.astimezone(zone).date()
    day += timedelta(days=(weekday - day.weekday()) % 7)
    while _before(day, closes, at, zone) < now + _DAY or (after is not None and day <= after):
        day += timedelta(days=7)
    return day


def nominations(
    proposed: Sequence[Nomination], saved: Sequence[Nomination], read: Collection[PaperId]
) -> list[Nomination]:
    """The papers to vote on: those proposed, by age, then those saved most.

    Of too many proposals those with the most saves are taken, then the oldest. What was read already is not nominated.
    """
    first = sorted((each for each in proposed if each.paper_id not in read), key=_best)[:MOST_CANDIDATES]
    known = {each.paper_id for each in proposed} | set(read)
    rest = sorted((each for each in saved if each.paper_id not in known), key=_best)
    return [*sorted(first, key=lambda each: each.at), *rest[: max(0, FILLED_UP_TO - len(first))]]


def elected(nominated: Sequence[Nomination], votes: Mapping[PaperId, int]) -> Nomination | None:
    """The paper with the most votes, of several the most saved, then the first in order; None where there is none."""
    return max(nominated, key=lambda each: (votes.get(each.paper_id, 0), each.saves), default=None)


def _best(nomination: Nomination) -> tuple[int, datetime, PaperId]:
    return -nomination.saves, nomination.at, nomination.paper_id


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What was said of when a club meets: a weekday (0 is Monday), a local time, a time zone, every so many weeks.

    What was not said is None.
    """

    weekday: int | None = None
    at: time | None = None
    timezone: str | None = None
    every: int | None = None


_COUNTS = {"other": 2, "second": 2, "two": 2, "third": 3, "three": 3, "fourth": 4, "four": 4, "six": 6}
_EVERY = re.compile(
    rf"\b(?:every|each)\s+(?:(?P<count>\d{{1,3}}|{'|'.join(_COUNTS)})(?:st|nd|rd|th)?\s+(?:weeks?\b)?|week\b)"
    r"|\b(?P<two>biweekly|fortnightly|every fortnight)\b|\bweekly\b",
    re.IGNORECASE,
)
_WEEKS = re.compile(r"\bweeks?\b", re.IGNORECASE)


def read_rhythm(typed: str) -> Rhythm:
    """When a club meets, from `thursday 16:00 Berlin every 2 weeks` or `every other friday at noon`.

    Raises UserError.
    """
    every = None
    if found := _EVERY.search(typed):
        count = found["count"]
        every = 2 if found["two"] else int(_COUNTS.get(count.lower(), 0) or count) if count else 1
        if not 1 <= every <= MOST_WEEKS:
            raise UserError(f"A club meets every 1 to {MOST_WEEKS} weeks, not every {every}.")
        typed = f"{typed[: found.start()]} {typed[found.end() :]}"
    if _WEEKS.search(typed):
        raise UserError(f"How often? Write `every week`, or `every 2 weeks` up to `every {MOST_WEEKS} weeks`, once.")
    when = parse_when(typed)
    if when.days is not None and len(when.days) > 1:
        raise UserError("A club meets on one weekday, such as `thursday`.")
    return Rhythm(min(when.days) if when.days else None, when.at, when.timezone, every)
