"""The pages and the mail in a real browser: headless Chromium, where there is one.

`SCREENSHOTS=docs/images` keeps the pictures.
"""

import asyncio
import base64
import itertools
import json
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import unused_port

from adapters.email.preview import write
from adapters.email.smtp import Server
from adapters.email.wiring import from_settings
from adapters.http import application
from bot.chat.dispatch import Dispatcher
from bot.commands import registry
from bot.delivery.composer import PostComposer
from bot.domain.destinations import Destination, Scope
from bot.domain.mailboxes import mailbox_place
from bot.domain.paper_ids import PaperId
from bot.domain.people import Account, FeedbackAct, FeedbackKind, Topic, person_key
from bot.library.app import App
from bot.library.subscriptions import Subscriptions
from tests.support.email.smtp_server import MailServer
from tests.support.email.world import YOU, body, mail_settings, parse
from tests.support.zotero import beside

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no chromium on this machine")

WIDE, NARROW = 760, 375


class Page:
    """One page of the browser, by its debugging protocol."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self.requested: list[str] = []

    async def open(self, url: str, *, width: int = WIDE, dark: bool = False) -> None:
        """Go to an address with a window of this width, and wait for it to be there."""
        await self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.call("Emulation.setEmulatedMedia", media="screen", features=[scheme])
        self.requested.clear()
        await self._leaving("Page.navigate", url=url)

    async def press(self, label: str) -> None:
        """Press the button with this label, and wait for the page it leads to."""
        button = f"[...document.querySelectorAll('button')].find(e => e.textContent.trim() === {json.dumps(label)})"
        assert await self.run(f"!!{button}"), await self.words()
        await self._leaving("Runtime.evaluate", expression=f"{button}.click()")

    async def fill(self, name: str, value: str) -> None:
        """Fill in a field."""
        await self.run(f"document.querySelector('[name={name}]').value = {json.dumps(value)}")

    async def words(self) -> str:
        """What the page says."""
        return str(await self.run("document.body.innerText"))

    async def run(self, script: str) -> Any:
        """The value of an expression."""
        answer = await self.call("Runtime.evaluate", expression=script, returnByValue=True)
        return answer.get("result", {}).get("value")

    async def fits(self) -> bool:
        """Whether nothing sticks out sideways."""
        return bool(await self.run("document.documentElement.scrollWidth <= window.innerWidth"))

    async def picture(self, path: Path) -> None:
        """The whole page as a PNG."""
        width, height = await self.run("[window.innerWidth, Math.ceil(document.body.getBoundingClientRect().bottom)]")
        size = {"x": 0, "y": 0, "width": width, "height": max(height, 200), "scale": 1}
        taken = await self.call("Page.captureScreenshot", format="png", clip=size, captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(taken["data"]))

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The answer to a command."""
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        return dict((await self._message(lambda told: told.get("id") == number)).get("result", {}))

    async def _leaving(self, method: str, **parameters: Any) -> None:
        """A command that leads to another page, until that has loaded."""
        await self._socket.send_json({"id": next(self._numbers), "method": method, "params": parameters})
        await self._message(lambda told: told.get("method") == "Page.loadEventFired")

    async def _message(self, wanted: Any) -> dict[str, Any]:
        async with asyncio.timeout(60):
            while True:
                told = json.loads((await self._socket.receive()).data)
                if told.get("method") == "Network.requestWillBeSent":
                    self.requested.append(told["params"]["request"]["url"])
                if wanted(told):
                    return dict(told)


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    """A browser with one empty page."""
    assert CHROMIUM
    profile = tmp_path / "chromium"
    process = await asyncio.create_subprocess_exec(
        CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage",
        "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr
    try:
        async with asyncio.timeout(60):
            # It says where it listens.
            while b"DevTools listening on" not in (said := await process.stderr.readline()):
                assert said, "the browser did not start"
        port = said.decode().rpartition(":")[2].partition("/")[0]
        draining = asyncio.create_task(process.stderr.read())
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json") as answer:
                found = [each for each in await answer.json() if each["type"] == "page"]
            async with session.ws_connect(found[0]["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                opened = Page(socket)
                await opened.call("Page.enable")
                await opened.call("Network.enable")
                yield opened
        draining.cancel()
        with suppress(asyncio.CancelledError):
            await draining
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


class Site:
    """Paperboy's pages on a port of this machine, with a mail server behind."""

    def __init__(self, app: App, server: MailServer) -> None:
        port = unused_port()
        self.base = f"http://127.0.0.1:{port}"
        self.port = port
        self.app = app
        self.subscriptions = app.subscriptions = Subscriptions(app.store, app.clock)
        to = Server("127.0.0.1", server.port, "none")
        email = from_settings(mail_settings(public_url=self.base), app, Dispatcher(registry, app), to=to)
        self.email = email
        self.server = server

    def link(self, which: str) -> str:
        """The first link of a kind in the newest mail."""
        said = body(parse(self.server.to(YOU)[-1].content))
        found = re.search(rf"{self.base}/mail/{which}\?t=[\w.-]+", said)
        assert found, said
        return found[0]


@pytest.fixture
async def site(app: App) -> AsyncIterator[Site]:
    async with MailServer() as server:
        made = Site(app, server)
        runner = web.AppRunner(application(made.email.routes))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", made.port).start()
        yield made
        await runner.cleanup()
        await made.email.platform.close()


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    # Tests run in a folder of their own.
    return Path(__file__).parents[3] / (os.environ.get("SCREENSHOTS") or tmp_path)


async def test_from_the_page_to_the_inbox_and_out_again(page: Page, site: Site, pictures: Path) -> None:
    await page.open(f"{site.base}/mail")
    assert await page.run("document.querySelector('[name=timezone]').value") == await page.run(
        "Intl.DateTimeFormat().resolvedOptions().timeZone"
    )
    await page.fill("timezone", "Europe/Berlin")
    await page.fill("address", YOU)
    await page.picture(pictures / "email-subscribe.png")
    await page.press("Send me papers")
    assert "Check your inbox" in await page.words()
    await site.email.confirmations.tick()

    await page.open(site.link("confirm"))
    await page.press("Send me papers")
    assert "You are subscribed" in await page.words()
    mailbox = await site.app.store.destination(mailbox_place(YOU).key)
    assert mailbox
    assert mailbox.timezone == "Europe/Berlin"

    message = await PostComposer(site.app).preview(replace(mailbox, count=3))
    await site.email.platform.send(mailbox.place, message, nonce="first")
    assert mailbox.person is not None

    await page.open(site.link("save"))
    assert await site.app.store.feedback_of(mailbox.person) == []
    await page.press("Save")
    assert "Saved" in await page.words()
    [judged] = await site.app.store.feedback_of(mailbox.person)
    assert (judged.paper_id, judged.kind) == (message.cards[0].paper_id, FeedbackKind.SAVE)
    await page.press("Undo")
    assert await site.app.store.feedback_of(mailbox.person) == []

    async with beside(site.app):
        await page.open(site.link("settings"))
        await page.fill("topics", "agent memory\nprotein folding\n-crypto")
        await page.fill("days", "weekdays")
        await page.picture(pictures / "email-settings.png")
        await page.press("Save")
    assert "The next mail comes on" in await page.words()
    assert len(await site.app.store.topics(mailbox.owner)) == 3
    changed = await site.app.store.destination(mailbox_place(YOU).key)
    assert changed
    assert changed.days == frozenset(range(5))

    await page.open(site.link("unsubscribe"))
    await page.press("Unsubscribe")
    assert "No more mails will come" in await page.words()
    closed = await site.app.store.destination(mailbox_place(YOU).key)
    assert closed
    assert not closed.enabled


async def test_a_mistake_is_told_and_what_was_typed_is_still_there(page: Page, site: Site) -> None:
    await page.open(f"{site.base}/mail", width=NARROW)
    await page.fill("address", "you@example")
    await page.fill("count", "3")
    await page.press("Send me papers")
    assert "This is not a mail address" in await page.words()
    assert await page.run("document.querySelector('[name=address]').value") == "you@example"
    assert await page.run("document.querySelector('[name=count]').value") == "3"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_pages_fit_and_can_be_read(page: Page, site: Site, width: int, *, dark: bool) -> None:
    await page.open(f"{site.base}/mail", width=width, dark=dark)
    assert await page.fits()
    assert await _contrast(page, "h1", "main") >= 7
    assert await _contrast(page, "p", "main") >= 4.5
    assert await _contrast(page, ".hint", "main") >= 4.5


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_the_mail_fits_can_be_read_and_fetches_nothing(
    page: Page, app: App, tmp_path: Path, pictures: Path, width: int, *, dark: bool
) -> None:
    person = await app.store.person(Account("email", YOU))
    await app.store.follow(person_key(person), Topic("agent memory"))
    await app.store.follow(person_key(person), Topic("robot manipulation"))
    act = FeedbackAct(person, PaperId("2601.08521"), FeedbackKind.SAVE, True, app.clock.now())
    await app.store.give_feedback(act)
    message = await PostComposer(app).preview(
        Destination(place=mailbox_place(YOU), count=4, scope=Scope.TOPICS_FIRST, person=person)
    )
    assert any(card.why for card in message.cards)
    path = tmp_path / "mail.html"
    write(message, app.clock, path)
    await page.open(path.as_uri(), width=width, dark=dark)
    assert await page.fits()
    assert page.requested == [path.as_uri()]
    for words in (".title a", ".summary", ".byline", ".quiet", ".signals", ".why", ".save", ".action"):
        assert await _contrast(page, words, ".sheet") >= 4.5, words
    await page.picture(pictures / f"email-{'narrow' if width == NARROW else 'wide'}-{'dark' if dark else 'light'}.png")


async def _contrast(page: Page, words: str, ground: str) -> float:
    """The contrast of a text to what it stands on, 1 to 21, as WCAG 2.1 defines it."""
    script = f"""(() => {{
      const rgb = (selector, property) => getComputedStyle(document.querySelector(selector))[property]
        .match(/[\\d.]+/g).slice(0, 3).map(each => each / 255);
      return [rgb({json.dumps(words)}, 'color'), rgb({json.dumps(ground)}, 'backgroundColor')];
    }})()"""
    light, dark = sorted((_luminance(colour) for colour in await page.run(script)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: list[float]) -> float:
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
