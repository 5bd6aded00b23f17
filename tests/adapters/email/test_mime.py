"""Headers and parts."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.email.mime import one_line, wire_address
from bot.domain.mailboxes import parse_address
from bot.domain.messages import Attachment, Image, Message, link, strong, text
from bot.errors import RefusedError
from tests.support.email.letters import CARD, DIGEST, Tags, written
from tests.support.email.world import body, parse


def test_a_file_is_attached() -> None:
    mail = parse(
        written(replace(DIGEST, attachments=(Attachment("saved.bib", b"@article{}", "application/x-bibtex"),)))
    )
    [attached] = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("saved.bib", b"@article{}")


@pytest.mark.parametrize(
    "word", ["=?utf-8?q?Hi=0D=0ABcc:_all@example.org?=", "=?utf-8?b?SGkNCkJjYzogYWxsQGV4YW1wbGUub3JnDQo=?="]
)
def test_an_encoded_word_that_holds_a_line_break_becomes_no_header(word: str) -> None:
    attachment = Attachment(f"{word}.bib", b"@article{}", "application/x-bibtex")
    raw = written(replace(DIGEST, title=f"New papers {word}", attachments=(attachment,)))
    mail = parse(raw)
    assert mail["Bcc"] is None
    assert not mail.defects
    assert b"\r\nBcc" not in raw
    assert len(list(mail.iter_attachments())) == 1


def test_a_long_title_is_cut_in_a_mail_and_a_subject_stays_on_its_line() -> None:
    long = replace(DIGEST, title="subject " * 2000, cards=(replace(CARD, title="word " * 2000),))
    mail = parse(written(long))
    assert len(mail["Subject"]) <= 150
    assert len(body(mail, "html")) < 20_000
    assert "word word" in body(mail)


@settings(max_examples=150)
@given(
    title=st.text(max_size=400) | st.text(min_size=1, max_size=20).map(lambda words: words * 500),
    name=st.text(max_size=60),
    url=st.text(max_size=60) | st.text(max_size=60).map(lambda path: f"https://example.org/{path}"),
)
@example(title="Hi\r\nBcc: all@example.org\r\n\r\n<h1>", name="x\nX-Spam: no", url="https://a.example/\r\nb")
@example(title="🧬" * 5000, name="\udcff\0\u202e", url="https://[::1")
@example(title="אבג \u202e" * 50, name="a" * 400, url="http://")
def test_no_text_breaks_a_mail(title: str, name: str, url: str) -> None:
    card = replace(CARD, title=title, url=url, byline=name, summary=title, why=name)
    message = Message(title=title, body=(text(strong(title), link(name or "x", url)),), cards=(card,))
    raw = written(message)
    mail = parse(raw)
    assert mail.keys() == [
        "From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post",
        "Auto-Submitted", "MIME-Version", "Content-Type",
    ]  # fmt: skip
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert all(not part.defects for part in mail.walk())
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.isascii()
    shown = one_line(title, 300) or CARD.paper_id
    assert " ".join(shown.split()) in " ".join(Tags(body(mail, "html")).text.split())


@pytest.mark.parametrize(
    ("typed", "wire"),
    [
        ("You@Example.ORG", "you@example.org"),
        ("you@bücher.example", "you@xn--bcher-kva.example"),
        ("you@XN--BCHER-KVA.example", "you@xn--bcher-kva.example"),
        ("o'brien+papers@example.org", "o'brien+papers@example.org"),
        ("<mailto:you@example.org|you@example.org>", "you@example.org"),
        ("пётр@пример.рф", "пётр@пример.рф"),
    ],
)
def test_addresses_of_the_world_are_written_to(typed: str, wire: str) -> None:
    address = parse_address(typed)
    assert wire_address(address) == wire
    mail = parse(written(DIGEST, address))
    assert [each.addr_spec for each in mail["To"].addresses] == [wire]


def test_an_address_that_slipped_through_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(RefusedError, match="no mail can be written"):
        written(DIGEST, "you@example.org\r\nBcc: all@example.org")


def test_a_picture_is_within_the_mail_light_and_dark_and_a_file_is_beside_it() -> None:
    picture = Image(b"\x89PNG light", "Saves by day: Mon 3.", dark=b"\x89PNG dark")
    file = Attachment("saved.bib", b"@article{}", "application/x-bibtex")
    mail = parse(written(replace(DIGEST, images=(picture,), attachments=(file,))))
    html = body(mail, "html")
    related = {part["Content-ID"]: part for part in mail.walk() if part.get_content_type() == "image/png"}
    shown = [attrs for tag, attrs in Tags(html).elements if tag == "img"]
    assert [attrs["alt"] for attrs in shown] == ["Saves by day: Mon 3.", ""]
    assert [f"<{str(attrs['src']).removeprefix('cid:')}>" for attrs in shown] == list(related)
    assert [part.get_content() for part in related.values()] == [picture.png, picture.dark]
    assert all(part.get_content_disposition() == "inline" for part in related.values())
    assert "Saves by day: Mon 3." in body(mail)
    assert [attached.get_filename() for attached in mail.iter_attachments()][-1] == "saved.bib"
