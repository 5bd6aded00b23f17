"""Mailboxes: asks, tags, bounces and suppressed addresses."""

from datetime import datetime
from typing import Protocol

from bot.domain.destinations import Destination
from bot.domain.mailboxes import Ask, AskStatus


class MailboxStore(Protocol):
    """What is kept about mailboxes beside their destinations. All moments are UTC with time zone."""

    async def note_ask(self, ask: Ask, *, now: datetime) -> int | None:
        """Keep an ask and return its number; None when its requester, their network or everybody asked too often.

        An ask is dropped if its address or its mailbox already had enough confirmation mails.
        """

    async def begin_asks(self, *, now: datetime, limit: int) -> list[Ask]:
        """Take asks whose confirmation mail is to be sent now, and forget those too old to be confirmed."""

    async def mails_due(self, *, now: datetime) -> bool:
        """Whether mails of subscriptions are to be sent now."""

    async def end_ask(self, number: int, status: AskStatus, *, retry_at: datetime | None = None) -> None:
        """Record what became of an ask; with WAITING, `retry_at` is when to try again."""

    async def ask(self, number: int) -> tuple[Ask, AskStatus] | None:
        """An ask and its status; None when it is no longer kept."""

    async def mailbox_tag(self, place: str) -> str:
        """The tag of a mailbox in links and return paths: always the same, and impossible to guess."""

    async def mailbox_tagged(self, tag: str) -> Destination | None:
        """The mailbox with a tag; None when there is none."""

    async def note_bounce(self, place: str, *, now: datetime) -> int:
        """Count a soft bounce; returns how many there were in a row, without a long time between two."""

    async def suppress(self, address: str, reason: str, *, now: datetime) -> None:
        """Write no mails to an address until `allow`."""

    async def suppression(self, address: str) -> str:
        """Why no mails are written to an address; empty when they are."""

    async def count_suppressed(self) -> int:
        """How many addresses no mails are written to."""

    async def allow(self, address: str) -> bool:
        """Let mails be written to an address again; returns whether it was suppressed."""

    async def mailboxes_of(self, person: int) -> list[Destination]:
        """The mailboxes of a person, by address; of each the first of its posts."""
