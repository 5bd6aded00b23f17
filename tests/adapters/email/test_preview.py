"""Mails to look at."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from rich.console import Console

from adapters.email.preview import show, write
from bot.domain.messages import Card, Message, text
from bot.domain.paper_ids import PaperId
from bot.runtime.clocks import StandingClock
from tests.support.email.world import parse

CLOCK = StandingClock(datetime(2026, 1, 19, 8, tzinfo=UTC))
MESSAGE = Message(
    title="Trending papers", body=(text("Two today."),), cards=(Card(paper_id=PaperId("2601.03236"), title="MAGMA"),)
)


def test_a_mail_is_printed_with_its_headers_and_without_markup() -> None:
    output = StringIO()
    show(MESSAGE, CLOCK, Console(file=output, width=80))
    shown = output.getvalue()
    assert "To: you@example.org" in shown
    assert "Subject: Trending papers" in shown
    assert "MAGMA" in shown
    assert "<p>" not in shown


def test_a_mail_is_written_as_a_page_or_as_a_mail(tmp_path: Path) -> None:
    write(MESSAGE, CLOCK, tmp_path / "mail.html")
    assert (tmp_path / "mail.html").read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html")
    write(MESSAGE, CLOCK, tmp_path / "mail.EML")
    mail = parse((tmp_path / "mail.EML").read_bytes())
    assert (mail["Subject"], mail["To"]) == ("Trending papers", "you@example.org")


def test_links_lead_to_no_server_that_exists(tmp_path: Path) -> None:
    write(MESSAGE, CLOCK, tmp_path / "mail.html")
    page = (tmp_path / "mail.html").read_text(encoding="utf-8")
    assert "https://papers.example.org/mail/" in page
