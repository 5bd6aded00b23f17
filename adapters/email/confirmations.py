"""Letters: what is written to an address besides the papers, each because somebody asked."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from adapters.email.platform import Writer, envelope
from adapters.email.render import Recipient
from adapters.email.signed_links import Links, Purpose
from adapters.email.smtp import GoneError, Mailer
from bot.domain.destinations import Destination
from bot.domain.mailboxes import ASKS_LAST, Ask, AskStatus, mailbox_place
from bot.domain.messages import Button, Message, strong, text
from bot.domain.post_settings import describe_days
from bot.domain.zones import zone_name
from bot.errors import BusyError, PostponedError, RefusedError, UnclearError
from bot.library.app import App
from bot.runtime.backoff import backoff

log = structlog.get_logger()

_AT_ONCE = 5
_SHARE = 0.5
"""Of the mails of a minute, so that mails that become due find room."""

_SHORTEST_BACKOFF = timedelta(minutes=1)
_LONGEST_BACKOFF = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class ConfirmationResult:
    """What became of an ask's letter, and why; `retry_at` is when one that waits is tried again."""

    status: AskStatus
    reason: str = ""
    retry_at: datetime | None = None


class ConfirmationSender:
    """Sends the letters that were asked for."""

    def __init__(self, app: App, writer: Writer, mailer: Mailer) -> None:
        self._store, self._clock = app.store, app.clock
        self._writer = writer
        self._mailer = mailer

    async def tick(self, *, at_once: bool = False) -> dict[int, ConfirmationResult]:
        """Send what was asked for since the last time; returns what became of each ask, by its number.

        Strangers ask for letters: none goes before a mail that somebody subscribed to and that is due, unless they are
        to go `at_once`.
        """
        ended: dict[int, ConfirmationResult] = {}
        while not self._mailer.wait(1.0 if at_once else _SHARE):
            if not at_once and await self._store.mails_due(now=self._clock.now()):
                break
            asks = await self._store.begin_asks(now=self._clock.now(), limit=_AT_ONCE)
            ended |= await asyncio.gather(*map(self._answer, asks))
            if not asks:
                break
        return ended

    async def _answer(self, ask: Ask) -> tuple[int, ConfirmationResult]:
        outcome = await self._written(ask)
        await self._store.end_ask(ask.number, outcome.status, retry_at=outcome.retry_at)
        return ask.number, outcome

    async def _written(self, ask: Ask) -> ConfirmationResult:
        """Write to an address, unless it is not to be written to."""
        store, now = self._store, self._clock.now()
        if reason := await store.suppression(ask.address):
            return ConfirmationResult(AskStatus.DROPPED, reason)
        try:
            await self._write(ask)
        except BusyError as error:
            return ConfirmationResult(AskStatus.WAITING, str(error), now + timedelta(seconds=error.retry_after))
        except PostponedError as error:
            wait = backoff(ask.attempts, _SHORTEST_BACKOFF, _LONGEST_BACKOFF)
            return ConfirmationResult(AskStatus.WAITING, str(error), now + wait)
        except (RefusedError, UnclearError) as error:
            if isinstance(error, GoneError):
                await store.suppress(ask.address, str(error), now=now)
            log.warning("a letter could not be sent", ask=ask.number, reason=str(error))
            return ConfirmationResult(AskStatus.FAILED, str(error))
        return ConfirmationResult(AskStatus.SENT)

    async def _write(self, ask: Ask) -> None:
        store = self._store
        known = await store.destination(mailbox_place(ask.address).key)
        if known and known.enabled and ask.person in {None, known.person}:
            tag = await store.mailbox_tag(known.place.key)
            message, reader = already(known, self._writer.links, tag), Recipient(ask.address, tag)
        else:
            tag, reader = self._writer.links.letter_tag(ask.number), None
            message = confirmation(ask, self._writer.links)
        mail = await asyncio.to_thread(self._writer.letter, ask.address, message, reader)
        await self._mailer.send(envelope(self._writer.sender, ask.address, tag, mail))


def confirmation(ask: Ask, links: Links) -> Message:
    """What an address is asked before anything else is sent to it."""
    papers = "1 paper" if ask.count == 1 else f"Up to {ask.count} papers"
    asked_by = f"{ask.asked_by} asked" if ask.asked_by else "Somebody (you, we hope) asked"
    shared = text(
        "What you save in the mails and what ", strong(ask.asked_by), " saves will be one list, which the papers "
        "are picked by. If that is not you, do not confirm."
    )  # fmt: skip
    return Message(
        title="Would you like papers from Paperboy?",
        body=(
            text(f"{asked_by} for the day's trending research papers to be mailed to ", strong(ask.address), "."),
            text(f"{papers}, {describe_days(ask.days)} at {ask.at:%H:%M} {zone_name(ask.timezone)}."),
            *((shared,) if ask.person is not None else ()),
            text(
                f"The link works for {ASKS_LAST.days} days. If you do not want this, do nothing: "
                "no mails come unless you confirm."
            ),
        ),
        buttons=(Button("Yes, send me papers", url=links.to(Purpose.CONFIRM, str(ask.number)), primary=True),),
    )


def already(mailbox: Destination, links: Links, tag: str) -> Message:
    """What somebody reads who asks for what they have."""
    when = f"{describe_days(mailbox.days)} at {mailbox.at:%H:%M} {zone_name(mailbox.timezone)}"
    return Message(
        title="You already get papers",
        body=(text("Paperboy writes to ", strong(mailbox.place.channel), f" {when}. You can change that here."),),
        buttons=(Button("Change settings", url=links.to(Purpose.SETTINGS, tag), primary=True),),
    )
