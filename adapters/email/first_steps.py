"""The first set-up of e-mail: the sender, the mail server, a test mail."""

from collections.abc import Mapping, Sequence

from adapters.email.health import require_https
from adapters.email.platform import Writer, envelope
from adapters.email.signed_links import Links
from adapters.email.wiring import mailer, sender, server
from bot.chat.platforms import Question
from bot.config import Settings, make_key
from bot.domain.mailboxes import parse_address
from bot.domain.messages import Message
from bot.domain.people import Place
from bot.errors import DeliveryError, UserError
from bot.runtime.clocks import SystemClock

_FROM, _URL, _HOST, _SECURITY, _PORT, _USER, _PASSWORD = (
    "PAPERBOY_MAIL_FROM",
    "PAPERBOY_PUBLIC_URL",
    "PAPERBOY_SMTP_HOST",
    "PAPERBOY_SMTP_SECURITY",
    "PAPERBOY_SMTP_PORT",
    "PAPERBOY_SMTP_USER",
    "PAPERBOY_SMTP_PASSWORD",
)
_PORTS = {"starttls": "587", "tls": "465", "none": "25"}


class EmailSteps:
    """The `FirstSteps` of e-mail."""

    title = "E-mail"
    where = "address"

    def questions(self, settings: Settings) -> Sequence[Question]:
        """Who sends, where its pages are, and the mail server with its login."""
        return [
            Question(setting=_FROM, text="Sender, e.g. Paperboy <papers@example.org>"),
            Question(
                setting=_URL,
                text="Address of the pages that links in mails lead to",
                how=("A reverse proxy with https forwards it to Paperboy's port; on your own machine none is needed.",),
                default=f"http://localhost:{settings.http_port}",
            ),
            Question(setting=_HOST, text="Mail server, e.g. smtp.example.org"),
            Question(
                setting=_SECURITY,
                text="How its connection is encrypted",
                default=settings.smtp_security,
                choices=tuple(_PORTS),
            ),
            Question(setting=_PORT, text="Port", default=_PORTS[settings.smtp_security]),
            Question(setting=_USER, text="User name there, if it wants one", may_be_empty=True),
            Question(setting=_PASSWORD, text="Password", secret=True, if_set=_USER),
        ]

    def made(self, settings: Settings) -> Mapping[str, str]:
        """A key for the links in mails."""
        return {} if settings.token_keys else {"PAPERBOY_TOKEN_KEYS": make_key()}

    async def check(self, setting: str, settings: Settings) -> str:
        """Whether the sender and the address of the pages can be used."""
        if setting == _FROM:
            sender(settings)
        if setting == _URL:
            require_https(settings)
        return ""

    async def arrive(self, settings: Settings) -> Sequence[str]:
        """Log in at the mail server, once, when all of it is known."""
        try:
            name = await mailer(settings, server(settings)).check()
        except DeliveryError as error:
            raise UserError(
                f"{_HOST}, {_PORT}, {_SECURITY} or the login is wrong, {error}; "
                "whoever runs the mail server knows them."
            ) from error
        return [f"{name or settings.smtp_host} takes mail from {sender(settings).address}."]

    def greets(self, _settings: Settings) -> bool:
        """It can."""
        return True

    async def places(self, _settings: Settings) -> Sequence[Place]:
        """None: a mail server tells of no mailboxes."""
        return []

    async def greet(self, channel: str, message: Message, settings: Settings) -> None:
        """Send a test mail to an address."""
        address, clock = parse_address(channel), SystemClock()
        keys = [key.get_secret_value() for key in settings.token_keys]
        writer = Writer(sender(settings), Links(settings.public_url, keys, clock), clock)
        sending = mailer(settings, server(settings))
        try:
            await sending.send(envelope(writer.sender, address, "", writer.letter(address, message)))
        except DeliveryError as error:
            raise UserError(f"The test mail was not sent: {error}.") from error
        finally:
            await sending.close()
