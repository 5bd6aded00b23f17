"""Whether papers are awaited, and why there are none."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.delivery.freshness import last_evening, notice, pending, us_holiday, why_nothing
from bot.ports import SourceState

NOW = datetime(2026, 1, 21, 9, tzinfo=UTC)  # a Wednesday
EVERY = timedelta(minutes=30)


def state(
    *, started: int | None = None, ended: int | None = None, well: int | None = None, note: str = ""
) -> SourceState:
    """A source whose last sync began and ended, and was last read well, so many minutes ago."""
    at = {None: None} | {n: NOW - timedelta(minutes=n) for n in (started, ended, well) if n is not None}
    return SourceState("arxiv", started_at=at[started], attempted_at=at[ended], succeeded_at=at[well], note=note)


def read_at(moment: datetime) -> SourceState:
    return SourceState("arxiv", started_at=moment, attempted_at=moment, succeeded_at=moment)


@pytest.mark.parametrize(
    ("source", "awaited"),
    [
        (state(started=20, ended=15, well=15), False),
        (state(started=2, ended=32, well=32), True),  # being read
        (state(started=45, ended=80, well=40), False),  # died while being read, and read well before
        (state(started=10, ended=5, well=90), True),  # failing for long
        (state(started=10, ended=5), True),  # never read
        (SourceState("file"), False),
    ],
)
def test_papers_are_awaited_while_a_source_is_being_read_or_late(source: SourceState, awaited: bool) -> None:
    assert bool(pending([source], NOW, EVERY)) == awaited


def test_readers_learn_which_source_is_late() -> None:
    late = state(started=5, ended=4, well=120)
    assert notice([late], NOW, EVERY).startswith("arXiv was last read at 07:00 UTC, Wednesday, 21 Jan 2026")
    assert notice([state(started=5, ended=4)], NOW, EVERY) == "arXiv could not be read yet."
    assert notice([state(started=5, ended=4, well=4)], NOW, EVERY) == ""


def test_a_day_without_papers_has_a_reason() -> None:
    fine = state(started=20, ended=15, well=15)
    assert why_nothing([fine], NOW, EVERY) == "No new papers since the last post."
    assert "no source has been synced yet" in why_nothing([], NOW, EVERY)
    saturday, tuesday = datetime(2026, 1, 24, 9, tzinfo=UTC), datetime(2026, 1, 20, 9, tzinfo=UTC)
    assert "Friday and Saturday evenings" in why_nothing([read_at(saturday)], saturday, EVERY)
    assert "Martin Luther King Day" in why_nothing([read_at(tuesday)], tuesday, EVERY)
    assert "arXiv was last read" in why_nothing([state(started=5, ended=4, well=200)], NOW, EVERY)
    told = "the API has no papers submitted from 2026-01-14 00:00 to 2026-01-21 09:00"
    stale = state(started=20, ended=15, well=15, note=told)
    assert why_nothing([stale], NOW, EVERY) == f"No new papers. arXiv: {told}."


@pytest.mark.parametrize(
    ("zone", "local", "evening", "told"),
    [
        ("Europe/Berlin", "2026-01-23T09:00", "2026-01-22", "since the last post"),  # Friday: of Thursday evening
        ("Europe/Berlin", "2026-01-24T09:00", "2026-01-23", "Friday and Saturday evenings"),
        ("Europe/Berlin", "2026-01-25T09:00", "2026-01-24", "Friday and Saturday evenings"),
        ("Europe/Berlin", "2026-01-26T09:00", "2026-01-25", "since the last post"),
        ("Asia/Tokyo", "2026-01-26T09:00", "2026-01-24", "Friday and Saturday evenings"),  # New York: Sunday, 19:00
        ("Asia/Tokyo", "2026-01-26T10:00", "2026-01-25", "since the last post"),
        ("Asia/Tokyo", "2026-07-13T09:00", "2026-07-12", "since the last post"),  # summer time
        ("America/Los_Angeles", "2026-01-23T16:00", "2026-01-22", "since the last post"),
        ("America/Los_Angeles", "2026-01-23T17:00", "2026-01-23", "Friday and Saturday evenings"),
        ("Europe/Berlin", "2026-11-27T09:00", "2026-11-26", "Thanksgiving"),
        ("Europe/Berlin", "2026-12-26T09:00", "2026-12-25", "Christmas"),
        ("Europe/Berlin", "2027-01-01T09:00", "2026-12-31", "New Year"),
        ("UTC", "2026-06-20T09:00", "2026-06-19", "Juneteenth"),
    ],
)
def test_why_there_is_nothing_goes_by_the_evening_arxiv_announces_on(
    zone: str, local: str, evening: str, told: str
) -> None:
    moment = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    assert last_evening(moment) == date.fromisoformat(evening)
    line = why_nothing([read_at(moment)], moment, EVERY)
    assert told in line
    assert "\n" not in line
    assert line.startswith("No new papers")


@pytest.mark.parametrize(
    ("day", "holiday"),
    [
        (date(2026, 1, 1), "New Year"),
        (date(2026, 5, 25), "Memorial Day"),
        (date(2027, 5, 31), "Memorial Day"),
        (date(2026, 9, 7), "Labor Day"),
        (date(2026, 11, 26), "Thanksgiving"),
        (date(2026, 11, 27), "Thanksgiving"),
        (date(2026, 7, 3), "Independence Day"),  # the fourth is a Saturday
        (date(2027, 7, 5), "Independence Day"),  # the fourth is a Sunday
        (date(2026, 7, 6), ""),
        (date(2026, 6, 19), "Juneteenth"),
        (date(2026, 12, 24), "Christmas"),
        (date(2026, 11, 25), ""),
    ],
)
def test_us_holidays_are_known(day: date, holiday: str) -> None:
    assert us_holiday(day) == holiday
