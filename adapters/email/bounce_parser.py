"""Reads one bounce or complaint from standard input and prints what it reports, as JSON.

A program of its own, of the standard library alone: anybody can send a report, the library's parser takes very long on
some, and so it runs apart, with bounds on time and memory. Bounces follow RFC 3464 (RFC 6533 for international
addresses), complaints RFC 5965.
"""

import base64
import json
import quopri
import re
import resource
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from email import message_from_bytes
from email.message import Message
from typing import Any

CPU_SECONDS = 2
MEMORY = 512 * 1024 * 1024

_PASSING = re.compile(r"[45]\.2\.[2-4]|4\.\d+\.\d+|5\.[37]\.\d+")
"""Statuses that say nothing about whether there is such a mailbox: full, system in trouble, policy."""

_STATUS_TYPES = {"message/delivery-status", "message/global-delivery-status"}
_DECODERS: Mapping[str, Callable[[bytes], bytes]] = {
    "base64": base64.b64decode,
    "quoted-printable": quopri.decodestring,
}
_REASON = 300


def parse(body: bytes) -> list[tuple[str, bool]]:
    """The reason of each failure or complaint that a mail reports, and whether it is for good."""
    mail = message_from_bytes(body)
    return [*_complaints(mail), *_failures(mail)]


def _parts(mail: Message, kinds: set[str]) -> Iterator[Message]:
    """The groups of fields in the parts of some types.

    The library reads what is in them as messages: one for each group of `message/delivery-status`, and one for all
    groups of `message/global-delivery-status`, still in its transfer encoding.
    """
    for part in mail.walk():
        if part.get_content_type() in kinds:
            payload: Any = part.get_payload()
            content = (
                b"\n".join(each.as_bytes() for each in payload)
                if isinstance(payload, list)
                else payload.encode(errors="surrogateescape")
            )
            decode = _DECODERS.get(str(part.get("Content-Transfer-Encoding", "")).strip().lower(), bytes)
            for group in re.split(rb"\r?\n[ \t]*\r?\n", decode(content.strip())):
                yield message_from_bytes(group.lstrip())


def _complaints(mail: Message) -> Iterable[tuple[str, bool]]:
    for fields in _parts(mail, {"message/feedback-report"}):
        yield f"complaint: {_field(fields, 'Feedback-Type') or 'abuse'}"[:_REASON], True


def _failures(mail: Message) -> Iterable[tuple[str, bool]]:
    for fields in _parts(mail, _STATUS_TYPES):
        if _field(fields, "Action").lower() == "failed":
            status = _field(fields, "Status").partition(" ")[0]
            hard = status.startswith("5.") and not _PASSING.fullmatch(status)
            yield f"{status} {_field(fields, 'Diagnostic-Code')}".strip()[:_REASON], hard


def _field(fields: Mapping[str, Any] | Message, name: str) -> str:
    return " ".join(str(fields.get(name) or "").split())


def main() -> None:
    """Read, within the bounds."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    json.dump(parse(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    main()
