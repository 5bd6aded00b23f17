"""Paperboy with e-mail: the bundled sample, a mail server, and the web pages."""

import re
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.email.smtp import Server
from adapters.email.wiring import Email, from_settings
from adapters.http import application
from bot.chat.dispatch import Dispatcher, Request
from bot.commands import registry
from bot.config import Settings
from bot.delivery.composer import PostComposer
from bot.delivery.deliverer import Deliverer
from bot.domain.destinations import Destination
from bot.domain.mailboxes import mailbox_place
from bot.domain.messages import Message
from bot.domain.people import Account, Place
from bot.library.app import App
from bot.library.subscriptions import Subscriptions
from storage.sql.store import SqlStore
from tests.conftest import TickingClock
from tests.support.email.smtp_server import MailServer
from tests.support.secret_watch import note

BASE = "https://papers.example.org"
SECRET = "hook-secret"
KEY = "q" * 43 + "="
YOU = "you@example.org"
ANA = Account("slack", "T1/U1", "ana")
HERE = Place("slack", "T1", "C1", "#papers")

Browser = TestClient[web.Request, web.Application]


def mail_settings(**changed: Any) -> Settings:
    given = {
        "mail_from": "Paperboy <papers@example.org>",
        "mail_bounces": "bounces@example.org",
        "mail_hook_secret": SECRET,
        "smtp_host": "127.0.0.1",
        "smtp_security": "none",
        "smtp_per_minute": 100_000,
        "public_url": BASE,
        "token_keys": (KEY,),
        **changed,
    }
    return Settings(_env_file=None, **given)


def parse(content: bytes) -> EmailMessage:
    """A mail, read with the standard library; its headers may be in UTF-8, which the library reads from text alone."""
    mail = message_from_string(content.decode(), policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def body(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part
    return str(part.get_content())


@dataclass
class Post:
    """Everything around one library: the mail server, the pages, the bot's work."""

    app: App
    store: SqlStore
    subscriptions: Subscriptions
    email: Email
    server: MailServer
    browser: Browser
    clock: TickingClock

    async def say(self, line: str, account: Account = ANA) -> Message:
        """What a chat answers."""
        return await Dispatcher(registry, self.app).answer(Request(account, HERE, line))

    async def deliver(self) -> None:
        """One look at what is due, and at the letters to be written."""
        editor = PostComposer(self.app, timedelta(days=365))
        rules = self.email.rules(disable_after=5, wait_for_papers=timedelta(minutes=20))
        await Deliverer(self.app.store, editor, [self.email.platform], self.clock, rules).tick()
        await self.email.confirmations.tick()

    def mails(self, to: str = YOU) -> list[EmailMessage]:
        return [parse(mail.content) for mail in self.server.to(to)]

    def link(self, which: str, to: str = YOU) -> str:
        """The path and query of the first link of a kind in the newest mail."""
        found = re.search(rf"{BASE}(/mail/{which}\?t=[\w.-]+)", body(self.mails(to)[-1]))
        assert found, body(self.mails(to)[-1])
        return found[1]

    async def get(self, link: str) -> tuple[int, str]:
        async with self.browser.get(link) as answer:
            return answer.status, await answer.text()

    async def post(self, link: str, headers: Mapping[str, str] | None = None, /, **fields: str) -> tuple[int, str]:
        async with self.browser.post(link, data=fields, headers=headers) as answer:
            return answer.status, await answer.text()

    async def subscribe(self, address: str = YOU, **fields: str) -> tuple[int, str]:
        """Fill in the page."""
        _, page = await self.get("/mail")
        form = re.search(r'name="form" value="([^"]+)"', page)
        assert form
        filled = {
            "address": address,
            "at": "08:00",
            "timezone": "Europe/Berlin",
            "days": "daily",
            "count": "5",
            **fields,
        }
        return await self.post("/mail", form=form[1], **filled)

    async def confirmed(self, address: str = YOU) -> Destination:
        """A mailbox whose owner asked and confirmed."""
        await self.subscribe(address)
        await self.email.confirmations.tick()
        status, page = await self.post(self.link("confirm", address))
        assert status == 200, page
        mailbox = await self.store.destination(mailbox_place(address).key)
        assert mailbox
        return mailbox


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with MailServer() as running:
        yield running


Open = Callable[..., Awaitable[Post]]


@pytest.fixture
async def opened(app: App, server: MailServer) -> AsyncIterator[Open]:
    """Opens e-mail with settings of its own."""
    started: list[tuple[Email, Browser]] = []

    async def start(**changed: Any) -> Post:
        assert isinstance(app.clock, TickingClock)
        assert isinstance(app.store, SqlStore)
        app.subscriptions = Subscriptions(app.store, app.clock)
        to = Server("127.0.0.1", server.port, "none")
        email = from_settings(mail_settings(**changed), app, Dispatcher(registry, app), to=to)
        browser: Browser = TestClient(TestServer(application(email.routes)))
        await browser.start_server()
        started.append((email, browser))
        return Post(app, app.store, app.subscriptions, email, server, browser, app.clock)

    yield start
    for email, browser in started:
        await browser.close()
        await email.platform.close()


@pytest.fixture
async def post(opened: Open) -> Post:
    return await opened()


@pytest.fixture(scope="session")
def dkim_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new RSA key in a PEM file."""
    path = tmp_path_factory.mktemp("dkim") / "key.pem"
    subprocess.run(["openssl", "genrsa", "-out", str(path), "2048"], check=True, capture_output=True)
    for line in path.read_text().splitlines():
        note(line)
    return path
