"""The Slack emulator as a process, and what people do in it through its control API."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

URL = "http://localhost:3000"
BOT_TOKEN, APP_TOKEN, SIGNING_SECRET = "xoxb-e2e", "xapp-e2e", "e2e-signing-hidden"
TEAM, CHANNEL, BOT, APP_ID = "T01LAB", "C01PAPERS", "U0PAPERBOY", "A01PAPERBOY"
WIRE_PORT = 4000
WIRE = f"http://127.0.0.1:{WIRE_PORT}"
"""Where `wire.py` listens."""

ADMIN = "U01ANA"
_USERS = {"U01ANA": ("ana", "Ana Lopez"), "U02BEN": ("ben", "Ben Okafor"), "U03CHEN": ("chen", "Chen Wei")}


def config(mode: str) -> dict[str, Any]:
    """A lab with one channel and three people."""
    app = {
        "appId": APP_ID,
        "botUserId": BOT,
        "botName": "Paperboy",
        "botToken": BOT_TOKEN,
        "appToken": APP_TOKEN,
        "signingSecret": SIGNING_SECRET,
        "mode": mode,
        "requestUrl": f"{WIRE}/slack/events",
    }
    users = [{"id": key, "name": name, "real_name": real} for key, (name, real) in _USERS.items()]
    channels = [{"id": CHANNEL, "name": "papers", "members": [*_USERS, BOT]}]
    workspace = {"name": "Lab", "domain": "lab", "teamId": TEAM}
    return {"workspace": workspace, "apps": [app], "users": users, "channels": channels}


class Emulator:
    """People in the emulated workspace."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def command(self, text: str, user: str = "U01ANA") -> None:
        """`/papers …`."""
        await self._post("command", {"channel": CHANNEL, "user": user, "command": "/papers", "text": text})

    async def shortcut(self, name: str, message: str = "", user: str = "U01ANA") -> None:
        """A shortcut, on a message or everywhere; `wire.py` makes it of a command."""
        text = f"{name} {message}".strip()
        await self._post("command", {"channel": CHANNEL, "user": user, "command": "/shortcut", "text": text})

    async def press(self, message: dict[str, Any], label: str, user: str = "U01ANA") -> None:
        """A button of a message."""
        action = next(e for e in _elements(message) if e["type"] == "button" and e["text"]["text"] == label)
        await self._act(message, action, user)

    async def press_in_view(self, view: dict[str, Any], label: str, user: str = "U01ANA") -> None:
        """A button beside a section of a view, by its name; the emulator's page does nothing for those in modals."""
        block = next(b for b in view["blocks"] if b.get("accessory", {}).get("text", {}).get("text") == label)
        await self._act({"ts": "in a view"}, {**block["accessory"], "block_id": block["block_id"]}, user)

    async def choose(self, message: dict[str, Any], label: str, user: str = "U01ANA") -> None:
        """A choice, the first of this name, in the menu of a message."""
        menu = next(e for e in _elements(message) if e["type"] == "static_select")
        groups = menu.get("option_groups") or [menu]
        options = [option for group in groups for option in group["options"]]
        chosen = next(option for option in options if option["text"]["text"] == label)
        action = {"type": menu["type"], "action_id": menu["action_id"], "selected_option": chosen}
        await self._act(message, action, user)

    async def react(self, ts: str, name: str, *, user: str = "U01ANA", present: bool = True) -> None:
        """A reaction on a message."""
        body = {"channel": CHANNEL, "ts": ts, "name": name, "user": user, "present": present}
        await self._post("reaction", body)

    async def open_home(self, user: str = "U01ANA") -> None:
        """The home tab."""
        await self._post("open-home", {"user": user})

    async def reset(self) -> None:
        """Everything as it was at the beginning."""
        await self._post("reset", {})

    async def messages(self) -> list[dict[str, Any]]:
        """Everything the channel shows."""
        async with self._session.get(f"{URL}/_control/messages/{CHANNEL}") as answer:
            return list((await answer.json())["messages"])

    async def log(self) -> list[dict[str, Any]]:
        """All traffic with the bot."""
        async with self._session.get(f"{URL}/_control/log") as answer:
            return list((await answer.json())["log"])

    async def _act(self, message: dict[str, Any], action: dict[str, Any], user: str) -> None:
        if message.get("subtype") == "ephemeral":
            assert message["ephemeral_to"] == user, "nobody else sees this message"
        await self._post("interact", {"channel": CHANNEL, "messageTs": message["ts"], "user": user, "action": action})

    async def _post(self, what: str, body: dict[str, Any]) -> None:
        async with self._session.post(f"{URL}/_control/{what}", json=body) as answer:
            assert answer.status == 200, await answer.text()


def _elements(message: dict[str, Any]) -> list[dict[str, Any]]:
    """What can be pressed: in rows, and beside sections."""
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    beside = [block["accessory"] for block in message["blocks"] if "accessory" in block]
    return [*beside, *(element for row in rows for element in row)]


@asynccontextmanager
async def emulator(mode: str, folder: Path) -> AsyncIterator[Emulator]:
    """A fresh workspace, with the app connected by `socket` or `events`."""
    path = folder / "config.json"
    path.write_text(json.dumps(config(mode)), encoding="utf-8")
    binary = os.environ["LOCAL_SLACK"]
    process = await asyncio.create_subprocess_exec(
        binary, "--config", str(path), "--files-dir", str(folder), stdout=asyncio.subprocess.DEVNULL
    )
    try:
        async with aiohttp.ClientSession() as session:
            await _answers(session)
            yield Emulator(session)
    finally:
        process.terminate()
        await process.wait()


async def _answers(session: aiohttp.ClientSession) -> None:
    """Wait until it listens; there is nothing to wait on but trying."""
    async with asyncio.timeout(20):
        while True:
            try:
                async with session.get(f"{URL}/_control/state"):
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.1)
