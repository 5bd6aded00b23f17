"""When a delivery has begun, and what names it."""

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.domain.deliveries import OPEN, Delivery, Rules, Status
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
