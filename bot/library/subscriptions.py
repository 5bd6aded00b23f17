"""Mailboxes: who asks for papers by e-mail, whose address is proven, and which are never written to again."""

from dataclasses import replace
from datetime import time

from bot.domain.deliveries import Delivery
from bot.domain.destinations import Destination, Layout, Quiet, Scope, destination_key
from bot.domain.mailboxes import PLATFORM, SOFT_BOUNCES, Ask, AskStatus, mailbox_place
from bot.domain.named_posts import MOST_POSTS
from bot.domain.people import Account
from bot.errors import UserError
from bot.ports import Clock, Store


class Subscriptions:
    """Opens, sets and closes mailboxes. An address is written to only after its owner has confirmed it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def ask(self, ask: Ask) -> int:
        """Have a letter sent to an address, from which its owner can confirm; returns the number of the ask.

        Nothing tells the requester whether the address is known. Raises UserError for asking too often.
        """
        number = await self._store.note_ask(ask, now=self._clock.now())
        if number is None:
            raise UserError("Too many requests. Try again tomorrow.")
        return number

    async def confirm(self, number: int) -> Destination:
        """Open the mailbox that was asked for, or set it anew. Raises UserError when it was not, or long ago."""
        kept = await self._store.ask(number)
        if kept is None or kept[1] is AskStatus.DROPPED:
            raise UserError("This link has expired. Ask for a new one.")
        ask, status = kept
        known = await self._store.destination(mailbox_place(ask.address).key)
        if status is AskStatus.CONFIRMED and known and known.enabled:
            return known
        if status is AskStatus.CONFIRMED:
            raise UserError("This link was used before. Ask for a new one.")
        await self._require_writable(ask.address)  # first: people who were joined cannot be parted
        destination = _opened(ask, await self._owner(ask))
        await self.save(destination)
        await self._store.end_ask(number, AskStatus.CONFIRMED)
        return destination

    async def _owner(self, ask: Ask) -> int:
        """Whose mailbox it becomes: the requester's, whose other accounts it joins, or one of its own."""
        own = await self._store.person(Account(PLATFORM, ask.address, ask.address))
        if ask.person in {None, own} or not await self._store.accounts(ask.person or own):
            return own
        if len(await self._store.accounts(own)) > 1:
            raise UserError("This mailbox belongs to somebody with other accounts; `/papers link` links accounts.")
        await self._store.join_people(ask.person or own, own)
        return ask.person or own

    async def save(self, destination: Destination) -> None:
        """Set a mailbox. Raises UserError when it is to have mails and they come back from there."""
        if destination.enabled:
            await self._require_writable(destination.place.channel)
        await self._store.save_destination(destination, now=self._clock.now())

    async def _require_writable(self, address: str) -> None:
        if reason := await self._store.suppression(address):
            raise UserError(
                f"Mail to {address} bounced or was reported as spam ({reason}), so none is sent. "
                "Whoever runs this Paperboy can allow them again."
            )

    async def close(self, destination: Destination) -> None:
        """Send no more mails to a mailbox, of whatever post; the settings are kept."""
        for post in await self._store.posts_of(destination.place.key):
            await self.save(replace(post, enabled=False))

    async def another(self, mailbox: Destination, name: str) -> Destination:
        """A further mail to a mailbox, by its name, not saved yet. Raises UserError where there are enough."""
        if len(await self._store.posts_of(mailbox.place.key)) > MOST_POSTS:
            raise UserError(f"A mailbox has up to {MOST_POSTS} mails with names.")
        return named_mail(mailbox, name)

    async def own(self, person: int, address: str, post: str = "") -> Destination | None:
        """The mailbox of this address, or a post of it by name, if it is open or closed and this person's."""
        known = await self._store.destination(destination_key(mailbox_place(address), post))
        return known if known and known.person == person else None

    async def resend(self, destination: Destination) -> Delivery | None:
        """Send the last mail again if nobody knows whether it arrived; None when that is known.

        Raises UserError where no mails are to come.
        """
        if not destination.enabled:
            raise UserError(f"Mails to {destination.place.channel} are off, so nothing is resent.")
        return await self._store.resend(destination.place.key, now=self._clock.now())

    async def bounced(self, destination: Destination, reason: str, *, hard: bool) -> None:
        """Take in that a mail came back: for good (`hard`), or for a passing reason, which counts when it recurs."""
        now = self._clock.now()
        count = 0 if hard else await self._store.note_bounce(destination.place.key, now=now)
        if hard or count >= SOFT_BOUNCES:
            await self._store.suppress(destination.place.channel, reason, now=now)


def proposed(address: str) -> Destination:
    """How a mailbox is set as long as nobody says otherwise: one mail at eight, and none on a day without papers."""
    return Destination(place=mailbox_place(address), at=time(8), chosen_layout=Layout.COMPACT, quiet=Quiet.SKIP)


def named_mail(mailbox: Destination, name: str) -> Destination:
    """How a further mail to a mailbox is set as long as nobody says otherwise: as the first, about its topic alone."""
    return replace(mailbox, post=name, enabled=True, scope=Scope.TOPICS_ONLY, minimum=0, weekly=None)


def _opened(ask: Ask, person: int) -> Destination:
    wished = replace(proposed(ask.address), at=ask.at, timezone=ask.timezone, days=ask.days)
    return replace(wished, count=ask.count, person=person)
