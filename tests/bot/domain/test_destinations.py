"""When posts are due, in every time zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.destinations import (
    EVERY_DAY,
    Destination,
    Kind,
    Layout,
    due_today,
    last_run,
    moment_on,
    next_run,
    schedule,
)
from bot.domain.people import Place

ODD_ZONES = (
    "Pacific/Apia",  # had no 30 December 2011
    "Pacific/Kiritimati",  # UTC+14
    "Pacific/Pago_Pago",  # UTC-11
    "Australia/Lord_Howe",  # half an hour of summer time
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "America/St_Johns",
    "America/Havana",  # changes at midnight
    "Africa/Cairo",
    "America/New_York",
    "Europe/Berlin",
    "Africa/Casablanca",  # winter time in summer
    "Antarctica/Troll",  # two hours of summer time
    "UTC",
)
PLACE = Place("slack", "T1", "C1")

zones = st.sampled_from(ODD_ZONES)
times = st.times(timezones=st.none()).map(lambda t: t.replace(second=0, microsecond=0))
moments = st.datetimes(datetime(2005, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
days = st.frozensets(st.integers(0, 6), min_size=1)


def post(zone: str, at: time = time(9), **fields: object) -> Destination:
    return Destination(place=PLACE, timezone=zone, at=at, **fields)  # type: ignore[arg-type]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_time_that_does_not_exist_comes_an_hour_later() -> None:
    assert next_run(post("Europe/Berlin", time(2, 30)), utc("2026-03-28T12:00")) == utc("2026-03-29T01:30")


def test_a_time_that_comes_twice_is_meant_the_first_time() -> None:
    berlin = post("Europe/Berlin", time(2, 30))
    assert next_run(berlin, utc("2026-10-24T12:00")) == utc("2026-10-25T00:30")
    assert next_run(berlin, utc("2026-10-25T00:30")) == utc("2026-10-26T01:30")


def test_a_midnight_that_does_not_exist_stays_on_its_day() -> None:
    due = next_run(post("America/Havana", time(0)), utc("2026-03-07T12:00"))
    assert due is not None
    assert due.astimezone(ZoneInfo("America/Havana")).isoformat() == "2026-03-08T01:00:00-04:00"


def test_a_day_that_a_zone_skipped_has_no_post() -> None:
    samoa = post("Pacific/Apia")
    due = next_run(samoa, utc("2011-12-29T12:00"))
    assert due is not None
    assert samoa.local_day(due) == date(2011, 12, 29)
    following = next_run(samoa, due)
    assert following is not None
    assert samoa.local_day(following) == date(2011, 12, 31)
    assert moment_on(date(2011, 12, 30), time(9), ZoneInfo("Pacific/Apia")) is None


@given(zone=zones, at=times, after=moments)
@example("Pacific/Apia", time(0), utc("2011-12-30T09:59"))
@example("America/Havana", time(0, 30), utc("2026-03-08T04:00"))
@example("Antarctica/Troll", time(1, 30), utc("2026-03-29T00:30"))
def test_a_daily_post_comes_once_on_every_local_day(zone: str, at: time, after: datetime) -> None:
    destination, due, seen = post(zone, at), after, []
    for _ in range(4):
        found = next_run(destination, due)
        assert found is not None
        assert found > due
        due = found
        seen.append(destination.local_day(due))
    existing = [seen[0] + timedelta(days=n) for n in range((seen[-1] - seen[0]).days + 1)]
    assert seen == [day for day in existing if day != date(2011, 12, 30) or zone != "Pacific/Apia"]


@given(zone=zones, at=times, weekdays=days, weekly=st.none() | st.integers(0, 6), now=moments)
def test_the_last_and_the_next_post_stand_next_to_each_other(
    zone: str, at: time, weekdays: frozenset[int], weekly: int | None, now: datetime
) -> None:
    destination = post(zone, at, days=weekdays, weekly=weekly)
    following, last = next_run(destination, now), last_run(destination, now)
    assert following is not None
    assert last is not None
    assert last <= now < following
    assert next_run(destination, last) == following
    assert all(destination.kinds_on(destination.local_day(due)) for due in (last, following))


@given(zone=zones, at=times, now=moments)
def test_what_is_due_today_was_due_before_now(zone: str, at: time, now: datetime) -> None:
    destination = post(zone, at)
    day = due_today(destination, now, now - timedelta(days=30))
    slot = moment_on(destination.local_day(now), at, ZoneInfo(zone))
    assert (day is not None) == (slot is not None and slot <= now)


def test_nothing_is_due_before_it_was_switched_on() -> None:
    now = utc("2026-01-19T10:00")
    assert due_today(post("UTC"), now, since=utc("2026-01-19T09:30")) is None
    assert due_today(post("UTC"), now, since=utc("2026-01-19T08:30")) == date(2026, 1, 19)


@pytest.mark.parametrize("fields", [{"enabled": False}, {"days": frozenset()}])
def test_what_is_off_or_has_no_day_is_never_due(fields: dict[str, object]) -> None:
    destination = post("UTC", **fields)  # type: ignore[arg-type]
    now = utc("2026-01-19T10:00")
    assert next_run(destination, now) is last_run(destination, now) is due_today(destination, now, now) is None


def test_the_round_up_may_have_a_day_of_its_own() -> None:
    destination = post("UTC", days=frozenset(range(5)), weekly=6)
    assert destination.kinds_on(date(2026, 1, 18)) == (Kind.WEEKLY,)
    assert destination.kinds_on(date(2026, 1, 19)) == (Kind.DAILY,)
    assert post("UTC", days=EVERY_DAY, weekly=6).kinds_on(date(2026, 1, 18)) == (Kind.DAILY, Kind.WEEKLY)
    assert next_run(destination, utc("2026-01-17T12:00")) == utc("2026-01-18T09:00")


@pytest.mark.parametrize(("count", "layout"), [(1, Layout.CARDS), (4, Layout.CARDS), (5, Layout.COMPACT)])
def test_five_papers_or_more_come_in_one_message_where_nobody_chose(count: int, layout: Layout) -> None:
    assert Destination(place=PLACE, count=count).layout is layout
    for chosen in Layout:
        assert Destination(place=PLACE, count=count, chosen_layout=chosen).layout is chosen


def test_papers_with_threads_have_a_message_each_where_nobody_chose() -> None:
    assert Destination(place=PLACE, threads=True).opens_threads
    assert not Destination(place=PLACE, threads=True, chosen_layout=Layout.COMPACT).opens_threads


def test_switching_on_after_the_time_begins_tomorrow() -> None:
    now = utc("2026-01-19T10:00")
    assert schedule(post("UTC"), now).next_run_at == utc("2026-01-20T09:00")
    assert schedule(post("UTC", enabled=False), now).next_run_at is None


def test_a_time_moved_into_the_past_of_today_is_due_at_once() -> None:
    before = (post("UTC", time(12)), schedule(post("UTC", time(12)), utc("2026-01-01T00:00")))
    now = utc("2026-01-19T10:00")
    assert schedule(post("UTC", time(8)), now, before).next_run_at == now
    assert schedule(post("UTC", time(11)), now, before).next_run_at == utc("2026-01-19T11:00")
