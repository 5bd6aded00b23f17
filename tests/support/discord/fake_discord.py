"""A small Discord on 127.0.0.1: the part of its REST API that the bot uses, next to the gateway of `fake_gateway`.

It keeps messages as Discord does, checks every request against the documented limits, and can be told to fail.
"""

import json
import re
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.support.discord.fake_gateway import Gateway
from tests.support.discord.fake_rooms import APPLICATION, BOT, OWNER, Json, Rooms, answer, numbered, user
from tests.support.discord.limits import check_request

__all__ = ["APPLICATION", "BOT", "OWNER", "Asked", "FakeDiscord", "Json", "user"]

Handler = Callable[..., Awaitable[web.Response]]


@dataclass(slots=True)
class Asked:
    """An interaction: who asked, where, and what became of it."""

    id: str
    channel: str
    user: Json
    under: str = ""
    """Id of the message whose component was used."""
    callback: int = 0
    modal: Json | None = None
    original: Json | None = None
    followups: list[Json] = field(default_factory=list)
    edits: int = 0


_LATE: dict[str, Any] = {"lose": "drop", "fail late": 503}
"""Failures that come when everything is done -> what they are like."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request the bot sent."""

    method: str
    path: str
    body: Any


class FakeDiscord(Rooms):
    """One server (guild 1) with some channels."""

    def __init__(self) -> None:
        super().__init__(Gateway())
        self.flags = 0
        """Of the application: what the portal grants it."""
        self.installs: Json = {"0": {}, "1": {}}
        """Where the portal lets it be installed: in servers, on accounts."""
        self.interactions: dict[str, Asked] = {}
        self.requests: list[Sent] = []
        self.violations: list[str] = []
        self.commands: list[Json] = []
        self.url = ""
        self._failures: dict[tuple[str, str], deque[Any]] = defaultdict(deque)
        self._routes = self._table()

    # --- for tests

    def fail(self, method: str, path: str, *answers: Any) -> None:
        """Let the next requests to a path (a regular expression) end so.

        A status; seconds to wait; `drop`, a connection that breaks before anything is done; `lose`, one that breaks
        when everything is done; `fail late`, a 503 when everything is done; `edge`, a 429 of the network in front of
        Discord, which asks for 7 seconds.
        """
        self._failures[method, path].extend(answers)

    async def until(self, done: Callable[[], Any]) -> Any:
        """Wait for something to become true; whatever the bot does makes us look again."""
        return await self.gateway.until(done)

    # --- the server

    @asynccontextmanager
    async def running(self) -> AsyncIterator["FakeDiscord"]:
        app = web.Application(client_max_size=20 * 1024 * 1024)
        app.router.add_get("/gateway/", self.gateway.connect)
        app.router.add_route("*", "/api/v10/{path:.*}", self._answer)
        async with TestServer(app, host="127.0.0.1") as server:
            self.url = str(server.make_url("/api/v10"))
            self.gateway.url = f"ws://127.0.0.1:{server.port}/gateway/"
            yield self

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = "/" + request.match_info["path"]
        body = await _body(request)
        self.requests.append(Sent(request.method, path, body))
        try:
            check_request(request.method, path, body)
        except AssertionError as error:
            self.violations.append(f"{request.method} {path}: {error!r}")
        failure = self._failure(request.method, path)
        if failure is not None and failure not in _LATE:
            return self._failed(request, failure)
        for method, pattern, handler in self._routes:
            match = re.fullmatch(pattern, path)
            if match and method == request.method:
                answered = await handler(body, *match.groups())
                await self.gateway.changed()
                return self._failed(request, _LATE[failure]) if failure else answered
        raise AssertionError(f"{request.method} {path} is not known here")

    def _failure(self, method: str, path: str) -> Any:
        for (failing, pattern), answers in self._failures.items():
            if answers and failing == method and re.fullmatch(pattern, path):
                return answers.popleft()
        return None

    def _failed(self, request: web.Request, failure: Any) -> web.StreamResponse:
        if failure == "drop":
            assert request.transport
            request.transport.abort()
            return web.Response()
        if failure == "edge":
            return web.Response(text="error code: 1015", status=429, headers={"Retry-After": "7"})
        if isinstance(failure, float):
            limited = {"message": "You are being rate limited.", "retry_after": failure, "global": False}
            return answer(limited, status=429, headers={"Via": "1.1 fake", "Retry-After": str(failure)})
        return answer({"message": "It fails", "code": 0}, status=failure)

    def _table(self) -> list[tuple[str, str, Handler]]:
        return [
            ("GET", "/users/@me", self._me),
            ("GET", "/oauth2/applications/@me", self._application),
            ("GET", "/gateway/bot", self._gateway),
            ("PUT", r"/applications/\d+/commands", self._register),
            ("PUT", r"/applications/\d+/guilds/\d+/commands", self._register),
            ("GET", r"/applications/\d+/commands", self._registered),
            ("POST", r"/interactions/(\d+)/([\w-]+)/callback", self._callback),
            ("PATCH", r"/webhooks/\d+/([\w-]+)/messages/@original", self._edit_original),
            ("DELETE", r"/webhooks/\d+/([\w-]+)/messages/@original", self._delete_original),
            ("POST", r"/webhooks/\d+/([\w-]+)", self._follow_up),
            *self.rooms_table(),
        ]

    # --- the routes

    async def _me(self, _: Any) -> web.Response:
        return answer(user(BOT, "paperboy", bot=True))

    async def _application(self, _: Any) -> web.Response:
        owner = user(OWNER, "olga")
        about = {"id": APPLICATION, "name": "Paperboy", "description": "", "icon": None, "bot_public": True}
        more = {"bot_require_code_grant": False, "verify_key": "", "owner": owner, "team": None, "summary": ""}
        return answer({**about, **more, "flags": self.flags, "integration_types_config": self.installs})

    async def _gateway(self, _: Any) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return answer({"url": self.gateway.url, "shards": 1, "session_start_limit": limit})

    async def _register(self, body: list[Json]) -> web.Response:
        extra = {
            "application_id": APPLICATION,
            "version": "1",
            "default_member_permissions": None,
            "dm_permission": True,
        }
        self.commands = [{"description": "", **command, "id": self.new_id(), **extra} for command in body]
        return answer(self.commands)

    async def _registered(self, _: Any) -> web.Response:
        return answer(self.commands)

    async def _callback(self, body: Json, interaction_id: str, token: str) -> web.Response:
        asked = self.interactions[token]
        if asked.callback:
            return answer({"message": "Already acknowledged", "code": 40060}, status=400)
        asked.callback = body["type"]
        if body["type"] == 5:
            asked.original = self.message(asked.channel, body.get("data") or {}, asked)
        elif body["type"] == 6:
            asked.original = self.find(asked.channel, asked.under)
        elif body["type"] == 9:
            asked.modal = body["data"]
        told = {"id": interaction_id, "type": 2, "activity_instance_id": None}
        return answer({"interaction": told, "resource": {"type": body["type"]}})

    async def _edit_original(self, body: Json, token: str) -> web.Response:
        asked = self.interactions[token]
        assert asked.original
        asked.original["components"] = numbered(body.get("components", []))
        asked.original["flags"] |= body.get("flags", 0)
        asked.edits += 1
        return answer(asked.original)

    async def _delete_original(self, _: Any, token: str) -> web.Response:
        asked = self.interactions[token]
        assert asked.original
        self.messages[asked.channel].remove(asked.original)
        asked.original = None
        return web.Response(status=204)

    async def _follow_up(self, body: Json, token: str) -> web.Response:
        asked = self.interactions[token]
        made = self.message(asked.channel, body, asked)
        asked.followups.append(made)
        return answer(made)


async def _body(request: web.Request) -> Any:
    """The JSON of a request, from its part where files come along."""
    if request.content_type.startswith("multipart/"):
        form = await request.post()
        return json.loads(str(form["payload_json"]))
    raw = await request.read()
    return json.loads(raw) if raw else None
