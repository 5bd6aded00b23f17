"""Mailboxes: who asks for papers by e-mail, whose address is proven, and which are never written to again."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from secrets import token_hex
from typing import Protocol

from bot.domain.deliveries import Delivery
from bot.domain.destinations import EVERY_DAY, Destination, Layout, Quiet
from bot.domain.people import Account, Place
from bot.errors import UserError
from bot.ports import Clock, DeliveryStore, PeopleStore

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


class MailStore(Protocol):
    """What is kept of mailboxes besides their destinations. All moments are UTC with time zone."""

    async def note_ask(self, ask: Ask, *, now: datetime) -> int | None:
        """Keep an ask and return its number; None when its requester asked too often.

        One for an address with letters enough is dropped.
        """

    async def begin_asks(self, *, now: datetime, limit: int) -> list[Ask]:
        """Take asks whose letter is to be sent now, and forget those too old to be confirmed."""

    async def end_ask(self, number: int, status: AskStatus, *, retry_at: datetime | None = None) -> None:
        """Note what became of an ask; WAITING with the moment to try again."""

    async def ask(self, number: int) -> tuple[Ask, AskStatus] | None:
        """An ask that is still kept."""

    async def mailbox_tag(self, place: str) -> str:
        """What a mailbox is called in links and return paths: the same each time, and not to be guessed."""

    async def mailbox_tagged(self, tag: str) -> Destination | None:
        """The mailbox of a tag."""

    async def note_bounce(self, place: str, *, now: datetime) -> int:
        """Count a bounce for a passing reason; returns how many there were, none long after the one before."""

    async def suppress(self, address: str, reason: str, *, now: datetime) -> None:
        """Never write to an address again, until it is allowed."""

    async def suppression(self, address: str) -> str:
        """Why an address is not written to; empty when it may be."""

    async def allow(self, address: str) -> bool:
        """Let an address be written to again; says whether it was not."""

    async def mailboxes_of(self, person: int) -> list[Destination]:
        """The mailboxes of a person, by address."""


class Mail(MailStore, PeopleStore, DeliveryStore, Protocol):
    """The store, as far as mailboxes need it."""


class PostOffice:
    """Opens, sets and closes mailboxes. An address is written to only after its owner has confirmed it."""

    def __init__(self, store: Mail, clock: Clock) -> None:
        self.store = store
        self.clock = clock

    async def ask(self, ask: Ask) -> int:
        """Have a letter sent to an address, from which its owner can confirm; returns the number of the ask.

        Nothing tells the requester whether the address is known. Raises UserError for asking too often.
        """
        number = await self.store.note_ask(ask, now=self.clock.now())
        if number is None:
            raise UserError("Too many requests for today. Try again tomorrow.")
        return number

    async def confirm(self, number: int) -> Destination:
        """Open the mailbox that was asked for, or set it anew. Raises UserError when it was not, or long ago."""
        kept = await self.store.ask(number)
        if kept is None or kept[1] is AskStatus.DROPPED:
            raise UserError("This link has expired. Ask for a new one.")
        ask, status = kept
        known = await self.store.destination(mailbox_place(ask.address).key)
        if status is AskStatus.CONFIRMED and known and known.enabled:
            return known
        if status is AskStatus.CONFIRMED:
            raise UserError("This link was used before. Ask for a new one.")
        await self._require_writable(ask.address)  # first: people who were joined cannot be parted
        destination = _opened(ask, await self._owner(ask))
        await self.save(destination)
        await self.store.end_ask(number, AskStatus.CONFIRMED)
        return destination

    async def _owner(self, ask: Ask) -> int:
        """Whose mailbox it becomes: the requester's, whose other accounts it joins, or one of its own."""
        own = await self.store.person(Account(PLATFORM, ask.address, ask.address))
        if ask.person in {None, own} or not await self.store.accounts(ask.person or own):
            return own
        if len(await self.store.accounts(own)) > 1:
            raise UserError("This mailbox belongs to somebody with other accounts; `/papers link` links accounts.")
        await self.store.join_people(ask.person or own, own)
        return ask.person or own

    async def save(self, destination: Destination) -> None:
        """Set a mailbox. Raises UserError when it is to have mails and they come back from there."""
        if destination.enabled:
            await self._require_writable(destination.place.channel)
        await self.store.save_destination(destination, now=self.clock.now())

    async def _require_writable(self, address: str) -> None:
        if reason := await self.store.suppression(address):
            raise UserError(
                f"Mail to {address} bounced or was reported as spam ({reason}), so none is sent. "
                "Whoever runs this Paperboy can allow them again."
            )

    async def close(self, destination: Destination) -> None:
        """Send no more mails to a mailbox; its settings are kept."""
        await self.save(replace(destination, enabled=False))

    async def own(self, person: int, address: str) -> Destination | None:
        """The mailbox of this address, if it is open or closed and this person's."""
        known = await self.store.destination(mailbox_place(address).key)
        return known if known and known.person == person else None

    async def resend(self, destination: Destination) -> Delivery | None:
        """Send the last mail again if nobody knows whether it arrived; None when that is known.

        Raises UserError where no mails are to come.
        """
        if not destination.enabled:
            raise UserError(f"Mails to {destination.place.channel} are off, so nothing is resent.")
        return await self.store.resend(destination.place.key, now=self.clock.now())

    async def bounced(self, destination: Destination, reason: str, *, hard: bool) -> None:
        """Take in that a mail came back: for good (`hard`), or for a passing reason, which counts when it recurs."""
        now = self.clock.now()
        count = 0 if hard else await self.store.note_bounce(destination.place.key, now=now)
        if hard or count >= SOFT_BOUNCES:
            await self.store.suppress(destination.place.channel, reason, now=now)


def proposed(address: str) -> Destination:
    """How a mailbox is set as long as nobody says otherwise: one mail at eight, and none on a day without papers."""
    return Destination(place=mailbox_place(address), at=time(8), layout=Layout.COMPACT, quiet=Quiet.SKIP)


def _opened(ask: Ask, person: int) -> Destination:
    wished = replace(proposed(ask.address), at=ask.at, timezone=ask.timezone, days=ask.days)
    return replace(wished, count=ask.count, person=person)


def new_tag() -> str:
    """A name for a mailbox that nobody can guess."""
    return token_hex(10)
