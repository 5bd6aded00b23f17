"""Signatures."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from adapters.email.dkim import Signer
from bot.errors import UserError
from tests.support.email.letters import DIGEST, SENDER, written
from tests.support.email.world import parse


def test_a_signed_mail_is_ours_and_unchanged(dkim_key: Path) -> None:
    signer = Signer.load(dkim_key, "example.org", "paperboy")
    raw = written(DIGEST, sender=replace(SENDER, signer=signer))
    record = _dns_record(dkim_key)
    asked: list[bytes] = []

    def dns(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return record

    assert dkim.verify(raw, dnsfunc=dns)
    assert asked == [b"paperboy._domainkey.example.org."]
    signed = parse(raw)["DKIM-Signature"].replace(" ", "").lower()
    assert {"list-unsubscribe", "list-unsubscribe-post", "from"} <= set(re.search(r"h=([^;]+)", signed)[1].split(":"))  # type: ignore[index]
    assert not dkim.verify(raw.replace(b"MAGMA", b"MAGNA"), dnsfunc=dns)
    assert not dkim.verify(b"List-Unsubscribe: <https://evil.example>\r\n" + raw, dnsfunc=dns)
    other_end = raw.replace(b"one-click", b"x").replace(b"One-Click", b"x")
    assert not dkim.verify(other_end, dnsfunc=dns)


def _dns_record(path: Path) -> bytes:
    key: Any = load_pem_private_key(path.read_bytes(), None)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_key_that_is_none_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(content)
    with pytest.raises(UserError, match="PAPERBOY_DKIM_KEY_FILE"):
        Signer.load(path, "example.org", "paperboy")
    with pytest.raises(UserError, match="No such file"):
        Signer.load(tmp_path / "missing.pem", "example.org", "paperboy")
