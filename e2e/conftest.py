"""Paperboy on the bundled sample, connected to a Slack emulator in both ways."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from cryptography.fernet import Fernet
from PIL import Image

from adapters.http import application, serve
from adapters.slack.wiring import Slack, from_settings
from bot import bootstrap
from bot.chat.reactions import Reactions
from bot.config import Settings
from bot.library.app import App
from bot.library.ingest import read_source, update_index
from e2e import preview
from e2e.browser import Page, browser
from e2e.emulator import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, URL, WIRE, Emulator, emulator
from e2e.preview import Block
from e2e.wire import PAPERBOY, PAPERBOY_PORT, wire
from tests.conftest import SAMPLE_ENDS, TickingClock
from tests.support.slack.checker import check_blocks, check_view

Keep = Callable[..., Awaitable[None]]
"""Takes a picture of a page under a name; the page shows the blocks that are handed in, and no other rich texts."""


@pytest.fixture(params=["socket", "events"])
def mode(request: pytest.FixtureRequest) -> str:
    """Socket Mode, or signed HTTP."""
    return str(request.param)


@pytest.fixture
async def people(mode: str, tmp_path: Path) -> AsyncIterator[Emulator]:
    assert os.environ.get("LOCAL_SLACK"), "run it with `make e2e`"
    async with emulator(mode, tmp_path) as running, wire():
        yield running
        checked = check_all(await running.log()) + check_messages(await running.messages())
        assert checked, "nothing that was sent could be checked"


def check_messages(messages: list[dict[str, Any]]) -> int:
    """Check the blocks of every message; returns how many had some. Answers to a `response_url` are not in the log."""
    with_blocks = [message["blocks"] for message in messages if message.get("blocks")]
    for blocks in with_blocks:
        check_blocks(blocks)
    return len(with_blocks)


def check_all(logged: Any) -> int:
    """Check every list of blocks and every view that Paperboy sent; returns how many there were."""
    if isinstance(logged, list):
        return sum(map(check_all, logged))
    if not isinstance(logged, dict):
        return 0
    checked = 0
    if logged.get("type") in {"home", "modal"} and "blocks" in logged and "id" not in logged:
        check_view(logged)
        checked = 1
    elif "blocks" in logged and logged.keys() & {"channel", "response_type", "replace_original"} and "ts" not in logged:
        check_blocks(logged["blocks"])
        checked = 1
    return checked + sum(map(check_all, logged.values()))


@pytest.fixture
def settings(mode: str, tmp_path: Path) -> Settings:
    api, data = f"{WIRE}/api/", tmp_path / "data"
    if mode == "socket":
        return Settings(
            _env_file=None, SLACK_BOT_TOKEN=BOT_TOKEN, SLACK_APP_TOKEN=APP_TOKEN, slack_api_url=api, data_dir=data
        )
    return Settings(
        _env_file=None,
        SLACK_SIGNING_SECRET=SIGNING_SECRET,
        SLACK_CLIENT_ID="client",
        SLACK_CLIENT_SECRET="client-hidden",
        token_keys=(Fernet.generate_key().decode(),),
        slack_api_url=api,
        data_dir=data,
    )


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[App]:
    clock = TickingClock(SAMPLE_ENDS)
    async with bootstrap.open_app(settings, clock=clock, create=True) as opened:
        with bootstrap.sample() as papers:
            await read_source(bootstrap.file_source(papers), opened.store, opened.clock)
        await update_index(opened.store, opened.index)
        yield opened


@pytest.fixture
async def paperboy(mode: str, people: Emulator, settings: Settings, app: App) -> AsyncIterator[Slack]:
    """Paperboy, connected; to many workspaces it was installed by OAuth."""
    async with bootstrap.open_tokens(settings) as tokens:
        slack = from_settings(settings, app, bootstrap.dispatcher(app), Reactions(app.store), tokens)
        running = [asyncio.create_task(slack.platform.run())]
        if slack.routes:
            running.append(asyncio.create_task(serve(application(slack.routes), "127.0.0.1", PAPERBOY_PORT)))
            await eventually(_installed)
        await eventually(lambda: _connected(people))
        await people.reset()
        yield slack
        for task in running:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


@pytest.fixture
async def page(paperboy: Slack, tmp_path: Path) -> AsyncIterator[Page]:
    """The emulator's page in a browser, where somebody acts as Ana."""
    async with browser(tmp_path) as opened:
        await opened.open(URL)
        yield opened


