"""What admins read when a post did not go out as it should."""

from bot.domain.dates import long_date
from bot.domain.deliveries import Delivery, Refusal
from bot.domain.destinations import OF_A_CLUB, Kind
from bot.domain.messages import Message, code, text
from bot.domain.named_posts import of_post


def unknown_message(delivery: Delivery, reason: str) -> Message:
    """What an admin reads when nobody knows whether a message arrived."""
    number = len(delivery.sent) + 1
    post = f"Message {number} of the {_post(delivery)} of {long_date(delivery.day)}"
    line = f"{post} may or may not have reached {_name(delivery)}: {reason}"
    again = text("If it is missing, ", code("/papers digest resend"), " posts it and the rest.")
    return Message(title="A post may be incomplete", body=(text(line), again))


def refusal_message(delivery: Delivery, refusal: Refusal, reason: str, disable_after: int) -> Message:
    """What an admin reads, once, when a platform takes no posts for a channel."""
    line = f"The {_post(delivery)} of {long_date(delivery.day)} to {_name(delivery)} was refused: {reason}"
    club = delivery.kind in OF_A_CLUB
    what = "reading group" if club else "daily post"
    again = "/papers club on" if club else f"/papers digest on{of_post(delivery.destination)}"
    future = (
        text(f"The {what} is switched off; ", code(again), " starts it again.")
        if refusal.disabled
        else text(f"After {disable_after} refusals in a row the {what} is switched off.")
    )
    return Message(title="A post could not be delivered", body=(text(line), future))


def _post(delivery: Delivery) -> str:
    post = delivery.destination.post
    if delivery.kind in OF_A_CLUB:
        return f"{_OF_A_CLUB[delivery.kind]} for the meeting"
    return f"post “{post}”" if post else "post"


_OF_A_CLUB = {Kind.VOTE: "vote", Kind.MEETING: "paper", Kind.REMINDER: "reminder"}


def _name(delivery: Delivery) -> str:
    place = delivery.destination.place
    return place.name or place.channel
