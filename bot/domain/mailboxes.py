"""Mailboxes: mail addresses as places, and requests for papers by mail."""

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
"""How long after an ask its address can be confirmed, and the ask is kept."""

LIMITS_LAST = timedelta(days=1)
PER_ADDRESS = 3
PER_MAILBOX = 6
PER_REQUESTER = 10
PER_NETWORK = 50
"""Confirmation mails to one address, and to all spellings of one mailbox; asks of one requester, and of their network.

Each within `LIMITS_LAST`.
"""

PER_HOUR = 200
"""Asks of everybody together, but for those of whoever runs the bot."""

OPERATOR = "cli:"
"""How the requesters begin that whoever runs the bot asks as."""

SOFT_BOUNCES = 5
SOFT_BOUNCES_LAST = timedelta(days=14)
"""A mailbox with this many soft bounces, each within this time of the one before, is treated as gone."""

_GMAIL = ("gmail.com", "googlemail.com")
_LONGEST_TYPED = 1000
"""Characters of an address (which may have 254), and as a link once more. The library reads any length, and slowly."""

_MAILTO = re.compile(r"<?(?:mailto:)?([^|>]*)(?:\|[^>]*)?>?")


def parse_address(typed: str) -> str:
    """The mail address that was typed, in one spelling: lower case, an international domain as people read it.

    Raises UserError, which says what is wrong with it.
    """
    from email_validator import EmailNotValidError, validate_email

    if len(typed) > _LONGEST_TYPED:
        raise UserError(f"This is not a mail address like you@example.org: it has {len(typed):,} characters.")
    match = _MAILTO.fullmatch(typed.strip())  # chats turn an address into a link
    try:
        return validate_email(match[1] if match else typed, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise UserError(f"This is not a mail address like you@example.org. {error}") from None


def folded(address: str) -> str:
    """The mailbox that an address surely leads to: without what stands behind a plus, for Gmail without dots.

    >>> folded("ana+papers@example.org"), folded("a.n.a@googlemail.com")
    ('ana@example.org', 'ana@gmail.com')
    """
    local, _, domain = address.lower().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _GMAIL:
        local, domain = local.replace(".", ""), _GMAIL[0]
    return f"{local}@{domain}"


def mailbox_place(address: str) -> Place:
    """A mailbox as a place; `address` as `parse_address` returns it."""
    return Place(PLATFORM, "", address, address, private=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Somebody asks to have papers mailed to an address that may not be theirs.

    Asks are counted by `requester`, and by what stands before its last colon where it has two: the network. `asked_by`
    is how the owner of the address sees them, empty where nothing is known.
    `person` is whose papers are mailed; None for a profile of the mailbox itself.
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
    """Its confirmation mail is to be sent."""
    SENDING = "sending"
    """Its confirmation mail is being sent. If it stays so, its process died, and the mail is not sent again."""
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"
    """The address already had `PER_ADDRESS` confirmation mails."""
    CONFIRMED = "confirmed"


def new_tag() -> str:
    """A random name for a mailbox that nobody can guess."""
    return token_hex(10)
