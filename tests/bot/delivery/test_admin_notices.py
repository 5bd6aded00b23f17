"""What admins read names the post and the channel, says why, and what they can do."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.delivery.admin_notices import refusal_message, unknown_message
from bot.domain.deliveries import Delivery, Refusal, Status
from bot.domain.destinations import Destination, Kind
from bot.domain.messages import plain_text
from bot.domain.people import Place


def delivery(name: str = "#papers", sent: tuple[str, ...] = ()) -> Delivery:
    return Delivery(
        number=1,
        destination=Destination(place=Place("slack", "T", "C1", name)),
        kind=Kind.DAILY,
        day=date(2026, 1, 19),
        status=Status.SENDING,
        claimed_at=datetime(2026, 1, 19, 9, tzinfo=UTC),
        sent=sent,
    )


def test_a_message_of_which_nobody_knows_is_counted_from_one_and_can_be_sent_again() -> None:
    read = plain_text(unknown_message(delivery(sent=("a", "b")), "the connection broke"))
    assert "Message 3 of the post of 19 Jan 2026 may or may not have reached #papers: the connection broke" in read
    assert "/papers digest resend" in read


def test_a_place_without_a_name_is_called_by_its_id() -> None:
    assert "reached C1:" in plain_text(unknown_message(delivery(name=""), "it stopped"))


@pytest.mark.parametrize(
    ("refusal", "future"),
    [
        (Refusal(1, news=True), "After 5 refusals in a row the daily post is switched off."),
        (Refusal(5, disabled=True, news=True), "The daily post is switched off; /papers digest on starts it again."),
    ],
)
def test_a_refusal_says_what_comes_next(refusal: Refusal, future: str) -> None:
    read = plain_text(refusal_message(delivery(), refusal, "Slack says is_archived", 5))
    assert "The post of 19 Jan 2026 to #papers was refused: Slack says is_archived" in read
    assert future in read.replace("`", "")


def test_a_post_with_a_name_is_told_from_the_others() -> None:
    at_first = delivery()
    named = replace(at_first, destination=replace(at_first.destination, post="graph learning"))
    assert "Message 1 of the post “graph learning” of 19 Jan" in plain_text(unknown_message(named, "it stopped"))
    read = plain_text(refusal_message(named, Refusal(5, disabled=True, news=True), "it is archived", 5))
    assert '/papers digest on post "graph learning" starts it again.' in read


def test_of_a_reading_group_it_is_said_what_was_refused_and_what_starts_it_again() -> None:
    vote = replace(delivery(), kind=Kind.VOTE, day=date(2026, 1, 29))
    told = plain_text(refusal_message(vote, Refusal(5, disabled=True), "it is archived", 5))
    assert "The vote for the meeting of 29 Jan 2026 to #papers was refused: it is archived" in told
    assert "The reading group is switched off; /papers club on starts it again." in told
