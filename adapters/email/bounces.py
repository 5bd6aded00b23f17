"""What comes back: who may report bounces and complaints, and what follows from them."""

import asyncio
import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from adapters.email.bounce_reports import BounceReport, find_tag, read_report
from adapters.email.bounce_webhooks import from_json
from adapters.email.signed_links import Links
from bot.domain.mailboxes import mailbox_place, parse_address
from bot.errors import UserError
from bot.library.app import App
from bot.library.subscriptions import Subscriptions

log = structlog.get_logger()

_LARGEST = 256 * 1024
"""Bytes of a report: our mails, which a report may quote, are smaller."""

_AT_ONCE = 2
"""Reports that are read at a time, each in a process: whoever has a mailbox can send any number to its return path."""


class Bounces:
    """Takes reports of those who know the secret: a mail service's webhook, or a mail server that pipes bounces in."""

    def __init__(
        self,
        app: App,
        subscriptions: Subscriptions,
        links: Links,
        secret: str,
        read: Callable[[bytes, str], Awaitable[list[BounceReport]]] = read_report,
    ) -> None:
        self._store, self._clock = app.store, app.clock
        self._subscriptions = subscriptions
        self._links = links
        self._secret = secret
        self._read = read
        self._turn = asyncio.Semaphore(_AT_ONCE)

    def routes(self) -> list[web.RouteDef]:
        """Where reports come in; nowhere without a secret."""
        return [web.post("/mail/bounces", self.take)] if self._secret else []

    async def take(self, request: web.Request) -> web.Response:
        """Bounces and complaints, as a mail or as JSON. 401 without the secret, 400 when there is none to be read.

        Those that cannot be understood are told, and keep none of the others back.
        """
        if not hmac.compare_digest(_secret(request).encode(errors="replace"), self._secret.encode()):
            return web.Response(status=401, text="The secret is not right.\n", headers={"WWW-Authenticate": "Basic"})
        body = await request.read()
        if len(body) > _LARGEST:
            return web.Response(status=413, text="This is too large for a report.\n")
        try:
            # Not every service says that its JSON is some.
            reports, wrong = from_json(body) if body.lstrip()[:1] in {b"{", b"["} else (await self._mailed(body), [])
        except UserError as error:
            return web.Response(status=400, text=f"{error}\n")
        noted = 0
        for report in reports:
            try:
                noted += await self._note(report)
            except UserError as error:
                wrong.append(f"{report.address}: {error}")
        if wrong:
            log.warning("reports of bounces could not be understood", wrong=wrong)
            return web.json_response({"noted": noted, "wrong": wrong}, status=200 if noted else 400)
        return web.json_response({"noted": noted})

    async def _mailed(self, body: bytes) -> list[BounceReport]:
        """What a mail reports; one that names nothing of ours is not read at all. Raises UserError."""
        tag = find_tag(body)
        if not tag or not await self._tagged(tag):
            return []
        async with self._turn:
            return await self._read(body, tag)

    async def _note(self, report: BounceReport) -> bool:
        """Act on a report; says whether anything followed from it. Raises UserError for what is no address."""
        address = await self._address(report)
        mailbox = await self._store.destination(mailbox_place(address).key) if address else None
        if mailbox:
            await self._subscriptions.bounced(mailbox, report.reason, hard=report.hard)
        elif address and report.hard:  # a letter to confirm it came back
            await self._store.suppress(address, report.reason, now=self._clock.now())
        else:
            return False
        log.info("a mail came back", address=address, reason=report.reason, hard=report.hard)
        return True

    async def _address(self, report: BounceReport) -> str:
        """The address that a report is about; empty when its tag names none of ours."""
        return await self._tagged(report.tag) if report.tag else parse_address(report.address)

    async def _tagged(self, tag: str) -> str:
        """The address of a mailbox's tag, or of a confirmation mail's; empty when it is none of ours."""
        if "-" not in tag:
            mailbox = await self._store.mailbox_tagged(tag)
            return mailbox.place.channel if mailbox else ""
        ask = self._links.ask_tagged(tag)
        kept = await self._store.ask(ask) if ask is not None else None
        return kept[0].address if kept else ""


def _secret(request: web.Request) -> str:
    """The secret that a request brings: `Bearer SECRET`, or as a password where a service takes no more than a URL."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return given
    try:
        return base64.b64decode(given, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""
