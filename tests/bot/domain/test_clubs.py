"""When a club meets, what is nominated, and which paper is read."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.clubs import (
    FILLED_UP_TO,
    MOST_CANDIDATES,
    Club,
    Nomination,
    Rhythm,
    elected,
    first_day,
    meeting_of,
    next_meeting,
    nominations,
    read_rhythm,
)
from bot.domain.paper_ids import PaperId
from bot.domain.people import Place
from bot.errors import UserError

PAPERS = Place("slack", "T1", "C1", "#papers")
THURSDAY = date(2026, 1, 29)
NOW = datetime(2026, 1, 19, 23, tzinfo=UTC)
CLUB = Club(place=PAPERS, weekday=3, at=time(16), timezone="Europe/Berlin", first=THURSDAY)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("thursday 16:00", Rhythm(3, time(16))),
        ("thursday 16:00 Berlin every 2 weeks", Rhythm(3, time(16), "Europe/Berlin", 2)),
        ("every other friday at noon", Rhythm(4, time(12), None, 2)),
        ("9am New York every thursday", Rhythm(3, time(9), "America/New_York")),
        ("weekly on monday 9:30 ET", Rhythm(0, time(9, 30), "America/New_York", 1)),
        ("fortnightly wed 17h30", Rhythm(2, time(17, 30), None, 2)),
        ("every week", Rhythm(every=1)),
        ("", Rhythm()),
    ],
)
def test_a_rhythm_is_read_as_people_write_it(typed: str, meant: Rhythm) -> None:
    assert read_rhythm(typed) == meant


@pytest.mark.parametrize("often", ["every -2 weeks", "every 2.5 weeks", "every 2 weeks every 3 weeks", "weeks 2"])
def test_what_says_no_number_of_weeks_is_no_time_zone(often: str) -> None:
    with pytest.raises(UserError, match="How often"):
        read_rhythm(f"thursday 16:00 {often}")


@pytest.mark.parametrize("typed", ["mon-fri 9:00", "every 40 weeks mon 9:00", "thursday 25:00", "thursday 9 Atlantis"])
def test_what_is_no_rhythm_is_refused(typed: str) -> None:
    with pytest.raises(UserError):
        read_rhythm(typed)


def test_a_vote_opens_and_closes_days_before_its_meeting_at_the_same_time_of_day() -> None:
    meeting = meeting_of(CLUB, THURSDAY)
    assert meeting
    assert meeting.opens_at == datetime(2026, 1, 24, 15, tzinfo=UTC)
    assert meeting.closes_at == datetime(2026, 1, 26, 15, tzinfo=UTC)
    assert meeting.reminds_at == datetime(2026, 1, 28, 15, tzinfo=UTC)
    assert meeting.meets_at == datetime(2026, 1, 29, 15, tzinfo=UTC)


def test_the_time_of_day_stays_where_clocks_change_between_vote_and_meeting() -> None:
    meeting = meeting_of(CLUB, date(2026, 3, 31))  # summer time begins on 29 March
    assert meeting
    assert meeting.opens_at == datetime(2026, 3, 26, 15, tzinfo=UTC)
    assert meeting.meets_at == datetime(2026, 3, 31, 14, tzinfo=UTC)


def test_a_day_that_a_zone_leaves_out_has_no_meeting_and_a_vote_that_would_close_then_closes_before() -> None:
    left_out = date(2011, 12, 30)
    club = Club(place=PAPERS, weekday=4, at=time(16), timezone="Pacific/Apia", first=left_out)
    assert meeting_of(club, left_out) is None
    meeting = meeting_of(club, date(2012, 1, 2))
    assert meeting
    assert meeting.closes_at == datetime(2011, 12, 30, 2, tzinfo=UTC)  # 29 December there


@given(
    days=st.integers(0, 500),
    every=st.integers(1, 12),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"]),
)
def test_meetings_follow_each_other_by_whole_weeks(days: int, every: int, zone: str) -> None:
    club = Club(place=PAPERS, weekday=3, at=time(2, 30), timezone=zone, first=THURSDAY, every=every)
    now = NOW + timedelta(days=days)
    meeting = next_meeting(club, now)
    assert meeting.closes_at > now
    assert (meeting.day - THURSDAY).days % (7 * every) == 0
    following = next_meeting(club, now, after=meeting.day)
    assert (following.day - meeting.day).days == 7 * every
    earlier = meeting_of(club, meeting.day - timedelta(weeks=every))
    assert meeting.day == THURSDAY or (earlier and earlier.closes_at <= now)


def test_the_first_meeting_leaves_a_day_to_vote() -> None:
    monday_morning, monday_night = datetime(2026, 1, 18, 14, tzinfo=UTC), datetime(2026, 1, 19, 23, tzinfo=UTC)
    assert first_day(3, time(16), "Europe/Berlin", 3, monday_morning) == date(2026, 1, 22)
    assert first_day(3, time(16), "Europe/Berlin", 3, monday_night) == THURSDAY
    assert first_day(3, time(16), "Europe/Berlin", 3, monday_night, after=THURSDAY) == date(2026, 2, 5)


def nomination(number: int, saves: int = 0, *, proposed: bool = False) -> Nomination:
    """A paper that was nominated `number` minutes from now."""
    return Nomination(PaperId(f"2601.{number:05}"), NOW + timedelta(minutes=number), saves, proposed)


def ids(found: list[Nomination]) -> list[int]:
    return [int(each.paper_id.partition(".")[2]) for each in found]


def test_what_was_proposed_comes_first_and_saves_fill_up() -> None:
    proposed = [nomination(3, proposed=True), nomination(2, 5, proposed=True)]
    saved = [nomination(2, 5), *(nomination(10 + n, n) for n in range(6))]
    assert ids(nominations(proposed, saved, ())) == [2, 3, 15, 14, 13]
    assert len(nominations([], saved, ())) == FILLED_UP_TO


def test_of_many_proposals_those_with_most_saves_stay_and_then_the_oldest() -> None:
    proposed = [nomination(n, saves=3 if n == 11 else 0, proposed=True) for n in range(1, 12)]
    assert ids(nominations(proposed, [nomination(20, 9)], ())) == [1, 2, 3, 4, 5, 6, 7, 11]
    assert MOST_CANDIDATES == 8


def test_what_was_read_is_not_nominated_again() -> None:
    read = nomination(1).paper_id
    assert ids(nominations([nomination(1, proposed=True), nomination(2, proposed=True)], [nomination(1)], [read])) == [
        2
    ]


def test_most_votes_win_then_most_saves_then_the_first() -> None:
    first, saved, last = nomination(1), nomination(2, 4), nomination(3, 4)
    three = [first, saved, last]
    assert elected(three, {first.paper_id: 2, saved.paper_id: 1}) == first
    assert elected(three, {first.paper_id: 2, last.paper_id: 2}) == last
    assert elected(three, {}) == saved
    assert elected([nomination(7), nomination(8)], {}) == nomination(7)
    assert elected([], {}) is None
