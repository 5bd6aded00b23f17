"""When a delivery has begun, and what names it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.domain.deliveries import OPEN, Counts, Delivery, Rules, Status, Upcoming, what_to_do
from bot.domain.destinations import Destination, Kind
from bot.domain.people import Place

NINE = datetime(2026, 1, 19, 9, tzinfo=UTC)
DELIVERY = Delivery(
    number=1,
    destination=Destination(place=Place("slack", "T", "C1", "#papers")),
    kind=Kind.DAILY,
    day=date(2026, 1, 19),
    status=Status.READY,
    claimed_at=NINE,
    payload="a post",
)


def test_a_post_has_begun_when_a_message_is_there_or_may_be() -> None:
    assert not DELIVERY.begun
    assert replace(DELIVERY, sent=("1",)).begun
    assert replace(DELIVERY, started_at=NINE).begun


def test_a_delivery_is_named_by_kind_day_and_place_whatever_else_changes() -> None:
    assert DELIVERY.key == "daily 2026-01-19 slack:T:C1"
    assert replace(DELIVERY, number=2, status=Status.SENDING, attempts=3).key == DELIVERY.key
    others = [
        replace(DELIVERY, kind=Kind.WEEKLY),
        replace(DELIVERY, day=date(2026, 1, 20)),
        replace(DELIVERY, destination=Destination(place=Place("slack", "T", "C2"))),
    ]
    assert len({each.key for each in [DELIVERY, *others]}) == 4


def test_what_ended_is_not_open() -> None:
    assert set(Status) - set(OPEN) == {Status.SENT, Status.FAILED, Status.UNKNOWN, Status.SKIPPED}


def test_a_lease_outlives_a_message_and_a_nonce_outlives_a_lease() -> None:
    rules = Rules()
    assert rules.patience < rules.lease < rules.repeat_within < rules.finish_within


@pytest.mark.parametrize(
    ("platform", "status", "next_run_at", "refusals", "told"),
    [
        ("slack", Status.SENT, NINE, 0, ""),
        ("slack", Status.FAILED, NINE, 1, "the next post tries again"),
        ("slack", Status.FAILED, None, 0, ""),
        ("slack", Status.FAILED, None, 5, "off after 5 refusals in a row; `/papers digest on` there starts it again"),
        ("email", Status.FAILED, None, 1, "off after 1 refusal in a row; its owner asks for papers again"),
        ("slack", Status.UNKNOWN, NINE, 0, "`/papers digest resend` there continues it"),
        ("email", Status.UNKNOWN, NINE, 0, "`paperboy email resend` sends it again"),
    ],
)
def test_what_can_be_done_about_the_last_post_is_told(
    platform: str, status: Status, next_run_at: datetime | None, refusals: int, told: str
) -> None:
    destination = Destination(place=Place(platform, "T", "C1", "#papers"))
    last = replace(DELIVERY, destination=destination, status=status)
    assert what_to_do(Upcoming(destination, next_run_at, refusals, (last,))) == told


def test_nothing_is_to_be_done_before_the_first_post() -> None:
    assert what_to_do(Upcoming(DELIVERY.destination, NINE, 0, ())) == ""


def test_what_ended_is_counted_over_all_platforms() -> None:
    recent = {("slack", Status.SENT): 2, ("discord", Status.SENT): 3, ("discord", Status.FAILED): 1}
    counts = Counts(due={}, open={}, recent=recent)
    assert (counts.ended(Status.SENT), counts.ended(Status.UNKNOWN)) == (5, 0)
