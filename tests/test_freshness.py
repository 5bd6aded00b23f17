"""Whether papers are awaited, and why there are none."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.freshness import notice, pending, us_holiday, why_nothing
from bot.ports import SourceState

NOW = datetime(2026, 1, 21, 9, tzinfo=UTC)  # a Wednesday
EVERY = timedelta(minutes=30)


def state(*, started: int | None = None, ended: int | None = None, well: int | None = None, **told: str) -> SourceState:
    """A source whose last sync began and ended, and was last read well, so many minutes ago."""
    at = {None: None} | {n: NOW - timedelta(minutes=n) for n in (started, ended, well) if n is not None}
    return SourceState("arxiv", started_at=at[started], attempted_at=at[ended], succeeded_at=at[well], **told)


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
    assert "arXiv announces none on a Saturday" in why_nothing([], datetime(2026, 1, 24, 9, tzinfo=UTC), EVERY)
    assert "Martin Luther King Day" in why_nothing([], datetime(2026, 1, 20, 9, tzinfo=UTC), EVERY)
    assert "arXiv was last read" in why_nothing([state(started=5, ended=4, well=200)], NOW, EVERY)
    stale = state(started=20, ended=15, well=15, note="its list is a day old")
    assert why_nothing([stale], NOW, EVERY) == "No new papers. arXiv: its list is a day old."


@pytest.mark.parametrize(
    ("day", "holiday"),
    [
        (date(2026, 1, 1), "New Year"),
        (date(2026, 5, 25), "Memorial Day"),
        (date(2027, 5, 31), "Memorial Day"),
        (date(2026, 9, 7), "Labor Day"),
        (date(2026, 11, 26), "Thanksgiving"),
        (date(2026, 11, 25), ""),
    ],
)
def test_us_holidays_are_known(day: date, holiday: str) -> None:
    assert us_holiday(day) == holiday
