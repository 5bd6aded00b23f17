"""Mailboxes on the command line, and the mail to look at."""

import asyncio
import io
import json
import re
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from aiohttp.test_utils import unused_port

from bot.cli import main
from bot.cli.demo import SAMPLE_ENDS
from bot.domain.mailboxes import PER_ADDRESS
from tests.support.email.smtp_server import MailServer

YOU = "you@example.org"


@pytest.fixture
async def server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MailServer]:
    """A mail server, and the settings that lead to it."""
    async with MailServer() as running:
        settings = {
            "MAIL_FROM": "Paperboy <papers@example.org>",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(running.port),
            "SMTP_SECURITY": "none",
            "PUBLIC_URL": "https://papers.example.org",
            "TOKEN_KEYS": "q" * 43 + "=",
        }
        for name, value in settings.items():
            monkeypatch.setenv(f"PAPERBOY_{name}", value)
        yield running


async def typed(*arguments: str) -> int:
    """Run a command line beside the mail server; returns the exit status."""
    return await asyncio.to_thread(main, list(arguments))


def test_the_mail_of_a_moment_is_written_to_look_at(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = SAMPLE_ENDS.isoformat()
    assert main(["email", "preview", "out/mail.html", "--as-of", at, "-h"]) == 0
    assert main(["email", "preview", "out/mail.html", "--as-of", at, "--count", "3"]) == 0
    assert main(["email", "preview", "out/mail.eml", "--as-of", at, "--count", "3"]) == 0
    assert "The mail is in out/mail.html" in capsys.readouterr().out
    page = Path("out/mail.html").read_text(encoding="utf-8")
    mail = message_from_bytes(Path("out/mail.eml").read_bytes(), policy=default)
    html = mail.get_body(("html",))
    assert html
    assert page.startswith("<!DOCTYPE html>")
    assert page.count("Less like this") == html.get_content().count("Less like this") == 3


def test_a_file_that_cannot_be_written_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("taken").write_text("x")
    assert main(["email", "preview", "taken/mail.html"]) == 1
    assert "taken" in capsys.readouterr().err


def test_the_digest_is_previewed_as_a_mail(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["digest", "preview", "--platform", "email", "--as-of", SAMPLE_ENDS.isoformat()]) == 0
    shown = capsys.readouterr().out
    assert "From: Paperboy <papers@example.org>\nTo: you@example.org\nSubject: Trending papers · Monday" in shown
    assert "Save: https://papers.example.org/mail/save?t=" in shown


@pytest.mark.parametrize("command", ["subscribe", "unsubscribe", "allow", "resend"])
def test_without_settings_it_is_said_what_is_missing(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert main(["email", command, YOU]) == 1
    assert "starting with PAPERBOY_MAIL_FROM" in capsys.readouterr().err


async def test_a_setting_that_is_missing_is_named(
    server: MailServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERBOY_PUBLIC_URL", "")
    assert await typed("email", "subscribe", YOU) == 1
    assert "E-mail also needs PAPERBOY_PUBLIC_URL." in capsys.readouterr().err


async def test_an_address_is_asked_at_once(server: MailServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        await typed("email", "subscribe", "You@Example.org", "--at", "7:30", "--days", "weekdays", "--count", "3") == 0
    )
    assert "A mail with a confirmation link was sent to you@example.org" in capsys.readouterr().out
    [mail] = server.received
    told = message_from_bytes(mail.content, policy=default).get_body(("plain",))
    assert told
    assert "Up to 3 papers, Mon-Fri at 07:30 UTC." in told.get_content()
    assert re.search(r"https://papers\.example\.org/mail/confirm\?t=", told.get_content())


async def test_days_and_zone_may_be_said_with_the_time(server: MailServer, folder: Path) -> None:
    assert await typed("email", "subscribe", YOU, "--at", "every monday at 7:30 Berlin") == 0
    [mail] = server.received
    told = message_from_bytes(mail.content, policy=default).get_body(("plain",))
    assert told
    assert "Mon at 07:30 Europe/Berlin." in told.get_content()


async def test_who_gets_papers_already_is_told_of(
    server: MailServer, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await _open_mailbox(folder)
    assert await typed("email", "subscribe", YOU, "--at", "6:15") == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "you@example.org already gets papers, every day at 09:00 UTC; nothing changed." in told
    assert "A mail with a link to the settings was sent to you@example.org." in told
    assert "confirm" not in told
    [mail] = server.received
    letter = message_from_bytes(mail.content, policy=default)
    assert letter["Subject"] == "You already get papers"
    server.fail(YOU, "4xx at rcpt")
    assert await typed("email", "subscribe", YOU) == 1
    told = " ".join(capsys.readouterr().err.split())
    assert "already gets papers, every day at 09:00 UTC; nothing changed. No mail was sent" in told
    assert await typed("email", "unsubscribe", YOU) == 0
    assert await typed("email", "subscribe", YOU) == 0
    assert "A mail with a confirmation link was sent to you@example.org" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("4xx at rcpt", "yet: 451 4.2.0 greylisted, come again. The running bot tries again"),
        ("5xx at rcpt", "failed: 550 5.1.1 no such user here. Once that is fixed, run `paperboy email allow you@"),
        ("cut at data", "failed: the mail server did not say whether it accepted the mail"),
    ],
)
async def test_a_mail_that_did_not_go_out_is_told(
    server: MailServer, capsys: pytest.CaptureFixture[str], fault: str, told: str
) -> None:
    server.fail(YOU, fault)
    assert await typed("email", "subscribe", YOU) == 1
    captured = capsys.readouterr()
    assert told in captured.err
    assert "sent to" not in captured.out
    assert server.received == []


async def test_a_mail_server_that_is_away_is_told(
    server: MailServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERBOY_SMTP_PORT", str(unused_port()))
    assert await typed("email", "subscribe", YOU) == 1
    told = capsys.readouterr().err
    assert "No mail was sent to you@example.org yet: the mail server cannot be used:" in told
    assert "`paperboy doctor` looks at the mail server." in told


async def test_whom_nobody_writes_to_is_told(server: MailServer, capsys: pytest.CaptureFixture[str]) -> None:
    server.fail(YOU, "5xx at rcpt")
    await typed("email", "subscribe", YOU)
    assert await typed("email", "subscribe", YOU) == 1
    assert "bounced or was reported as spam (550 5.1.1 no such user here)" in capsys.readouterr().err
    assert await typed("email", "allow", YOU) == 0
    for _ in range(PER_ADDRESS - 1):
        assert await typed("email", "subscribe", YOU) == 0
    assert await typed("email", "subscribe", YOU) == 1
    assert "was sent 3 such mails within a day" in capsys.readouterr().err
    assert len(server.received) == PER_ADDRESS - 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nonsense"], "This is not a mail address"),
        ([YOU, "--at", "25"], "not a time of day"),
        ([YOU, "--timezone", "Mars"], "not a time zone"),
        ([YOU, "--days", "never"], "is not a day or range of days"),
    ],
)
async def test_a_mistake_is_told_and_nobody_is_written_to(
    server: MailServer, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert await typed("email", "subscribe", *arguments) == 1
    assert told in capsys.readouterr().err
    assert server.received == []


async def test_mailboxes_are_listed_closed_and_resent_to(
    server: MailServer, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await typed("email", "list") == 0
    assert "No mailbox yet." in capsys.readouterr().out
    for command in ("unsubscribe", "resend"):
        assert await typed("email", command, YOU) == 1
        assert "No mails go to this address" in capsys.readouterr().err
    await _open_mailbox(folder)
    assert await typed("email", "resend", YOU) == 1
    assert "needs no resending" in capsys.readouterr().err
    assert await typed("email", "unsubscribe", YOU) == 0
    capsys.readouterr()
    assert await typed("email", "list", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "mailboxes": [{"address": YOU, "mail": "", "next": None, "last": None}]
    }
    assert await typed("email", "list") == 0
    assert ["you@example.org", "off", "-"] in [row.split() for row in capsys.readouterr().out.splitlines()]
    assert await typed("email", "allow", YOU) == 0
    assert "It was not blocked." in capsys.readouterr().out


async def _open_mailbox(folder: Path) -> None:
    from bot.domain.destinations import Destination
    from bot.domain.mailboxes import mailbox_place
    from storage.sql.store import SqlStore

    async with await SqlStore.open(f"sqlite:///{folder / 'paperboy.db'}") as store:
        await store.save_destination(Destination(place=mailbox_place(YOU)), now=SAMPLE_ENDS)


async def test_doctor_logs_in_at_the_mail_server(
    server: MailServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await typed("doctor")
    told = capsys.readouterr().out
    assert "✓ email: from Paperboy <papers@example.org> by mail.example.org, not signed here" in told
    monkeypatch.setenv("PAPERBOY_SMTP_SECURITY", "starttls")
    assert await typed("doctor") == 1
    assert "✗ email: the mail server cannot be used: SMTP STARTTLS extension not supported" in capsys.readouterr().out
    monkeypatch.setenv("PAPERBOY_PUBLIC_URL", "http://papers.example.org")
    await typed("doctor")
    assert "✗ email: mails need PAPERBOY_PUBLIC_URL, an https address" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", ["Paperboy", "Paperboy <papers>"])
async def test_a_sender_that_is_none_is_told(
    server: MailServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setenv("PAPERBOY_MAIL_FROM", wrong)
    assert await typed("email", "subscribe", YOU) == 1
    assert "PAPERBOY_MAIL_FROM is written like" in capsys.readouterr().err


def test_the_demo_writes_the_days_mail(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())  # not a terminal
    assert main(["demo", "--mail", "demo/mail.html"]) == 0
    assert "The mail is in demo/mail.html" in capsys.readouterr().out
    assert Path("demo/mail.html").read_text(encoding="utf-8").count("Less like this") == 5