@pytest.fixture
def keep(tmp_path: Path) -> Keep:
    """Takes a picture, and with `phone` one of a phone's width; `SCREENSHOTS=docs/images` keeps the pictures."""
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)

    async def take(
        page: Page, name: str, blocks: Iterable[Block] = (), *, width: int = 960, height: int, phone: bool = False
    ) -> None:
        await _draw(page, preview.rich_texts(blocks))
        await page.run(_MOMENTS)
        await page.screenshot(folder / f"{name}.png", width=width, height=height)
        if phone:
            await _take_on_a_phone(page, folder / f"{name}-phone.png")
        await page.run("document.querySelectorAll('.drawn').forEach(e => e.remove())")

    return take


async def _take_on_a_phone(page: Page, path: Path) -> None:
    await page.run(f"document.head.insertAdjacentHTML('beforeend', {json.dumps(_ON_A_PHONE)})")
    await page.screenshot(path, width=_PHONE, height=4000, scale=2, clip=_SHOWN)
    await page.run("document.querySelectorAll('.phone').forEach(e => e.remove())")
    Image.open(path).quantize(256).save(path, optimize=True)


_PHONE = 390
"""Points that a phone is wide."""
_ON_A_PHONE = "<style class='phone'>.topbar, .sidebar, .composer { display: none !important }</style>"
_MOMENTS = r"""(() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) {
        texts.currentNode.data = texts.currentNode.data.replace(/<!date\^\d+\^[^|]*\|([^>]*)>/g, '$1')
    }
})()"""
"""Writes moments as Slack does for whoever is in the time zone they are told in; the page shows how they are sent."""
_SHOWN = f"""(() => {{
    const shown = [...document.querySelectorAll('.messages *, .home *, .modal')]
    const end = Math.max(...shown.map(e => e.getBoundingClientRect().bottom))
    return {{x: 0, y: 0, width: {_PHONE}, height: end + 16}}
}})()"""
"""Where what is shown ends, from the top of the page."""


async def _draw(page: Page, rich_texts: list[str]) -> None:
    """Put rich texts where the page has only their kind."""
    unknown = "[...document.querySelectorAll('.bk-unknown')].filter(e => e.textContent === '[rich_text]')"
    assert await page.run(f"{unknown}.length") == len(rich_texts)
    # Beside what the page itself made and will change again, which must stay as it is.
    await page.run(
        f"{unknown}.forEach((e, n) => {{ e.hidden = true; e.insertAdjacentElement('beforebegin', Object.assign("
        f"document.createElement('div'), {{className: 'drawn', innerHTML: {json.dumps(rich_texts)}[n]}})) }})"
    )


async def eventually(happened: Callable[[], Awaitable[Any]]) -> Any:
    """The first true value of something that another process brings about."""
    async with asyncio.timeout(20):
        while not (value := await happened()):
            await asyncio.sleep(0.05)
        return value


async def _connected(people: Emulator) -> bool:
    """Whether the emulator reaches Paperboy: it answers a command."""
    await people.command("status")
    await asyncio.sleep(0.2)
    return bool(await people.messages())


async def _installed() -> bool:
    """Install Paperboy as somebody does with a browser; tried until Paperboy listens."""
    # The page protects its cookie for https; on this machine there is none.
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        try:
            async with session.get(f"{PAPERBOY}/slack/install") as page:
                state = (await page.text()).partition("state=")[2].partition("&")[0]
                cookie = page.headers["Set-Cookie"].partition(";")[0]
        except aiohttp.ClientConnectionError:
            return False
        query = {"code": "e2e", "state": state}
        async with session.get(f"{PAPERBOY}/slack/oauth_redirect", params=query, headers={"Cookie": cookie}) as page:
            assert "Thank you" in await page.text()
    return True
