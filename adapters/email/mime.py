"""Headers and parts: a mail as the bytes that go over the wire."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy

from bot.domain.messages import Attachment, printable
from bot.errors import RefusedError

_SUBJECT = 150
"""Characters of a subject."""


class _Policy(EmailPolicy):
    """SMTP's rules; a header of one long word, as a link is, stays as it is.

    The library would fold such a word by encoding it, and no mail program decodes links.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower().startswith("list-") and str(value).isascii():
            return f"{name}: {value}\r\n".encode("ascii")
        return super().fold_binary(name, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a mail says, to whom, and what programs read of it. `headers` are written as they are."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    attachments: tuple[Attachment, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    """PNGs within the mail, by the ids that its HTML shows them by."""
    headers: dict[str, str] = field(default_factory=dict)


def one_line(words: str, limit: int) -> str:
    """A text on one line, without control characters, and not longer than a reader reads.

    The library reads `=?…?=` in a header as text that was encoded, and what comes of it may hold line breaks.
    """
    flat = " ".join(printable(words.translate(_BREAKS)).replace("=?", "= ?").split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


_BREAKS = str.maketrans("\r\n\t\v\f\x85\u2028\u2029", "        ")


def needs_utf8(address: str) -> bool:
    """Whether an address can only be written to where the server takes UTF-8 in addresses."""
    return not address.rpartition("@")[0].isascii()


def wire_address(address: str) -> str:
    """An address as mail servers know it: its domain in ASCII, where what stands before it is."""
    import idna

    local, _, domain = address.rpartition("@")
    return address if needs_utf8(address) else f"{local}@{idna.encode(domain, uts46=True).decode()}"


def build(letter: Letter, *, sender: Address, date: datetime) -> bytes:
    """The mail as bytes. Raises RefusedError for one that cannot be written, whatever is in it."""
    policy = _Policy(**{**SMTP.__dict__, "utf8": needs_utf8(letter.to)})
    message = EmailMessage(policy=policy)
    try:
        message["From"] = sender
        message["To"] = _to(letter.to)
        message["Subject"] = one_line(letter.subject, _SUBJECT)
        message["Date"] = date
        message["Message-ID"] = letter.message_id
        for name, value in letter.headers.items():
            message[name] = value
        message.set_content(letter.text, cte="quoted-printable")
        message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
        html = message.get_body(("html",))
        for name, png in letter.pictures.items():
            assert isinstance(html, EmailMessage)
            html.add_related(png, "image", "png", cid=f"<{name}>", disposition="inline", filename=f"{name}.png")
        for attachment in letter.attachments:
            main, _, sub = attachment.media_type.partition("/")
            message.add_attachment(
                attachment.content, maintype=main, subtype=sub, filename=one_line(attachment.name, _SUBJECT)
            )
        return message.as_bytes()
    except (ValueError, MessageError, UnicodeError) as error:
        raise RefusedError(f"no mail can be written to {letter.to!r}: {error}") from error


def _to(address: str) -> Address:
    local, _, domain = wire_address(address).rpartition("@")
    return Address(username=local, domain=domain)
