"""What a mail carries for programs."""

import re
from datetime import timedelta

from adapters.email.platform import Writer
from adapters.email.render import Recipient
from bot.runtime.clocks import StandingClock
from tests.support.email.letters import DIGEST, LINKS, NOW, SENDER, written
from tests.support.email.world import parse

READER = Recipient("you@example.org", "tag")


def test_programs_find_what_they_need_in_the_headers() -> None:
    raw = written(DIGEST)
    mail = parse(raw)
    assert str(mail["From"]) == "Paperboy <papers@example.org>"
    assert str(mail["To"]) == "you@example.org"
    assert mail["Message-ID"] == "<nonce-1@example.org>"
    assert mail["Date"].datetime == NOW
    assert mail["List-Id"] == "Paperboy <daily.papers.example.org>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    # As it stands on the wire: programs do not decode links.
    [line] = [line for line in raw.split(b"\r\n") if line.startswith(b"List-Unsubscribe:")]
    assert re.fullmatch(rb"List-Unsubscribe: <https://papers\.example\.org/mail/unsubscribe\?t=[\w.-]+>", line)
    assert mail["Auto-Submitted"] == "auto-generated"


def test_the_same_delivery_has_the_same_message_id_each_time() -> None:
    later = Writer(SENDER, LINKS, StandingClock(NOW + timedelta(hours=1)))
    assert parse(later.digest(READER, DIGEST, "nonce-1"))["Message-ID"] == parse(written(DIGEST))["Message-ID"]
    assert parse(later.digest(READER, DIGEST, "nonce-2"))["Message-ID"] != parse(written(DIGEST))["Message-ID"]
