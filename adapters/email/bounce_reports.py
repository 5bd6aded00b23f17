"""Bounces (RFC 3464) and complaints (RFC 5965) as mail servers write them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from typing import Any

from bot.errors import UserError

_TAG = re.compile(r"\+((?:a[0-9a-f]{1,15}-)?[0-9a-f]{20})@", re.IGNORECASE)
_PASSING = re.compile(r"[45]\.2\.[2-4]|4\.\d+\.\d+|5\.[37]\.\d+")
"""Statuses that say nothing about whether there is such a mailbox: full, system in trouble, policy."""

_REASON = 300


@dataclass(frozen=True, slots=True)
class BounceReport:
    """A mail came back, or was complained of.

    `tag` names the mailbox or the letter; `address`, as it was told, does where there is no tag.
    """

    reason: str
    hard: bool
    tag: str = ""
    address: str = ""


def from_mail(body: bytes) -> list[BounceReport]:
    """What a mail reports of ours; nothing when it is none of those that report. Raises UserError for no mail.

    Only a mail with a return path of ours in it is believed: anybody can write the rest of one.
    """
    mail = message_from_bytes(body, policy=default)
    match = _TAG.search(body.decode("ascii", errors="replace"))
    if not mail.keys():
        raise UserError("This is not a mail.")
    if not match:
        return []
    tag = match[1].lower()
    return [BounceReport(reason, hard, tag) for reason, hard in (*_complaints(mail), *_failures(mail))][:1]


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
