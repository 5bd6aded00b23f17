"""What a daily post says: pure functions from papers and a date to a message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.cards import long_date
from bot.messages import Card, Message, quiet, text


@dataclass(frozen=True, slots=True)
class Edition:
    """What makes one channel's post its own: its local date."""

    day: date


def compose(edition: Edition, cards: Sequence[Card]) -> Message:
    """The post: a header, a card for each paper, or one honest line when there is none."""
    title = f"Trending papers · {_WEEKDAYS[edition.day.weekday()]}, {long_date(edition.day)}"
    if not cards:
        return Message(title=title, body=(text("No new papers today."),))
    return Message(
        title=title,
        cards=tuple(cards),
        footer=text(quiet("🔖 saves a paper, 👍 more like it, 👎 less like it.")),
    )


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
