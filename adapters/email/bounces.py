"""What comes back: bounces (RFC 3464), complaints (RFC 5965), and a mail service's word of either."""

import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from typing import Any

import structlog
from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.errors import UserError
from bot.mailboxes import PostOffice, mailbox_place, parse_address

log = structlog.get_logger()

_TAG = re.compile(r"\+([0-9a-f]{20})@", re.IGNORECASE)
_PASSING = re.compile(r"[45]\.2\.[2-4]|4\.\d+\.\d+|5\.[37]\.\d+")
"""Statuses that say nothing about whether there is such a mailbox: full, system in trouble, policy."""

_REASON = 300


@dataclass(frozen=True, slots=True)
class Report:
    """A mail came back, or was complained of. `tag` names the mailbox; `address` does where there is no tag."""

    reason: str
    hard: bool
    tag: str = ""
    address: str = ""


class _Hook(BaseModel):
    """What a mail service is to send, as JSON."""

    address: str
    type: str
    permanent: bool = True
    reason: str = ""


class Bounces:
    """Takes reports of those who know the secret: a mail service's webhook, or a mail server that pipes bounces in."""

    def __init__(self, office: PostOffice, secret: str) -> None:
        self._office = office
        self._secret = secret

    def routes(self) -> list[web.RouteDef]:
        """Where reports come in; nowhere without a secret."""
        return [web.post("/mail/bounces", self.take)] if self._secret else []

    async def take(self, request: web.Request) -> web.Response:
        """A bounce or complaint as a mail (message/rfc822) or as JSON. 401 without the secret, 400 if it is neither."""
        given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
        if not hmac.compare_digest(given, self._secret.encode()):
            return web.Response(status=401, text="The secret is not right.\n", headers={"WWW-Authenticate": "Bearer"})
        body = await request.read()
        try:
            reports = from_json(body) if request.content_type == "application/json" else from_mail(body)
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


def from_json(body: bytes) -> list[Report]:
    """`{"address": "…", "type": "bounce" or "complaint", "permanent": true, "reason": "…"}`. Raises UserError."""
    try:
        told = _Hook.model_validate_json(body)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, each['loc'])) or 'body'}: {each['msg']}" for each in error.errors())
        raise UserError(f"This is no report: {wrong}") from error
    if told.type not in {"bounce", "complaint"}:
        raise UserError("type is bounce or complaint.")
    reason = f"{told.type}: {told.reason}"[:_REASON]
    return [Report(reason, told.permanent or told.type == "complaint", address=parse_address(told.address))]


def from_mail(body: bytes) -> list[Report]:
    """What a mail reports of ours; nothing when it is none of those that report. Raises UserError for no mail.

    Only a mail with a return path of ours in it is believed: anybody can write the rest of one.
    """
    mail = message_from_bytes(body, policy=default)
    match = _TAG.search(body.decode("ascii", errors="replace"))
    if not mail.keys():
        raise UserError("This is no mail.")
    if not match:
        return []
    tag = match[1].lower()
    return [Report(reason, hard, tag) for reason, hard in (*_complaints(mail), *_failures(mail))][:1]


def _parts(mail: Message, kind: str) -> Iterator[Message]:
    """The groups of fields of the parts of a kind: the standard library reads each as a message of headers alone."""
    for part in mail.walk():
        if part.get_content_type() == kind:
            payload: Any = part.get_payload()
            yield from payload if isinstance(payload, list) else [message_from_bytes(str(payload).lstrip().encode())]


def _complaints(mail: EmailMessage) -> Iterable[tuple[str, bool]]:
    for fields in _parts(mail, "message/feedback-report"):
        yield f"complaint: {_field(fields, 'Feedback-Type') or 'abuse'}"[:_REASON], True


def _failures(mail: EmailMessage) -> Iterable[tuple[str, bool]]:
    """The reason of each failure that a delivery report tells of, and whether it is for good."""
    for fields in _parts(mail, "message/delivery-status"):
        if _field(fields, "Action").lower() == "failed":
            status = _field(fields, "Status").partition(" ")[0]
            hard = status.startswith("5.") and not _PASSING.fullmatch(status)
            yield f"{status} {_field(fields, 'Diagnostic-Code')}".strip()[:_REASON], hard


def _field(fields: Mapping[str, Any] | Message, name: str) -> str:
    return " ".join(str(fields.get(name) or "").split())
