"""What `paperboy doctor` tells of e-mail."""

from pathlib import Path

import pytest

from adapters.email.health import check
from bot.errors import UserError
from tests.support.email.smtp_server import MailServer
from tests.support.email.world import mail_settings


async def test_a_mail_server_that_answers_is_named_with_what_is_set_up(server: MailServer) -> None:
    told = await check(mail_settings(smtp_port=server.port))
    assert told == (
        "from Paperboy <papers@example.org> by mail.example.org, not signed here (PAPERBOY_DKIM_KEY_FILE is empty), "
        "bounces are taken at /mail/bounces"
    )
    assert (server.connections, server.received) == (1, []), "asking sends no mail"


async def test_mails_that_are_signed_name_their_domain(server: MailServer, dkim_key: Path) -> None:
    settings = mail_settings(smtp_port=server.port, dkim_key_file=dkim_key, mail_from="p@papers.example.org")
    assert "signed for papers.example.org," in await check(settings)


async def test_it_is_told_that_nobody_reads_bounces(server: MailServer) -> None:
    assert "bounces are not read" in await check(mail_settings(smtp_port=server.port, mail_hook_secret=""))


@pytest.mark.parametrize("url", ["", "http://papers.example.org", "papers.example.org"])
async def test_links_that_nobody_can_open_safely_are_refused(server: MailServer, url: str) -> None:
    with pytest.raises(UserError, match="PAPERBOY_PUBLIC_URL"):
        await check(mail_settings(smtp_port=server.port, public_url=url))
    assert server.connections == 0


@pytest.mark.parametrize("url", ["http://localhost:8080", "http://[::1]:8080"])
async def test_on_ones_own_machine_links_need_no_https(server: MailServer, url: str) -> None:
    assert "papers@example.org" in await check(mail_settings(smtp_port=server.port, public_url=url))


async def test_a_mail_server_that_does_not_answer_is_told(server: MailServer) -> None:
    async with MailServer() as gone:
        port = gone.port
    with pytest.raises(UserError, match=r"127\.0\.0\.1"):
        await check(mail_settings(smtp_port=port))
