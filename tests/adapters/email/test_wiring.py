"""E-mail, put together from the settings."""

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.email.wiring import PATIENCE, from_settings, sender, server
from bot.chat.dispatch import Dispatcher
from bot.commands import registry
from bot.errors import UserError
from bot.library.app import App
from bot.library.subscriptions import Subscriptions
from tests.support.email.world import mail_settings


def test_who_mails_are_from_is_written_like_a_header() -> None:
    named = sender(mail_settings(mail_from="The Lab <papers@bücher.example.org>", mail_bounces="b@example.org"))
    assert named.address.display_name == "The Lab"
    assert named.address.addr_spec == "papers@xn--bcher-kva.example.org"
    assert sender(mail_settings(mail_from="papers@example.org")).address.display_name == "Paperboy"


@pytest.mark.parametrize("wrong", [{"mail_from": "Paperboy"}, {"mail_bounces": "nowhere"}])
def test_an_address_that_is_none_is_told_with_its_setting(wrong: dict[str, str]) -> None:
    with pytest.raises(UserError, match="PAPERBOY_MAIL_FROM is written like"):
        sender(mail_settings(**wrong))


def test_a_key_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="PAPERBOY_DKIM_KEY_FILE"):
        sender(mail_settings(dkim_key_file=tmp_path / "none.pem"))


@pytest.mark.parametrize(("security", "checked"), [("starttls", True), ("tls", True), ("none", False)])
def test_an_encrypted_connection_has_its_certificate_checked(security: str, checked: bool) -> None:
    to = server(mail_settings(smtp_security=security))
    assert to.security == security
    assert (to.tls is not None and to.tls.check_hostname) is checked


async def test_without_subscriptions_there_is_no_e_mail(app: App) -> None:
    with pytest.raises(UserError, match="not set up"):
        from_settings(mail_settings(), app, Dispatcher(registry, app))


async def test_no_mail_is_begun_that_has_to_wait_for_a_connection(app: App) -> None:
    app.subscriptions = Subscriptions(app.store, app.clock)
    email = from_settings(mail_settings(smtp_connections=3), app, Dispatcher(registry, app))
    rules = email.rules(disable_after=5, wait_for_papers=timedelta(minutes=20))
    assert rules.at_once == 3
    assert PATIENCE == rules.patience < rules.lease
    # RFC 5321 lets a server take ten minutes over the content; a longer lease would be taken for a clock set back.
    assert timedelta(minutes=10) < rules.patience < rules.lease < timedelta(hours=2)
    assert {route.path for route in email.routes} >= {"/mail", "/mail/bounces"}
    await email.platform.close()
