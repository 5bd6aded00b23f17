"""The first set-up of e-mail."""

import pytest

from adapters.email.first_steps import EmailSteps
from bot.config import Settings
from bot.domain.messages import Message, text
from bot.errors import UserError
from tests.support.email.smtp_server import MailServer
from tests.support.email.world import YOU, body, mail_settings, parse

HELLO = Message(title="Hello", body=(text("I am here."),))


def test_the_port_goes_by_the_encryption() -> None:
    def port(security: str) -> str:
        questions = EmailSteps().questions(Settings(_env_file=None, smtp_security=security))
        return {each.setting: each.default for each in questions}["PAPERBOY_SMTP_PORT"]

    assert [port(security) for security in ("starttls", "tls", "none")] == ["587", "465", "25"]


def test_a_key_is_made_once() -> None:
    made = EmailSteps().made(Settings(_env_file=None))
    assert len(made["PAPERBOY_TOKEN_KEYS"]) == 44
    assert EmailSteps().made(mail_settings()) == {}


@pytest.mark.parametrize(
    ("setting", "wrong"),
    [("PAPERBOY_MAIL_FROM", {"mail_from": "nobody"}), ("PAPERBOY_PUBLIC_URL", {"public_url": "http://papers.org"})],
)
async def test_what_cannot_be_used_is_named(setting: str, wrong: dict[str, str]) -> None:
    assert await EmailSteps().check(setting, mail_settings()) == ""
    with pytest.raises(UserError, match=setting):
        await EmailSteps().check(setting, mail_settings(**wrong))


async def test_the_mail_server_is_asked_when_all_is_known(server: MailServer) -> None:
    told = await EmailSteps().arrive(mail_settings(smtp_port=server.port))
    assert told == ["mail.example.org takes mail from Paperboy <papers@example.org>."]
    async with MailServer() as gone:
        port = gone.port
    with pytest.raises(UserError, match=r"PAPERBOY_SMTP_HOST.*whoever runs the mail server"):
        await EmailSteps().arrive(mail_settings(smtp_port=port))


async def test_a_test_mail_is_sent_to_an_address(server: MailServer) -> None:
    settings = mail_settings(smtp_port=server.port)
    assert await EmailSteps().places(settings) == []
    await EmailSteps().greet(YOU, HELLO, settings)
    [mail] = [parse(each.content) for each in server.to(YOU)]
    assert "I am here." in body(mail)
    with pytest.raises(UserError, match="not a mail address"):
        await EmailSteps().greet("nobody", HELLO, settings)
