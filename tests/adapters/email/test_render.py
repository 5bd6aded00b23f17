"""What a mail is made of: read with the standard library, whatever a paper or an address brings."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.email.dkim import Signer
from adapters.email.mime import one_line, wire_address
from adapters.email.platform import MailFrom, Writer
from adapters.email.render import Reader, render
from adapters.email.signed_links import Links, Purpose
from bot.domain.mailboxes import parse_address
from bot.domain.messages import Attachment, Button, Card, Message, link, strong, text
from bot.domain.papers import PaperId
from bot.errors import RefusedError, UserError
from bot.runtime.clocks import StandingClock
from tests.support.email.world import body, parse

NOW = datetime(2026, 1, 19, 8, 0, 5, tzinfo=UTC)
CLOCK = StandingClock(NOW)
LINKS = Links("https://papers.example.org", ["key"], CLOCK)
READER = Reader("you@example.org", "tag")
SENDER = MailFrom(Address("Paperboy", "papers", "example.org"), "bounces@example.org")
CARD = Card(
    paper_id=PaperId("2601.03236"),
    title="MAGMA: memory for agents",
    url="https://arxiv.org/abs/2601.03236",
    byline="Ana One, Ben Two · 6 Jan 2026",
    summary="It remembers.",
    summary_by="AI summary",
    why="matches “memory”",
    signals="▲ 46 upvotes",
    rank=1,
    buttons=(
        Button("Save", command="save 2601.03236", primary=True),
        Button("Similar", command="similar 2601.03236"),
        Button("Less like this", command="dislike 2601.03236"),
        Button("PDF", url="https://arxiv.org/pdf/2601.03236"),
    ),
)
DIGEST = Message(title="Your papers · Monday, 19 Jan 2026", cards=(CARD,), footer=text("🔖 saves a paper"))


class Tags(HTMLParser):
    """The elements of a page, with their attributes, and the text around them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._skipped = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._skipped = tag in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.text += data


def written(message: Message, to: str = "you@example.org", sender: MailFrom = SENDER) -> bytes:
    return Writer(sender, LINKS, CLOCK).digest(Reader(to, "tag"), message, "nonce-1")


def test_a_mail_has_both_forms_and_says_all_of_a_paper_in_each() -> None:
    mail = parse(written(DIGEST))
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    shown = Tags(body(mail, "html")).text
    for said in (CARD.title, CARD.byline, CARD.summary, CARD.summary_by, CARD.why, CARD.signals, "PDF"):
        assert said in body(mail)
        assert said in shown
    assert "🔖" not in body(mail) + shown  # a mail takes no reactions


def test_the_links_of_a_mail_act_for_its_reader_each_for_one_thing() -> None:
    hrefs = [attrs["href"] or "" for tag, attrs in Tags(body(parse(written(DIGEST)), "html")).elements if tag == "a"]
    tokens = {found[1]: found[2] for href in hrefs if (found := re.search(r"/mail/(\w+)\?t=(.+)", href))}
    assert LINKS.read(Purpose.SAVE, tokens["save"]) == ("tag", "2601.03236")
    assert LINKS.read(Purpose.LESS, tokens["less"]) == ("tag", "2601.03236")
    assert LINKS.read(Purpose.SETTINGS, tokens["settings"]) == ("tag",)
    assert LINKS.read(Purpose.UNSUBSCRIBE, tokens["unsubscribe"]) == ("tag",)
    assert CARD.url in hrefs


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


def test_nothing_in_a_mail_is_fetched_when_it_is_opened() -> None:
    for tag, attrs in Tags(body(parse(written(DIGEST)), "html")).elements:
        assert tag not in {"img", "link", "script", "iframe", "object", "video", "audio", "form", "base"}
        assert not {"src", "srcset", "background", "poster"} & attrs.keys()
        assert "url(" not in (attrs.get("style") or "")


