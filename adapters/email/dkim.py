"""DKIM: a signature by which receivers know that a mail is ours and unchanged (RFC 6376)."""

from dataclasses import dataclass, field
from pathlib import Path

import dkim

from bot.errors import UserError

_SIGNED = (
    b"From", b"To", b"Subject", b"Date", b"Message-ID", b"MIME-Version", b"Content-Type",
    b"List-Id", b"List-Unsubscribe", b"List-Unsubscribe-Post", b"Auto-Submitted",
)  # fmt: skip
"""Headers that are signed. RFC 8058 wants those of lists among them."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs mails for a domain with an RSA key (PEM)."""

    domain: str
    selector: str
    key: bytes = field(repr=False)

    @classmethod
    def load(cls, path: Path, domain: str, selector: str) -> "Signer":
        """A signer with the key in a file. Raises UserError when it cannot be read or is no key that can be used."""
        try:
            key = path.read_bytes().replace(b"\r\n", b"\n").strip() + b"\n"
        except OSError as error:
            raise UserError(f"PAPERBOY_DKIM_KEY_FILE: {path}: {error.strerror}") from error
        signer = cls(domain, selector, key)
        signer.sign(b"From: test\r\n\r\ntest\r\n")
        return signer

    def sign(self, mail: bytes) -> bytes:
        """A mail with its signature in front. Takes some milliseconds. Raises UserError for an unusable key."""
        try:
            signature = dkim.sign(
                mail,
                self.selector.encode(),
                self.domain.encode(),
                self.key,
                canonicalize=(b"relaxed", b"relaxed"),
                include_headers=[*_SIGNED, *_SIGNED],  # once more than there are: nobody can add one
            )
        except (dkim.DKIMException, ValueError) as error:
            raise UserError(
                "PAPERBOY_DKIM_KEY_FILE is not an RSA key in a PEM file, such as `openssl genrsa 2048` makes."
            ) from error
        return bytes(signature) + mail
