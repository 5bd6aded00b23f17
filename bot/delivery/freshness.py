"""How fresh the papers are: whether a sync is under way or late, and why a day has no papers. Pure functions."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.dates import full_date
from bot.ports import SourceState

SYNC_LASTS = timedelta(minutes=30)
"""A sync that began longer ago than this is taken for dead."""

_ARXIV, _ANNOUNCED_AT = ZoneInfo("America/New_York"), time(20)
_REST = (4, 5)
"""Weekdays (0 is Monday) on whose evenings arXiv announces nothing."""
_FIXED = {
    (1, 1): "New Year",
    (6, 19): "Juneteenth",
    (7, 4): "Independence Day",
    (12, 24): "Christmas",
    (12, 25): "Christmas",
}

_NAMES = {"huggingface": "Hugging Face", "arxiv": "arXiv"}


def source_name(name: str) -> str:
    """What people call a source."""
    return _NAMES.get(name, name)


def pending(states: Sequence[SourceState], now: datetime, every: timedelta) -> list[SourceState]:
    """Sources worth waiting for: being read now, or not read well for twice the time between two syncs.

    A source that was never read by a sync, such as a file, is never waited for.
    """
    return [state for state in states if _is_under_way(state, now) or _is_late(state, now, every)]


def _is_under_way(state: SourceState, now: datetime) -> bool:
    if state.started_at is None or (state.attempted_at and state.attempted_at >= state.started_at):
        return False
    return timedelta(0) <= now - state.started_at < SYNC_LASTS


def _is_late(state: SourceState, now: datetime, every: timedelta) -> bool:
    began = state.started_at or state.attempted_at
    return began is not None and (state.succeeded_at is None or now - state.succeeded_at > 2 * every)


def notice(states: Sequence[SourceState], now: datetime, every: timedelta) -> str:
    """What readers should know of the sources a post waited for in vain; empty when there is nothing to tell."""
    return " ".join(_described(state) for state in pending(states, now, every))


def _described(state: SourceState) -> str:
    name = source_name(state.name)
    if state.succeeded_at is None:
        return f"{name} could not be read yet."
    since = f"{state.succeeded_at:%H:%M} UTC, {full_date(state.succeeded_at.date())}"
    return f"{name} was last read at {since}; newer papers come with the next post."


def why_nothing(states: Sequence[SourceState], now: datetime, every: timedelta) -> str:
    """One line on why there are no new papers, by the most likely reason."""
    if not states:
        return "No new papers: no source has been synced yet."
    if late := notice(states, now, every):
        return f"No new papers. {late}"
    stale = [f"{source_name(state.name)}: {state.note}" for state in states if state.note]
    evening = last_evening(now)
    if holiday := us_holiday(evening) or us_holiday(evening + timedelta(days=1)):
        return f"No new papers: around {holiday} arXiv usually announces none."
    if evening.weekday() in _REST:
        return "No new papers: arXiv announces none on Friday and Saturday evenings (New York time)."
    if stale:
        return f"No new papers. {stale[0]}."
    return "No new papers since the last post."


def last_evening(now: datetime) -> date:
    """The last day on which it was time for arXiv's announcement by a moment: 20:00 in New York, Sunday to Thursday."""
    local = now.astimezone(_ARXIV)
    return local.date() if local.time() >= _ANNOUNCED_AT else local.date() - timedelta(days=1)


def us_holiday(day: date) -> str:
    """The US holiday a day is, if it is one on which arXiv usually announces nothing; else empty.

    One of a fixed date that falls on a weekend is kept on the weekday next to it.
    """
    return _holiday(day) or next(
        (name for other in _kept_on(day) if (name := _FIXED.get((other.month, other.day)))), ""
    )


def _kept_on(day: date) -> list[date]:
    """Days of a weekend whose holidays are kept on this day."""
    return [day + timedelta(days=step) for weekday, step in ((4, 1), (0, -1)) if day.weekday() == weekday]


def _holiday(day: date) -> str:
    thanksgiving = _nth_weekday(day.year, 11, 3, 4)
    moving = {
        _nth_weekday(day.year, 1, 0, 3): "Martin Luther King Day",
        date(day.year, 5, 31) - timedelta(days=date(day.year, 5, 31).weekday()): "Memorial Day",
        _nth_weekday(day.year, 9, 0, 1): "Labor Day",
        thanksgiving: "Thanksgiving",
        thanksgiving + timedelta(days=1): "Thanksgiving",
    }
    return _FIXED.get((day.month, day.day)) or moving.get(day, "")


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
