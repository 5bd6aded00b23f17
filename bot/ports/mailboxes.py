"""TODO."""

from datetime import datetime
from typing import Protocol

from bot.domain.destinations import Destination
from bot.domain.mailboxes import Ask, AskStatus


class MailboxStore(Protocol):
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
