"""Links that act for somebody: signed, for one purpose, and good for some time."""

import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from urllib.parse import urlencode

from itsdangerous import BadData, URLSafeSerializer

from bot.domain.mailboxes import ASKS_LAST
from bot.errors import UserError
from bot.ports import Clock


class Purpose(StrEnum):
    """What a link is for; it is good for nothing else."""

    ASK = "ask"
    """The form on which mails are asked for."""
    CONFIRM = "confirm"
    SETTINGS = "settings"
    UNSUBSCRIBE = "unsubscribe"
    SAVE = "save"
    LESS = "less"


_MAILED = timedelta(days=90)
_LASTS: dict[Purpose, timedelta | None] = {
    Purpose.ASK: timedelta(days=1),
    Purpose.CONFIRM: ASKS_LAST,
    Purpose.SETTINGS: _MAILED,
    Purpose.UNSUBSCRIBE: None,  # the oldest mail must still get its reader out
    Purpose.SAVE: _MAILED,
    Purpose.LESS: _MAILED,
}


class Links:
    """Makes and reads links to pages at `base`; signed with the first of `keys`, read with any of them."""

    def __init__(self, base: str, keys: Sequence[str], clock: Clock) -> None:
        self.base = base.rstrip("/")
        self._keys = list(reversed(keys))  # itsdangerous signs with the last
        self._clock = clock

    def page(self, path: str = "") -> str:
        """The address of a page that needs no token."""
        return f"{self.base}/mail{path}"

    def to(self, purpose: Purpose, *values: str) -> str:
        """A link that says something and proves that it was values here."""
        return f"{self.page(f'/{purpose.value}')}?{urlencode({'t': self.token(purpose, *values)})}"

    def token(self, purpose: Purpose, *values: str) -> str:
        """What such a link proves it with."""
        lasts = _LASTS[purpose]
        # To the day, so that every link of a day is the same.
        ends = (self._clock.now() + lasts + timedelta(days=1)).date().toordinal() if lasts else 0
        return str(self._serializer(purpose).dumps([ends, *values]))

    def read(self, purpose: Purpose, token: str) -> tuple[str, ...]:
        """What a token says. Raises UserError when it was not made here, for this, or not lately."""
        try:
            ends, *values = self._serializer(purpose).loads(token)
        except BadData:
            raise UserError("This link is incomplete. Open it from the mail again, or copy all of it.") from None
        if ends and self._clock.now() >= datetime.fromordinal(ends).replace(tzinfo=UTC):
            raise UserError("This link has expired. A newer mail has a fresh one.")
        return tuple(values)

    def letter_tag(self, ask: int) -> str:
        """What the letter of an ask is called in its return path: hexadecimal, for mail servers may fold the case."""
        return f"a{ask:x}-{_signature(self._keys[-1], ask)}"

    def ask_tagged(self, tag: str) -> int | None:
        """The ask whose letter has this tag; None for a tag that was not made here."""
        number, _, signature = tag.partition("-")
        ask = int(number[1:], 16)
        signed = any(hmac.compare_digest(signature, _signature(key, ask)) for key in self._keys)
        return ask if signed else None

    def _serializer(self, purpose: Purpose) -> URLSafeSerializer:
        signed = {"key_derivation": "hmac", "digest_method": sha256}
        return URLSafeSerializer(self._keys, salt=f"paperboy.mail.{purpose.value}", signer_kwargs=signed)


def _signature(key: str, ask: int) -> str:
    return hmac.new(key.encode(), f"paperboy.mail.letter.{ask}".encode(), sha256).hexdigest()[:20]
