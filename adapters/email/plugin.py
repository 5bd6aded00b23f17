"""E-mail for those who start Paperboy; its libraries are loaded when they are needed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.chat.platforms import FirstSteps, Host, OpenPlatform
from bot.chat.registry import Registry
from bot.config import Settings
from bot.domain.messages import Message
from bot.errors import UserError
from bot.runtime.clocks import SystemClock
from bot.runtime.ticks import Tick

if TYPE_CHECKING:
    from rich.console import Console

CONFIRM_EVERY = timedelta(seconds=5)
"""How often mails that ask for confirmation are sent: somebody waits for each."""


def is_set_up(settings: Settings) -> bool:
    """Whether there is to be e-mail. Raises UserError, naming what is missing."""
    needed = {
        "PAPERBOY_MAIL_FROM": settings.mail_from,
        "PAPERBOY_SMTP_HOST": settings.smtp_host,
        "PAPERBOY_PUBLIC_URL": settings.public_url,
        "PAPERBOY_TOKEN_KEYS": settings.token_keys,
    }
    if not settings.mail_from and not settings.smtp_host:
        return False
    if missing := [name for name, value in needed.items() if not value]:
        raise UserError(f"E-mail also needs {', '.join(missing)}.")
    return True


def first_steps(_registry: Registry) -> FirstSteps:
    """What leads through the first set-up."""
    from adapters.email.first_steps import EmailSteps

    return EmailSteps()


@asynccontextmanager
async def open_platform(host: Host) -> AsyncIterator[OpenPlatform]:
    """E-mail, ready to run: thousands of mails may take long, so the posts of channels do not wait for them."""
    from adapters.email.wiring import from_settings

    email = from_settings(host.settings, host.app, host.dispatcher)
    wait_for_papers = timedelta(minutes=host.settings.wait_for_sync)
    yield OpenPlatform(
        email.platform,
        email.routes,
        ticks=[Tick("confirmations", CONFIRM_EVERY, email.confirmations.tick)],
        rules=email.rules(host.settings.disable_after, wait_for_papers),
    )


async def check(settings: Settings, _registry: Registry) -> str:
    """How e-mail is set up, by a login at the mail server. Raises UserError when something is wrong."""
    if not is_set_up(settings):
        return "not set up (PAPERBOY_MAIL_FROM is empty)"
    from adapters.email.health import check as check_health

    return await check_health(settings)


def preview(message: Message, console: "Console") -> None:
    """What a mail says, as a mail program without HTML shows it."""
    from adapters.email.preview import show

    show(message, SystemClock(), console)
