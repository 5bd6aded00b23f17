"""What becomes of a mail, on a real server that misbehaves: sent, put off, refused, or unclear."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.email.smtp import Envelope, GoneError, Mailer, Server
from bot.errors import BusyError, PostponedError, RefusedError, UnclearError
from tests.support.email.smtp_server import MailServer, password

YOU = "you@example.org"
MAIL = Envelope("bounces@example.org", YOU, b"From: a@example.org\r\nSubject: hello\r\n\r\n.a dot\r\n")


class Seconds:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with MailServer() as running:
        yield running


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
async def mailer(server: MailServer, seconds: Seconds) -> AsyncIterator[Mailer]:
    made = Mailer(Server("127.0.0.1", server.port, "none"), connections=2, per_minute=1000, now=seconds)
    yield made
    await made.close()


async def test_a_mail_arrives_as_it_was_sent(server: MailServer, mailer: Mailer) -> None:
    await mailer.send(MAIL)
    [mail] = server.received
    assert (mail.sender, mail.recipient, mail.content) == (MAIL.sender, YOU, MAIL.mail)


async def test_a_connection_is_used_again(server: MailServer, mailer: Mailer) -> None:
    for _ in range(5):
        await mailer.send(MAIL)
    assert (len(server.received), server.connections) == (5, 1)


async def test_there_are_never_more_connections_than_allowed(server: MailServer, mailer: Mailer) -> None:
    await asyncio.gather(*(mailer.send(MAIL) for _ in range(20)))
    assert (len(server.received), server.most_open) == (20, 2)


async def test_a_connection_that_the_server_closed_meanwhile_is_made_anew(server: MailServer, mailer: Mailer) -> None:
    await mailer.send(MAIL)
    server.hang_up()
    await mailer.send(MAIL)
    assert (len(server.received), server.connections) == (2, 2)


async def test_a_connection_that_was_idle_for_long_is_not_trusted(
    server: MailServer, mailer: Mailer, seconds: Seconds
) -> None:
    await mailer.send(MAIL)
    seconds.now += 31
    await mailer.send(MAIL)
    assert server.connections == 2


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("4xx at rcpt", PostponedError),
        ("4xx at data", PostponedError),
        ("odd at data", UnclearError),
        ("5xx at rcpt", GoneError),
        ("policy at rcpt", RefusedError),
        ("5xx at data", RefusedError),
        ("cut at data", UnclearError),
        ("cut after data", UnclearError),
    ],
)
async def test_what_the_server_does_decides_what_the_mail_is_to_us(
    server: MailServer, mailer: Mailer, fault: str, error: type[Exception]
) -> None:
    server.fail(YOU, fault)
    with pytest.raises(error) as raised:
        await mailer.send(MAIL)
    assert type(raised.value) is error
    await mailer.send(MAIL)
    assert len(server.received) == (2 if fault == "cut after data" else 1)


async def test_a_refusal_leaves_a_connection_that_can_be_used(server: MailServer, mailer: Mailer) -> None:
    server.fail(YOU, "5xx at rcpt", "4xx at data", "5xx at data")
    for _ in range(3):
        with pytest.raises((RefusedError, PostponedError)):
            await mailer.send(MAIL)
    await mailer.send(MAIL)
    assert server.connections == 1


async def test_a_server_that_does_not_want_us_is_no_fault_of_the_mailbox(server: MailServer, mailer: Mailer) -> None:
    server.refuse_senders = True
    with pytest.raises(PostponedError, match="you may not send as this"):
        await mailer.send(MAIL)


async def test_a_server_that_is_away_is_left_alone_for_a_while(seconds: Seconds) -> None:
    async with MailServer() as gone:
        port = gone.port
    mailer = Mailer(Server("127.0.0.1", port, "none"), connections=2, per_minute=1000, now=seconds)
    with pytest.raises(PostponedError, match="cannot be used"):
        await mailer.send(MAIL)
    with pytest.raises(BusyError) as busy:
        await mailer.send(MAIL)
    assert busy.value.retry_after == 30
    seconds.now += 30
    assert mailer.wait() == 0


async def test_no_more_mails_go_out_in_a_minute_than_allowed(server: MailServer, seconds: Seconds) -> None:
    mailer = Mailer(Server("127.0.0.1", server.port, "none"), connections=2, per_minute=3, now=seconds)
    for _ in range(3):
        seconds.now += 10
        await mailer.send(MAIL)
    with pytest.raises(BusyError) as busy:
        await mailer.send(MAIL)
    assert busy.value.retry_after == 40
    seconds.now += 40
    await mailer.send(MAIL)
    assert len(server.received) == 4
    await mailer.close()


async def test_a_send_that_is_given_up_leaves_no_connection_behind(server: MailServer, mailer: Mailer) -> None:
    release, waiting = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        waiting.set()
        await release.wait()

    server.slow = slow
    sending = asyncio.create_task(mailer.send(MAIL))
    await waiting.wait()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    release.set()
    server.slow = None
    await mailer.send(MAIL)
    assert server.connections == 2


async def test_an_address_with_letters_of_the_world_is_written_to_where_the_server_takes_it(
    server: MailServer, mailer: Mailer
) -> None:
    mail = Envelope("bounces@example.org", "пётр@example.org", "To: пётр@example.org\r\n\r\nhi\r\n".encode(), utf8=True)
    await mailer.send(mail)
    assert server.received[0].recipient == "пётр@example.org"
    assert "SMTPUTF8" in server.received[0].options


async def test_and_is_refused_with_a_reason_where_it_does_not(seconds: Seconds) -> None:
    async with MailServer(options={"enable_SMTPUTF8": False}) as plain:
        mailer = Mailer(Server("127.0.0.1", plain.port, "none"), connections=1, per_minute=10, now=seconds)
        with pytest.raises(RefusedError, match="characters like these"):
            await mailer.send(Envelope("b@example.org", "пётр@example.org", b"To: x\r\n\r\nhi\r\n", utf8=True))
        await mailer.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for 127.0.0.1 in one file."""
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    made += [
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-keyout",
        str(path.parent / "key"),
        "-out",
        str(path.parent / "crt"),
    ]
    subprocess.run(made, check=True, capture_output=True)
    path.write_text((path.parent / "key").read_text() + (path.parent / "crt").read_text())
    return path


@pytest.mark.parametrize(("given", "reason"), [("right", ""), ("wrong", "cannot be used")])
async def test_starttls_and_a_login(certificate: Path, given: str, reason: str) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    login = {
        "tls_context": context,
        "require_starttls": True,
        "auth_required": True,
        "authenticator": password("right"),
    }
    believed = ssl.create_default_context(cafile=str(certificate))
    async with MailServer(options=login) as server:
        to = Server("127.0.0.1", server.port, "starttls", "paperboy", given, believed)
        mailer = Mailer(to, connections=1, per_minute=10)
        if reason:
            with pytest.raises(PostponedError, match=reason):
                await mailer.send(MAIL)
        else:
            await mailer.send(MAIL)
            assert len(server.received) == 1
            await mailer.close()


async def test_a_server_without_encryption_gets_no_password_where_it_is_asked_for(server: MailServer) -> None:
    to = Server("127.0.0.1", server.port, "starttls", "paperboy", "secret", ssl.create_default_context())
    with pytest.raises(PostponedError, match="STARTTLS"):
        await Mailer(to, connections=1, per_minute=10).send(MAIL)
    assert server.received == []
