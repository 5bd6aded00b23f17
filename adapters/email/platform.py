"""E-mail as a platform: a mailbox is a place, and a post is one mail."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from secrets import token_hex
from typing import TypeVar

import structlog

from adapters.email.dkim import Signer
from adapters.email.mime import Letter, build, needs_utf8, wire_address
from adapters.email.render import Recipient, Rendered, render
from adapters.email.signed_links import Links, Purpose
from adapters.email.smtp import Envelope, GoneError, Mailer
from bot.domain.mailboxes import PLATFORM
from bot.domain.messages import Message
from bot.domain.people import Place
from bot.errors import DeliveryError, PostponedError, RefusedError, UnclearError
from bot.ports import Clock, MailboxStore, unheard

log = structlog.get_logger()

Step = TypeVar("Step")


@dataclass(frozen=True, slots=True)
class MailFrom:
    """Who mails are from, where they come back to, and who signs them."""

    address: Address
    bounces: str = ""
    signer: Signer | None = None

    def return_path(self, tag: str) -> str:
        """Where a mail to the mailbox of this tag comes back to."""
        local, _, domain = (self.bounces or self.address.addr_spec).rpartition("@")
        return f"{local}+{tag}@{domain}" if self.bounces and tag else f"{local}@{domain}"


class Writer:
    """Messages -> mails, signed."""

    def __init__(self, sender: MailFrom, links: Links, clock: Clock) -> None:
        self.sender = sender
        self.links = links
        self._clock = clock

    def digest(self, reader: Recipient, message: Message, nonce: str) -> bytes:
        """A mail of a subscription. Takes some milliseconds; raises RefusedError."""
        host = self.links.base.partition("://")[2].partition("/")[0].partition(":")[0]
        headers = {
            "List-Id": f"Paperboy <daily.{host}>",
            "List-Unsubscribe": f"<{self.links.to(Purpose.UNSUBSCRIBE, reader.tag)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        }
        return self._mail(reader.address, render(message, self.links, reader), message, nonce, headers)

    def letter(self, address: str, message: Message, reader: Recipient | None = None) -> bytes:
        """A mail of its own, as to confirm an address. Raises RefusedError."""
        rendered = render(message, self.links, reader)
        return self._mail(address, rendered, message, token_hex(12), {"Auto-Submitted": "auto-generated"})

    def _mail(self, to: str, rendered: Rendered, message: Message, name: str, headers: dict[str, str]) -> bytes:
        letter = Letter(
            to=to,
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            message_id=self.message_id(name),
            attachments=message.attachments,
            pictures=rendered.pictures,
            headers=headers,
        )
        mail = build(letter, sender=self.sender.address, date=self._clock.now())
        return self.sender.signer.sign(mail) if self.sender.signer else mail

    def message_id(self, name: str) -> str:
        """The Message-ID of the mail of this name."""
        return f"<{name}@{self.sender.address.domain}>"


class EmailPlatform:
    """The Platform of `bot.ports` for e-mail."""

    name = PLATFORM
    repeatable = False  # A mail sent twice is there twice, whatever its Message-ID.
    daily_messages = None

    def __init__(self, store: MailboxStore, writer: Writer, mailer: Mailer, clock: Clock) -> None:
        self._store = store
        self._writer = writer
        self._mailer = mailer
        self._clock = clock

    async def run(self, ready: Callable[[], None] = unheard) -> None:
        """Wait until cancelled: connections are made when there is a mail to send."""
        ready()
        try:
            await asyncio.Event().wait()
        finally:
            await self.close()

    async def close(self) -> None:
        """Close the connections to the mail server."""
        await self._mailer.close()

    def reaches(self, place: Place) -> bool:
        """Whether it is a mailbox and the server takes mails now."""
        return place.platform == PLATFORM and not self._mailer.wait()

    async def send(self, place: Place, message: Message, *, nonce: str, first: str = "") -> str:
        """Mail a message and return its Message-ID.

        Raises BusyError, RefusedError, PostponedError or UnclearError. An address that the server does not know is
        never written to again. Cancelled before the server was given the mail, it is put off: nothing was sent.
        """
        if reason := await before_sending(self._store.suppression(place.channel)):
            raise RefusedError(f"mail to it bounced or was reported as spam: {reason}")
        tag = await before_sending(self._store.mailbox_tag(place.key))
        reader = Recipient(place.channel, tag)
        mail = await before_sending(asyncio.to_thread(self._writer.digest, reader, message, nonce))
        handed_over = asyncio.Event()
        try:
            await self._mailer.send(envelope(self._writer.sender, place.channel, tag, mail), handed_over.set)
        except asyncio.CancelledError as error:
            if handed_over.is_set():
                raise
            raise PostponedError("the mail server was not ready in time") from error
        except GoneError as error:
            await self._store.suppress(place.channel, str(error), now=self._clock.now())
            raise
        return self._writer.message_id(nonce)

    async def recall(
        self, place: Place, nonce: str, since: datetime, *, message: Message, first: str = ""
    ) -> str | None:
        """A mail that left is out of sight. Raises UnclearError."""
        raise UnclearError(f"Paperboy cannot look into the mailbox {place.channel}")

    async def end_poll(self, place: Place, sent: Sequence[str]) -> Mapping[int, int] | None:
        """None: nobody votes by mail."""
        return None

    async def tell_admins(self, place: Place, message: Message) -> None:
        """Log it: a mailbox has nobody who manages it, and whoever runs the bot reads its log and `paperboy status`."""
        log.warning(message.title, mailbox=place.channel)


def envelope(sender: MailFrom, address: str, tag: str, mail: bytes) -> Envelope:
    """The envelope of a mail to an address; `tag` is what its mailbox is called in return paths."""
    return Envelope(sender.return_path(tag), wire_address(address), mail, utf8=needs_utf8(address))


async def before_sending(step: Awaitable[Step]) -> Step:
    """What a step gives that comes before a mail is sent: whatever goes wrong in it, nothing was sent."""
    try:
        return await step
    except DeliveryError:
        raise
    except Exception as error:
        log.exception("a mail could not be written")
        raise PostponedError(f"the mail could not be written: {type(error).__name__}") from error
