"""What comes back: who may report bounces and complaints, and what follows from them."""

import base64
import binascii
import hmac

import structlog
from aiohttp import web

from adapters.email.reports import Report, from_mail
from adapters.email.services import from_json
from bot.errors import UserError
from bot.mailboxes import PostOffice, mailbox_place

log = structlog.get_logger()


class Bounces:
    """Takes reports of those who know the secret: a mail service's webhook, or a mail server that pipes bounces in."""

    def __init__(self, office: PostOffice, secret: str) -> None:
        self._office = office
        self._secret = secret

    def routes(self) -> list[web.RouteDef]:
        """Where reports come in; nowhere without a secret."""
        return [web.post("/mail/bounces", self.take)] if self._secret else []

    async def take(self, request: web.Request) -> web.Response:
        """A bounce or complaint, as a mail or as JSON. 401 without the secret, 400 when it is neither."""
        if not hmac.compare_digest(_secret(request).encode(errors="replace"), self._secret.encode()):
            return web.Response(status=401, text="The secret is not right.\n", headers={"WWW-Authenticate": "Basic"})
        body = await request.read()
        try:
            # Not every service says that its JSON is some.
            reports = from_json(body) if body.lstrip()[:1] in {b"{", b"["} else from_mail(body)
        except UserError as error:
            return web.Response(status=400, text=f"{error}\n")
        taken = [report for report in reports if await self._note(report)]
        return web.json_response({"noted": len(taken)})

    async def _note(self, report: Report) -> bool:
        """Act on a report; says whether it was about a mailbox of ours."""
        store = self._office.store
        if report.tag:
            mailbox = await store.mailbox_tagged(report.tag)
        else:
            mailbox = await store.destination(mailbox_place(report.address).key)
        if mailbox is None:
            if report.address and report.hard:  # a letter to confirm it came back
                await store.suppress(report.address, report.reason, now=self._office.clock.now())
            return False
        await self._office.bounced(mailbox, report.reason, hard=report.hard)
        log.info("a mail came back", mailbox=mailbox.place.channel, reason=report.reason, hard=report.hard)
        return True


def _secret(request: web.Request) -> str:
    """The secret that a request brings: `Bearer SECRET`, or as a password where a service takes no more than a URL."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return given
    try:
        return base64.b64decode(given, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""
