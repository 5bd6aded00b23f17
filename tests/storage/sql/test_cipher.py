"""Secrets at rest."""

import pytest
from cryptography.fernet import Fernet

from bot.errors import StoreError
from storage.sql.cipher import Cipher

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def test_a_secret_is_read_with_any_of_the_keys_and_is_not_what_is_kept() -> None:
    kept = Cipher([OLD]).encrypt("hidden-words")
    assert "hidden-words" not in kept
    assert Cipher([NEW, OLD]).decrypt(kept, "the lab") == "hidden-words"


def test_no_secret_needs_no_key() -> None:
    assert Cipher().decrypt(Cipher().encrypt(""), "the lab") == ""


def test_what_cannot_be_read_or_kept_says_which_setting_is_wrong() -> None:
    kept = Cipher([OLD]).encrypt("hidden-words")
    for cipher in (Cipher([NEW]), Cipher()):
        with pytest.raises(StoreError, match="of the lab cannot be read with the keys in PAPERBOY_TOKEN_KEYS"):
            cipher.decrypt(kept, "the lab")
    with pytest.raises(StoreError, match="set PAPERBOY_TOKEN_KEYS"):
        Cipher().encrypt("hidden-words")
    with pytest.raises(StoreError, match="is invalid"):
        Cipher(["short"])
