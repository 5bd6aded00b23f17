"""Headless Chromium, driven by its own debugging protocol."""

import asyncio
import base64
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

_PORT = 9222


class Page:
    """One page."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)

    async def open(self, url: str) -> None:
        """Go to an address."""
        await self._call("Page.navigate", url=url)

    async def run(self, script: str) -> Any:
        """The value of a JavaScript expression."""
        answer = await self._call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        return answer.get("result", {}).get("value")

    async def until(self, script: str) -> None:
        """Wait for an expression to be true."""
        async with asyncio.timeout(15):
            while not await self.run(script):
                await asyncio.sleep(0.1)

    async def shows(self, text: str) -> None:
        """Wait for words to be on the page."""
        await self.until(f"document.body.innerText.includes({json.dumps(text)})")

    async def click(self, text: str, among: str = "button, a, div, span, li") -> None:
        """Click the innermost element that says just this."""
        found = (
            f"[...document.querySelectorAll({json.dumps(among)})]"
            f".filter(e => e.textContent.trim() === {json.dumps(text)}).pop()"
        )
        await self.until(f"!!{found}")
        await self.run(f"{found}.click()")

    async def type(self, text: str, into: str) -> None:
        """Type into the element of a CSS selector."""
        found = f"document.querySelector({json.dumps(into)})"
        await self.until(f"!!{found}")
        await self.run(f"{found}.focus()")
        await self._call("Input.insertText", text=text)

    async def screenshot(
        self, path: Path, *, width: int = 960, height: int = 1000, scale: int = 1, clip: str = ""
    ) -> None:
        """Save what is seen as a PNG, with `scale` dots for each point of its width and height.

        `clip` is an expression for the part of it: its x, y, width and height.
        """
        await self._call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False
        )
        await asyncio.sleep(0.3)  # a new size is painted in the next frames; the protocol does not tell when
        part = {"clip": {**await self.run(clip), "scale": 1}} if clip else {}
        picture = await self._call("Page.captureScreenshot", format="png", **part)
        path.write_bytes(base64.b64decode(picture["data"]))

    async def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        async for message in self._socket:
            answer = json.loads(message.data)
            if answer.get("id") == number:
                return dict(answer.get("result", {}))
        raise ConnectionError("the browser went away")


@asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[Page]:
    """A browser with one empty page."""
    process = await asyncio.create_subprocess_exec(
        "chromium",
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--no-first-run",
        "--disable-background-networking",
        f"--remote-debugging-port={_PORT}",
        f"--user-data-dir={folder / 'chromium'}",
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with aiohttp.ClientSession() as session:
            url = await _page(session)
            async with session.ws_connect(url, max_msg_size=0) as socket:
                yield Page(socket)
    finally:
        process.terminate()
        await process.wait()


async def _page(session: aiohttp.ClientSession) -> str:
    async with asyncio.timeout(30):
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{_PORT}/json") as answer:
                    pages = [page for page in await answer.json() if page["type"] == "page"]
                    if pages:
                        return str(pages[0]["webSocketDebuggerUrl"])
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.1)
