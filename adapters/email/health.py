"""Whether e-mail is set up as it must be: what `paperboy doctor` tells."""

from urllib.parse import urlsplit

from adapters.email.wiring import mailer, sender, server
from bot.config import Settings
from bot.errors import DeliveryError, UserError

_HERE = {"localhost", "127.0.0.1", "::1"}


async def check(settings: Settings) -> str:
    """How e-mail is set up, by a login at the mail server. Raises UserError, which names what is wrong."""
    require_https(settings)
    of = sender(settings)
    try:
        name = await mailer(settings, server(settings)).check()
    except DeliveryError as error:
        raise UserError(str(error)) from error
    signed = f"signed for {of.signer.domain}" if of.signer else "not signed here (PAPERBOY_DKIM_KEY_FILE is empty)"
    heard = bool(settings.mail_hook_secret.get_secret_value())
    bounces = "bounces are taken at /mail/bounces" if heard else "bounces are not read"
    return f"from {of.address} by {name or settings.smtp_host}, {signed}, {bounces}"


def require_https(settings: Settings) -> None:
    """Raises UserError where links in mails could not be opened safely."""
    url = urlsplit(settings.public_url)
    if url.scheme != "https" and url.hostname not in _HERE:
        raise UserError("mails need PAPERBOY_PUBLIC_URL, an https address that leads here")
