"""What a webhook tells of bounces and complaints: Postmark, Mailgun, SendGrid, Amazon SES, and JSON of our own.

The shapes are those of the services' documentation; what else they tell is left aside.
"""

from collections.abc import Iterator
from typing import Literal

import structlog
from pydantic import AliasChoices, BaseModel, Field, JsonValue, TypeAdapter, ValidationError

from adapters.email.bounce_reports import BounceReport
from bot.errors import UserError

log = structlog.get_logger()


class _Own(BaseModel):
    """Our own: one bounce or complaint."""

    address: str
    type: Literal["bounce", "complaint"]
    permanent: bool = True
    reason: str = ""

    def reports(self) -> Iterator[BounceReport]:
        yield _report(self.address, self.type, self.reason, hard=self.permanent)


class _Postmark(BaseModel):
    """Postmark's bounce and spam complaint webhooks."""

    email: str = Field(alias="Email")
    kind: str = Field(alias="Type")
    description: str = Field(default="", alias="Description")

    def reports(self) -> Iterator[BounceReport]:
        if self.kind == "SpamComplaint":
            yield _report(self.email, "complaint", self.description)
        elif self.kind in {"HardBounce", "BadEmailAddress"}:
            yield _report(self.email, "bounce", self.description)
        elif self.kind in {"SoftBounce", "DnsError", "Blocked"}:
            yield _report(self.email, "bounce", self.description, hard=False)


class _MailgunEvent(BaseModel):
    event: str
    recipient: str = ""
    severity: str = ""
    reason: str = ""


class _Mailgun(BaseModel):
    """Mailgun's webhooks."""

    data: _MailgunEvent = Field(alias="event-data")

    def reports(self) -> Iterator[BounceReport]:
        event = self.data
        if event.event == "complained":
            yield _report(event.recipient, "complaint", event.reason)
        elif event.event == "failed" and event.severity == "permanent":
            # Also a mailbox that was full for days; what was refused for its content says nothing of the mailbox.
            yield _report(event.recipient, "bounce", event.reason, hard=event.reason in {"bounce", "suppress-bounce"})


class _SendGridEvent(BaseModel):
    """An event of SendGrid's webhook."""

    email: str
    event: str
    type: str = ""
    reason: str = ""

    def reports(self) -> Iterator[BounceReport]:
        if self.event == "spamreport":
            yield _report(self.email, "complaint", self.reason)
        elif self.event == "bounce":
            yield _report(self.email, "bounce", self.reason, hard=self.type != "blocked")


class _SesRecipient(BaseModel):
    address: str = Field(alias="emailAddress")
    diagnostic: str = Field(default="", alias="diagnosticCode")


class _SesBounce(BaseModel):
    kind: str = Field(alias="bounceType")
    recipients: list[_SesRecipient] = Field(alias="bouncedRecipients")

    def reports(self) -> Iterator[BounceReport]:
        for each in self.recipients:
            yield _report(each.address, "bounce", each.diagnostic, hard=self.kind == "Permanent")


class _SesComplaint(BaseModel):
    kind: str = Field(default="", alias="complaintFeedbackType")
    recipients: list[_SesRecipient] = Field(alias="complainedRecipients")

    def reports(self) -> Iterator[BounceReport]:
        for each in self.recipients:
            yield _report(each.address, "complaint", self.kind)


class _Ses(BaseModel):
    """A notification or event of Amazon SES."""

    event: str = Field(validation_alias=AliasChoices("notificationType", "eventType"))
    bounce: _SesBounce | None = None
    complaint: _SesComplaint | None = None

    def reports(self) -> Iterator[BounceReport]:
        if self.bounce:
            yield from self.bounce.reports()
        if self.complaint:
            yield from self.complaint.reports()


class _Sns(BaseModel):
    """The envelope that Amazon SNS brings notifications in, and its question whether it may."""

    kind: Literal["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"] = Field(alias="Type")
    message: str = Field(alias="Message")
    subscribe: str = Field(default="", alias="SubscribeURL")

    def reports(self) -> Iterator[BounceReport]:
        if self.kind == "Notification":
            yield from from_json(self.message.encode())[0]
        else:
            # Whoever runs the bot opens it: nothing is fetched from an address that somebody sent.
            log.warning("Amazon SNS asks to be confirmed", open=self.subscribe)


_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)
_ENTRY: TypeAdapter[_Own | _Sns | _Postmark | _Mailgun | _Ses | _SendGridEvent] = TypeAdapter(
    _Own | _Sns | _Postmark | _Mailgun | _Ses | _SendGridEvent
)
_NO_REPORT = (
    'This is not a report. Write {"address": "you@example.org", "type": "bounce" or "complaint", '
    '"permanent": true, "reason": "…"}, or send what Postmark, Mailgun, SendGrid or Amazon SES sends.'
)


def from_json(body: bytes) -> tuple[list[BounceReport], list[str]]:
    """What a webhook's JSON reports, and what is wrong with those of its entries that are no reports.

    Raises UserError when there is no report in it at all.
    """
    try:
        parsed = _JSON.validate_json(body)
    except ValidationError:
        raise UserError(_NO_REPORT) from None
    reports: list[BounceReport] = []
    wrong: list[str] = []
    entries = parsed if isinstance(parsed, list) else [parsed]
    for number, entry in enumerate(entries, start=1):
        try:
            reports += _ENTRY.validate_python(entry).reports()
        except (ValidationError, UserError):
            wrong.append(f"entry {number}: {_NO_REPORT}")
    if wrong and len(wrong) == len(entries):
        raise UserError(_NO_REPORT)
    return reports, wrong


def _report(address: str, kind: str, reason: str, *, hard: bool = True) -> BounceReport:
    return BounceReport(f"{kind}: {reason}", hard, address=address)
