"""The wire between Paperboy and the emulator, which adds what Slack has and the emulator lacks.

- OAuth, and who is an admin;
- shortcuts: a command `/shortcut NAME [TS]` becomes one on the way to Paperboy;
- impatience: every event is delivered three times;
- a press in an ephemeral message says so, and does not carry the message;
- every block of a view has a `block_id`, and a press in a view carries the view.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, urlencode

import aiohttp
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from e2e.emulator import ADMIN, APP_ID, BOT, BOT_TOKEN, CHANNEL, SIGNING_SECRET, TEAM, URL, WIRE, WIRE_PORT

PAPERBOY_PORT = 4001
PAPERBOY = f"http://127.0.0.1:{PAPERBOY_PORT}"
"""Where Paperboy listens."""

DELIVERIES = 3
TIMESTAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"
_FORM = "application/x-www-form-urlencoded"

Payload = dict[str, Any]


class Wire:
    """Passes everything on, in both directions."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._link = ""
        self._shown: Payload = {}
        """The newest view of each type."""

    def routes(self) -> list[web.RouteDef]:
        """Slack's addresses."""
        return [
            web.route("*", "/api/{method}", self._call),
            web.get("/link", self._linked),
            web.post("/slack/events", self._request),
        ]

    async def _call(self, request: web.Request) -> web.Response:
        """A call of Paperboy's."""
        method, body = request.match_info["method"], await request.read()
        if method == "oauth.v2.access":
            return web.json_response(_installed())
        if method.startswith("views."):
            body = json.dumps(_with_block_ids(json.loads(body))).encode()
        headers = {name: request.headers[name] for name in ("Authorization", "Content-Type") if name in request.headers}
        url = f"{URL}/api/{method}?{request.query_string}"
        async with self._session.request(request.method, url, data=body, headers=headers) as answered:
            answer: Payload = await answered.json()
        if view := answer.get("view"):
            self._shown[view["type"]] = view
        if method == "apps.connections.open":
            self._link, answer["url"] = answer["url"], f"{WIRE.replace('http', 'ws')}/link"
        if method == "users.info":
            answer["user"]["is_admin"] = answer["user"]["id"] == ADMIN
            answer["user"]["tz"] = "Europe/Berlin"
        return web.json_response(answer)

    async def _linked(self, request: web.Request) -> web.WebSocketResponse:
        """A Socket Mode connection of Paperboy's."""
        paperboy = web.WebSocketResponse()
        await paperboy.prepare(request)
        async with self._session.ws_connect(self._link) as slack:
            both = [
                asyncio.create_task(self._to_paperboy(slack, paperboy)),
                asyncio.create_task(_back(paperboy, slack)),
            ]
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for direction in both:
                direction.cancel()
            await asyncio.gather(*both, return_exceptions=True)
        await paperboy.close()
        return paperboy

    async def _to_paperboy(self, slack: aiohttp.ClientWebSocketResponse, paperboy: web.WebSocketResponse) -> None:
        async for message in slack:
            for envelope in await self._delivered(json.loads(message.data)):
                await paperboy.send_json(envelope)

    async def _delivered(self, envelope: Payload) -> list[Payload]:
        if envelope.get("type") == "slash_commands" and (shortcut := await self._shortcut(envelope["payload"])):
            return [{**envelope, "type": "interactive", "payload": shortcut}]
        if envelope.get("type") == "interactive":
            return [{**envelope, "payload": self._pressed(envelope["payload"])}]
        return [envelope] * (DELIVERIES if envelope.get("type") == "events_api" else 1)

    async def _request(self, request: web.Request) -> web.Response:
        """A signed request of the emulator's."""
        body = await request.text()
        headers = {name: request.headers[name] for name in ("Content-Type", TIMESTAMP, SIGNATURE)}
        form = request.content_type == _FORM
        if form and (payload := await self._interaction(dict(parse_qsl(body)))):
            body = urlencode({"payload": json.dumps(payload)})
            headers[SIGNATURE] = _signed(headers[TIMESTAMP], body)
        for _ in range(1 if form else DELIVERIES):
            async with self._session.post(f"{PAPERBOY}/slack/events", data=body.encode(), headers=headers) as told:
                answer = web.Response(body=await told.read(), status=told.status, content_type=told.content_type)
        return answer

    async def _interaction(self, form: Mapping[str, str]) -> Payload | None:
        """What a form of the emulator's is in Slack; None for a command, which is the same."""
        return self._pressed(json.loads(form["payload"])) if "payload" in form else await self._shortcut(form)

    def _pressed(self, payload: Payload) -> Payload:
        """An interaction as Slack sends it: of an ephemeral message there is only the container."""
        if payload["type"] == "block_actions" and "message" not in payload:
            return self._pressed_in_view(payload)
        if payload.get("message", {}).get("subtype") != "ephemeral":
            return payload
        return {**_without(payload, "message"), "container": {**payload["container"], "is_ephemeral": True}}

    def _pressed_in_view(self, payload: Payload) -> Payload:
        """A press in a modal or the home tab; the `block_id` tells which."""
        in_modal = str(payload["actions"][0].get("block_id")).startswith("modal")
        view = self._shown["modal" if in_modal else "home"]
        container = {"type": "view", "view_id": view["id"]}
        return {**_without(payload, "channel", "response_url"), "view": view, "container": container}

    async def _shortcut(self, command: Mapping[str, Any]) -> Payload | None:
        """The shortcut that a command stands for; None for any other."""
        if command.get("command") != "/shortcut":
            return None
        name, _, ts = command["text"].partition(" ")
        user = {"id": command["user_id"], "username": command["user_name"], "team_id": TEAM}
        shortcut = {"callback_id": name, "user": user, "team": {"id": TEAM, "domain": "lab"}}
        shortcut["trigger_id"] = command["trigger_id"]
        if not ts:
            return {**shortcut, "type": "shortcut"}
        async with self._session.get(f"{URL}/_control/messages/{CHANNEL}") as answer:
            [message] = [each for each in (await answer.json())["messages"] if each["ts"] == ts]
        where = {"channel": {"id": CHANNEL, "name": "papers"}, "response_url": command["response_url"]}
        return {**shortcut, **where, "type": "message_action", "message": message}


async def _back(paperboy: web.WebSocketResponse, slack: aiohttp.ClientWebSocketResponse) -> None:
    async for message in paperboy:
        await slack.send_str(message.data)


def _without(payload: Payload, *left_out: str) -> Payload:
    return {name: each for name, each in payload.items() if name not in left_out}


def _with_block_ids(call: Payload) -> Payload:
    """A call with a view, where Slack names the blocks that Paperboy does not."""
    view = call["view"]
    blocks = [{"block_id": f"{view['type']}{number}", **block} for number, block in enumerate(view["blocks"])]
    return {**call, "view": {**view, "blocks": blocks}}


def _signed(timestamp: str, body: str) -> str:
    return SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=timestamp, body=body) or ""


def _installed() -> Payload:
    """What ends an installation."""
    return {
        "ok": True,
        "access_token": BOT_TOKEN,
        "token_type": "bot",
        "scope": "commands,chat:write",
        "bot_user_id": BOT,
        "app_id": APP_ID,
        "team": {"id": TEAM, "name": "Lab"},
        "authed_user": {"id": ADMIN},
    }


@asynccontextmanager
async def wire() -> AsyncIterator[None]:
    """A wire, in place."""
    async with aiohttp.ClientSession() as session:
        app = web.Application()
        app.add_routes(Wire(session).routes())
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", WIRE_PORT).start()
        try:
            yield
        finally:
            await runner.cleanup()
