"""Putting e-mail together from the settings."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.headerregistry import Address
from email.utils import parseaddr

from aiohttp import web

from adapters.email.bounces import Bounces
from adapters.email.confirmations import ConfirmationSender
from adapters.email.dkim import Signer
from adapters.email.mime import wire_address
from adapters.email.pages import Pages
from adapters.email.platform import EmailPlatform, MailFrom, Writer
from adapters.email.signed_links import Links
from adapters.email.smtp import LONGEST, Mailer, Server
from bot.chat.dispatch import Dispatcher
from bot.config import Settings
from bot.domain.deliveries import Rules
from bot.domain.mailboxes import parse_address
from bot.errors import UserError
from bot.library.app import App

PATIENCE = timedelta(seconds=2 * LONGEST)
"""The mailer gives up by itself before: only it knows whether a mail may have gone out."""


@dataclass(frozen=True, slots=True)
class Email:
    """E-mail, ready to run: the platform, the sender of letters, and routes for the web server."""

    platform: EmailPlatform
    confirmations: ConfirmationSender
    routes: Sequence[web.RouteDef]
    connections: int

    def rules(self, disable_after: int, wait_for_papers: timedelta) -> Rules:
        """How mails are sent: as many at once as there are connections, so that none is begun and then waits."""
        return Rules(
            lease=2 * PATIENCE,
            patience=PATIENCE,
            at_once=self.connections,
            disable_after=disable_after,
            wait_for_papers=wait_for_papers,
        )


def sender(settings: Settings) -> MailFrom:
    """Who mails are from. Raises UserError for an address or a key that cannot be used."""
    name, typed = parseaddr(settings.mail_from)
    try:
        local, _, domain = wire_address(parse_address(typed)).rpartition("@")
        bounces = wire_address(parse_address(settings.mail_bounces)) if settings.mail_bounces else ""
    except UserError as error:
        raise UserError(
            "PAPERBOY_MAIL_FROM is written like Paperboy <papers@example.org>, PAPERBOY_MAIL_BOUNCES like "
            f"bounces@example.org. {error}"
        ) from error
    key = settings.dkim_key_file
    signer = Signer.load(key, domain, settings.dkim_selector) if key else None
    return MailFrom(Address(name or "Paperboy", local, domain), bounces, signer)


def server(settings: Settings) -> Server:
    """The mail server of the settings."""
    return Server(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        settings.smtp_user,
        settings.smtp_password.get_secret_value(),
        ssl.create_default_context() if settings.smtp_security != "none" else None,
    )


def mailer(settings: Settings, to: Server) -> Mailer:
    """The way to a mail server, within the limits of the settings."""
    return Mailer(to, connections=settings.smtp_connections, per_minute=settings.smtp_per_minute)


def from_settings(settings: Settings, app: App, dispatcher: Dispatcher, *, to: Server | None = None) -> Email:
    """E-mail as the settings say. Raises UserError for an address or a key that cannot be used."""
    subscriptions = app.subscriptions
    if subscriptions is None:
        raise UserError("E-mail is not set up; `paperboy doctor` says what is missing.")
    keys = [key.get_secret_value() for key in settings.token_keys]
    writer = Writer(sender(settings), Links(settings.public_url, keys, app.clock), app.clock)
    sending = mailer(settings, to or server(settings))
    pages = Pages(app, dispatcher, subscriptions, writer.links, proxies=settings.http_proxies)
    bounces = Bounces(app, subscriptions, writer.links, settings.mail_hook_secret.get_secret_value())
    return Email(
        EmailPlatform(app.store, writer, sending, app.clock),
        ConfirmationSender(app, writer, sending),
        [*pages.routes(), *bounces.routes()],
        settings.smtp_connections,
    )
