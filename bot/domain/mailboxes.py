"""TODO."""

import re
from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum
from secrets import token_hex

from bot.domain.destinations import EVERY_DAY
from bot.domain.people import Place
from bot.errors import UserError

PLATFORM = "email"


ASKS_LAST = timedelta(days=2)
"""How long an address can be confirmed after it was asked for, and an unconfirmed one is kept."""


LIMITS_LAST = timedelta(days=1)


PER_ADDRESS = 3


PER_REQUESTER = 10
"""Letters to one address, and asks of one requester, within `LIMITS_LAST`."""


SOFT_BOUNCES = 5


SOFT_BOUNCES_LAST = timedelta(days=14)
"""A mailbox that bounced this often for a passing reason, never this long apart, is taken for gone."""


_MAILTO = re.compile(r"<?(?:mailto:)?([^|>]*)(?:\|[^>]*)?>?")


def parse_address(typed: str) -> str:
    """The mail address that was typed, in its one spelling: lower case, an international domain as people read it.

    Raises UserError, saying what is wrong with it.
    """
    from email_validator import EmailNotValidError, validate_email

    match = _MAILTO.fullmatch(typed.strip())  # chats turn an address into a link
    try:
        return validate_email(match[1] if match else typed, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise UserError(f"This is not a mail address like you@example.org. {error}") from None


def mailbox_place(address: str) -> Place:
    """A mailbox as a place; `address` in its one spelling."""
    return Place(PLATFORM, "", address, address, private=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Somebody asks for papers to be mailed to an address that may not be theirs.

    `requester` is what asks are counted by; `asked_by` is what the mailbox's owner reads of them, empty where nothing
    is known. `person` is whose papers they shall be: None for a profile of the mailbox's own.
    """

    address: str
    requester: str
    asked_by: str = ""
    person: int | None = None
    at: time = time(8)
    timezone: str = "UTC"
    days: frozenset[int] = EVERY_DAY
    count: int = 5
    number: int = 0
    attempts: int = 0


class AskStatus(StrEnum):
    """What became of an ask."""

    WAITING = "waiting"
    """Its letter is to be sent."""
    SENDING = "sending"
    """Its letter is on its way; one that stays so was lost with its process, and is not sent again."""
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"
    """The address had letters enough."""
    CONFIRMED = "confirmed"


def new_tag() -> str:
    """A name for a mailbox that nobody can guess."""
    return token_hex(10)
