"""Secrets that people trust us with, encrypted at rest."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.errors import StoreError

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


class Cipher:
    """Encrypts with the first of some Fernet keys and reads with any of them; without keys nothing can be kept.

    Raises StoreError for a key that is none.
    """

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self._fernet = _fernet(keys)

    def encrypt(self, secret: str) -> str:
        """A secret as it may be kept. Raises StoreError without a key."""
        if not secret:
            return ""
        if self._fernet is None:
            raise StoreError("There is no key to encrypt tokens with; set PAPERBOY_TOKEN_KEYS.")
        return self._fernet.encrypt(secret.encode()).decode()

    def decrypt(self, kept: str, whose: str) -> str:
        """A secret that was kept; `whose` is what an error calls it. Raises StoreError when no key fits."""
        if not kept:
            return ""
        if self._fernet is None:
            return _unreadable(whose)
        from cryptography.fernet import InvalidToken

        try:
            return self._fernet.decrypt(kept.encode()).decode()
        except InvalidToken:
            return _unreadable(whose)


def _fernet(keys: Sequence[str]) -> "MultiFernet | None":
    if not keys:
        return None
    # Where there are no keys nothing is encrypted, and a command loads only what it needs.
    from cryptography.fernet import Fernet, MultiFernet

    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        raise StoreError(
            "A key in PAPERBOY_TOKEN_KEYS is invalid: a key is 32 random bytes in URL-safe base64, "
            "as `paperboy make-key` prints."
        ) from None


def _unreadable(whose: str) -> str:
    raise StoreError(f"The tokens of {whose} cannot be read with the keys in PAPERBOY_TOKEN_KEYS.")