def test_a_file_is_attached() -> None:
    mail = parse(
        written(replace(DIGEST, attachments=(Attachment("saved.bib", b"@article{}", "application/x-bibtex"),)))
    )
    [attached] = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("saved.bib", b"@article{}")


def test_what_papers_say_is_text_and_their_links_lead_to_the_web_or_nowhere() -> None:
    hostile = replace(
        CARD,
        title="<script>alert(1)</script> & <b>bold</b>",
        url="javascript:alert(1)",
        summary='"><img src=x onerror=alert(1)>',
        buttons=(Button("PDF", url="data:text/html,x"), Button("</a>", url="https://ok.example/?a=1&b=\"'")),
    )
    rendered = render(replace(DIGEST, cards=(hostile,)), LINKS, READER)
    page = Tags(rendered.html)
    assert {"script", "b", "img"}.isdisjoint(tag for tag, _ in page.elements)
    assert "<script>alert(1)</script> & <b>bold</b>" in page.text
    hrefs = [attrs["href"] for tag, attrs in page.elements if tag == "a"]
    assert not any(href.startswith(("javascript", "data")) for href in hrefs if href)
    assert "https://ok.example/?a=1&b=\"'" in hrefs
    assert "javascript:" not in rendered.text


def test_a_long_title_is_cut_in_a_mail_and_a_subject_stays_on_its_line() -> None:
    long = replace(DIGEST, title="subject " * 2000, cards=(replace(CARD, title="word " * 2000),))
    mail = parse(written(long))
    assert len(mail["Subject"]) <= 150
    assert len(body(mail, "html")) < 20_000
    assert "word word" in body(mail)


def test_right_to_left_titles_have_their_own_direction() -> None:
    page = Tags(render(replace(DIGEST, cards=(replace(CARD, title="מודלים של שפה"),)), LINKS, READER).html)
    assert all(attrs.get("dir") == "auto" for tag, attrs in page.elements if tag in {"h1", "h2"})


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


@given(typed=st.text(max_size=80) | st.emails())
@example("you@example.org\r\nBcc: all@example.org")
@example("you@example.org, all@example.org")
@example('"a\\"b"@example.org')
@example("a@example.org\0")
@example("ı@example.org")
def test_an_address_is_one_that_mails_can_be_written_to_or_is_refused(typed: str) -> None:
    try:
        address = parse_address(typed)
    except UserError:
        return
    assert parse_address(address) == address
    mail = parse(written(DIGEST, address))
    assert [each.addr_spec for each in mail["To"].addresses] == [wire_address(address)]
    assert mail["Bcc"] is None


def test_an_address_that_slipped_through_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(RefusedError, match="no mail can be written"):
        written(DIGEST, "you@example.org\r\nBcc: all@example.org")


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


def test_a_link_is_good_for_its_purpose_its_time_and_its_key() -> None:
    token = LINKS.token(Purpose.SAVE, "tag", "2601.03236")
    assert LINKS.token(Purpose.SAVE, "tag", "2601.03236") == token
    for purpose in set(Purpose) - {Purpose.SAVE}:
        with pytest.raises(UserError, match="incomplete"):
            LINKS.read(purpose, token)
    late = Links(LINKS.base, ["key"], StandingClock(NOW + timedelta(days=92)))
    with pytest.raises(UserError, match="expired"):
        late.read(Purpose.SAVE, token)
    assert late.read(Purpose.UNSUBSCRIBE, LINKS.token(Purpose.UNSUBSCRIBE, "tag")) == ("tag",)
    assert Links(LINKS.base, ["new", "key"], CLOCK).read(Purpose.SAVE, token) == ("tag", "2601.03236")
    with pytest.raises(UserError, match="incomplete"):
        Links(LINKS.base, ["new"], CLOCK).read(Purpose.SAVE, token)


@given(st.text() | st.text("abcdefgh0123456789-_.", max_size=200))
def test_a_made_up_token_is_none(token: str) -> None:
    with pytest.raises(UserError):
        LINKS.read(Purpose.UNSUBSCRIBE, token)
