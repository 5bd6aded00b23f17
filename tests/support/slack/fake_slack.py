"""A small Slack on 127.0.0.1: the Web API, response URLs, Socket Mode and OAuth, with faults on request.

Every payload it gets is checked; one that Slack would not take fails the test when the fake is closed.
"""

import asyncio
import json
import math
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any, Self

from aiohttp import WSMsgType, web

from tests.support.slack.checker import check_blocks, check_view

BOT_USER = "UBOT"
_NOT_ANY_MORE = "invalid_refresh_token"


@dataclass
class Channel:
    """A channel and what it shows, by timestamp."""

    id: str
    is_member: bool = True
    is_archived: bool = False
    is_private: bool = False
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """What goes wrong with a call: an error, being too fast, a broken connection, or an answer that is none.

    `accepted`: the call does what it does all the same. `until`: the answer waits for it, and then is as ever.
    """

    error: str = ""
    retry_after: str = ""
    drop: bool = False
    status: int = 200
    accepted: bool = False
    needed: str = ""
    until: asyncio.Event | None = None


class FakeSlack:
    """The server and its state. `url` is where the Web API is."""

    def __init__(self) -> None:
        self.url = ""
        self.scopes = ""
        self.tokens = {"xoxb-T1": "T1", "xoxb-T2": "T2"}
        self.seconds: Callable[[], float] = lambda: 1768863600
        """Slack's clock, since 1970: messages are named by it."""
        self.page = 999
        """Messages a page of a channel's history has at most."""
        self.outside_marketplace = False
        """Whether channels are read as by an app that is distributed outside Slack's Marketplace."""
        self.refused: list[str] = []
        """Methods of calls that were refused for being too fast."""
        self._read_at: dict[tuple[str, str], float] = {}
        self.channels: dict[tuple[str, str], Channel] = {}
        self.refuses_app_token = False
        self.admins = {"UADMIN"}
        self.users: dict[str, dict[str, Any]] = {}
        """What `users.info` tells of people besides."""
        self.organisation = ["T1", "T2"]
        """The workspaces of the organisation."""
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.responses: list[tuple[str, dict[str, Any]]] = []
        self.ephemerals: list[dict[str, Any]] = []
        self.views: dict[str, dict[str, Any]] = {}
        self.homes: dict[str, dict[str, Any]] = {}
        self.files: list[dict[str, Any]] = []
        self.uploads: dict[str, bytes] = {}
        self.brought: dict[str, tuple[dict[str, Any], bytes]] = {}
        """What people uploaded, by its id."""
        self.oauth: dict[str, Any] = {}
        self.acks: dict[str, Any] = {}
        self.problems: list[str] = []
        self._faults: dict[str, deque[Fault | None]] = defaultdict(deque)
        self._changed = asyncio.Condition()
        self._sockets: list[web.WebSocketResponse] = []
        self._count = 0
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.add_routes(
            [
                web.post("/api/{method}", self._call),
                web.get("/api/{method}", self._call),
                web.post("/response/{name}", self._respond),
                web.post("/upload/{name}", self._upload),
                web.get("/link", self._link),
                web.get("/files-pri/{name}", self._file),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.root = f"http://127.0.0.1:{port}"
        self.url = f"{self.root}/api/"
        return self

    async def __aexit__(self, *_: object) -> None:
        for socket in self._sockets:
            await socket.close()
        if self._runner:
            await self._runner.cleanup()
        assert not self.problems, "\n".join(self.problems)

    def add(self, channel: Channel, team: str = "T1") -> Channel:
        """A channel of a workspace."""
        self.channels[team, channel.id] = channel
        return channel

    def fail(self, method: str, *faults: Fault, after: int = 0) -> None:
        """Let the next calls of a method go wrong, once some went well."""
        self._faults[method].extend([*[None] * after, *faults])

    async def until(self, happened: Callable[[], Any]) -> None:
        """Wait for something to be so, at each change."""
        async with asyncio.timeout(120), self._changed:
            await self._changed.wait_for(lambda: bool(happened()))

    async def deliver(self, kind: str, payload: Mapping[str, Any], *, socket: int = -1) -> Any:
        """Send an envelope through a Socket Mode connection; returns what the acknowledgement carried."""
        self._count += 1
        envelope = f"envelope-{self._count}"
        await self.until(lambda: self._sockets)
        message = {"type": kind, "envelope_id": envelope, "payload": payload, "accepts_response_payload": True}
        await self._sockets[socket].send_json(message)
        await self.until(lambda: envelope in self.acks)
        return self.acks[envelope]

    async def disconnect(self) -> None:
        """Close every Socket Mode connection."""
        for socket in self._sockets:
            await socket.close()

    @property
    def connections(self) -> int:
        """How many Socket Mode connections were made."""
        return len(self._sockets)

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or arguments.pop("token", "")
        self.calls.append((method, arguments))
        fault = self._faults[method].popleft() if self._faults[method] else None
        if fault is None or fault.accepted or fault.until:
            answer = self._answer(method, arguments, token)
        await self._notify()
        if fault and fault.until:
            await fault.until.wait()
        elif fault:
            return await self._failed(request, fault)
        if wait := answer.pop("retry_after", 0):
            return await self._failed(request, Fault(retry_after=str(wait)))
        headers = {"Date": formatdate(self.seconds(), usegmt=True)}
        granted = {"x-oauth-scopes": self.scopes} if self.scopes else {}
        return web.json_response(answer, headers={**headers, **granted})

    async def _failed(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.drop:
            assert request.transport
            request.transport.close()
            return web.Response()
        if fault.retry_after:
            self.refused.append(request.match_info["method"])
            body = {"ok": False, "error": "ratelimited"}
            return web.json_response(body, status=429, headers={"Retry-After": fault.retry_after})
        if fault.status != 200:
            return web.Response(status=fault.status, text="<html>upstream</html>", content_type="text/html")
        return web.json_response({"ok": False, "error": fault.error, "needed": fault.needed, "provided": "commands"})

    def _answer(self, method: str, arguments: dict[str, Any], token: str) -> dict[str, Any]:
        if method in {"oauth.v2.access", "apps.connections.open"}:
            return self._without_token(method, arguments)
        team = self.tokens.get(token)
        if team is None:
            return {"ok": False, "error": "invalid_auth"}
        handler = getattr(self, "_" + method.replace(".", "_"), None)
        if handler is None:
            self.problems.append(f"{method} is not known here")
            return {"ok": False, "error": "unknown_method"}
        if wait := self._limited(method, team):
            return {"ok": False, "error": "ratelimited", "retry_after": wait}
        answer: dict[str, Any] = handler(team, arguments)
        return answer if "error" in answer else {"ok": True, **answer}

    def _limited(self, method: str, team: str) -> int:
        """Seconds until a workspace's messages may be read again; 0 when they may now."""
        if not self.outside_marketplace or method not in {"conversations.history", "conversations.replies"}:
            return 0
        self.page, now = 15, self.seconds()
        if (left := self._read_at.get((team, method), 0) + 60 - now) > 0:
            return math.ceil(left)
        self._read_at[team, method] = now
        return 0

    def _without_token(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if method == "apps.connections.open" and self.refuses_app_token:
            return {"ok": False, "error": "invalid_auth"}
        if method == "apps.connections.open":
            return {"ok": True, "url": f"{self.root.replace('http', 'ws')}/link"}
        code, refresh_token = arguments.get("code", ""), arguments.get("refresh_token", "")
        found = self.oauth.pop(code or refresh_token, None)  # each counts once
        return (
            {"ok": True, **found} if found else {"ok": False, "error": f"invalid_{'code' if code else 'refresh_token'}"}
        )

    def _checked(self, check: Callable[..., None], *arguments: Any) -> None:
        try:
            check(*arguments)
        except AssertionError as error:
            self.problems.append(str(error))

    def _auth_test(self, team: str, _: dict[str, Any]) -> dict[str, Any]:
        return {"team_id": team, "user_id": BOT_USER, "bot_id": "BBOT", "team": team, "user": "paperboy", "url": "u"}

    def _users_info(self, _team: str, arguments: dict[str, Any]) -> dict[str, Any]:
        user = arguments["user"]
        known = {"id": user, "is_admin": user in self.admins, "is_owner": False, "tz": "Europe/Berlin"}
        return {"user": {**known, **self.users.get(user, {})}}

    def _auth_teams_list(self, _team: str, _arguments: dict[str, Any]) -> dict[str, Any]:
        return {"teams": [{"id": team, "name": team} for team in self.organisation]}

    def _users_list(self, _team: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """A member at a time: those who own the workspace are the last."""
        members = [{"id": "U1"}, {"id": "UGONE", "is_owner": True, "deleted": True}, {"id": "UOWNER", "is_owner": True}]
        start = int(arguments.get("cursor") or 0)
        following = str(start + 1) if start + 1 < len(members) else ""
        return {"members": members[start : start + 1], "response_metadata": {"next_cursor": following}}

    def _conversations_info(self, team: str, arguments: dict[str, Any]) -> dict[str, Any]:
        channel = self.channels.get((team, arguments["channel"]))
        if channel is None or (channel.is_private and not channel.is_member):
            return {"ok": False, "error": "channel_not_found"}
        names = ("id", "is_member", "is_archived", "is_private")
        return {"channel": {name: getattr(channel, name) for name in names}}

    def _conversations_list(self, team: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """The channels the bot can see, two a page."""
        seen = [
            {"id": each.id, "name": each.id.lower(), "is_member": each.is_member}
            for (where, _), each in self.channels.items()
            if where == team and not each.is_archived and (each.is_member or not each.is_private)
        ]
        start = int(arguments.get("cursor") or 0)
        following = str(start + 2) if start + 2 < len(seen) else ""
        return {"channels": seen[start : start + 2], "response_metadata": {"next_cursor": following}}

    def _conversations_join(self, team: str, arguments: dict[str, Any]) -> dict[str, Any]:
        self.channels[team, arguments["channel"]].is_member = True
        return {"channel": {"id": arguments["channel"]}}

    def _conversations_open(self, _team: str, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"channel": {"id": self._talk(arguments["users"])}}

    def _conversations_history(self, team: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Messages between `oldest` and `latest`, the newest first, a page at a time."""
        channel = self.channels[team, arguments["channel"]]
        if not channel.is_member:
            return {"ok": False, "error": "not_in_channel"}
        oldest, latest = float(arguments.get("oldest", 0)), float(arguments.get("latest", "inf"))
        hidden = set() if arguments.get("include_all_metadata") == "1" else {"metadata"}
        found = [
            {"ts": ts, **{name: value for name, value in message.items() if name not in hidden}}
            for ts, message in sorted(channel.messages.items(), reverse=True)
            if oldest <= float(ts) <= latest and "thread_ts" not in message
        ]
        start, limit = int(arguments.get("cursor", 0)), min(int(arguments.get("limit", 100)), self.page)
        more = start + limit < len(found)
        following = {"next_cursor": str(start + limit)} if more else {}
        return {"messages": found[start : start + limit], "has_more": more, "response_metadata": following}

    def _conversations_replies(self, team: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """A message and the answers under it, the oldest first."""
        messages, parent = self.channels[team, arguments["channel"]].messages, arguments["ts"]
        if parent not in messages:
            return {"ok": False, "error": "thread_not_found"}
        oldest, latest = float(arguments.get("oldest", 0)), float(arguments.get("latest", "inf"))
        under = [each for ts, each in sorted(messages.items()) if each.get("thread_ts") == parent]
        found = [each for each in under if oldest <= float(each["ts"]) <= latest]
        page = min(int(arguments.get("limit", 100)), self.page)
        return {"messages": [messages[parent], *found[:page]], "has_more": len(found) > page}

    @staticmethod
    def _talk(user: str) -> str:
        return "D" + user

    def _chat_postMessage(self, team: str, arguments: dict[str, Any]) -> dict[str, Any]:
        self._checked(check_blocks, arguments["blocks"])
        if not arguments.get("text") or arguments.get("unfurl_links") not in {"0", "false", False}:
            self.problems.append("a message without text, or with unfurled links")
        name = arguments["channel"]
        channel = self.channels.get((team, name))
        if channel is None and name.startswith("U"):
            channel = self.channels.setdefault((team, self._talk(name)), self.add(Channel(name), team))
        if channel is None or (channel.is_private and not channel.is_member):
            return {"ok": False, "error": "channel_not_found"}
        if channel.is_archived:
            return {"ok": False, "error": "is_archived"}
        if not channel.is_member:
            return {"ok": False, "error": "not_in_channel"}
        self._count += 1
        ts = f"{int(self.seconds())}.{self._count:06}"
        channel.messages[ts] = {**arguments, "ts": ts, "user": BOT_USER}
        return {"ts": ts, "channel": name}

    def _chat_getPermalink(self, team: str, arguments: dict[str, Any]) -> dict[str, Any]:
        channel, ts = arguments["channel"], arguments["message_ts"]
        if (team, channel) not in self.channels:
            return {"ok": False, "error": "channel_not_found"}
        return {"channel": channel, "permalink": f"https://lab.slack.com/archives/{channel}/p{ts.replace('.', '')}"}

    def _chat_unfurl(self, _team: str, arguments: dict[str, Any]) -> dict[str, Any]:
        for card in arguments["unfurls"].values():
            self._checked(check_blocks, card["blocks"])
        return {}

    def _chat_postEphemeral(self, _team: str, arguments: dict[str, Any]) -> dict[str, Any]:
        self._checked(check_blocks, arguments["blocks"])
        self.ephemerals.append(arguments)
        return {"message_ts": "1.1"}

    def _views_open(self, _team: str, arguments: dict[str, Any]) -> dict[str, Any]:
        return self._view(f"V{len(self.views) + 1}", arguments["view"])

    def _views_update(self, _team: str, arguments: dict[str, Any]) -> dict[str, Any]:
        return self._view(arguments["view_id"], arguments["view"])

    def _views_push(self, _team: str, arguments: dict[str, Any]) -> dict[str, Any]:
        return self._view(f"V{len(self.views) + 1}", arguments["view"])

    def _views_publish(self, _team: str, arguments: dict[str, Any]) -> dict[str, Any]:
        self._checked(check_view, arguments["view"])
        self.homes[arguments["user_id"]] = arguments["view"]
        return {"view": {"id": "VHOME"}}

    def _view(self, name: str, view: dict[str, Any]) -> dict[str, Any]:
        self._checked(check_view, view)
        self.views[name] = view
        return {"view": {"id": name, **view}}

    def _files_getUploadURLExternal(self, _team: str, arguments: dict[str, Any]) -> dict[str, Any]:
        name = f"F{len(self.uploads) + 1}"
        self.uploads[name] = b""
        return {"upload_url": f"{self.root}/upload/{name}", "file_id": name, "name": arguments["filename"]}

    def _files_completeUploadExternal(self, _team: str, arguments: dict[str, Any]) -> dict[str, Any]:
        self.files.append(arguments)
        return {"files": [{"id": each["id"]} for each in arguments["files"]]}

    async def _upload(self, request: web.Request) -> web.Response:
        self.uploads[request.match_info["name"]] = await request.read()
        return web.Response(text="OK")

    def _chat_update(self, team: str, arguments: dict[str, Any]) -> dict[str, Any]:
        self._checked(check_blocks, arguments["blocks"])
        messages = self.channels[team, arguments["channel"]].messages
        messages[arguments["ts"]] = {**messages[arguments["ts"]], **arguments}
        return {"ts": arguments["ts"], "channel": arguments["channel"]}

    def _files_info(self, _team: str, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"file": self.brought[arguments["file"]][0]}

    def bring(self, name: str, content: bytes) -> dict[str, Any]:
        """A file that somebody uploads, as an event tells of it."""
        file_id = f"FB{len(self.brought) + 1}"
        address = f"{self.root}/files-pri/{file_id}"
        about = {"id": file_id, "name": name, "size": len(content), "mode": "hosted", "url_private": address}
        self.brought[file_id] = (about, content)
        return about

    async def _file(self, request: web.Request) -> web.StreamResponse:
        """A file, to whoever has the token of a workspace and may read files; else the page for signing in."""
        allowed = not self.scopes or "files:read" in self.scopes.split(",")
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens or not allowed:
            raise web.HTTPFound(f"{self.root}/signin")
        return web.Response(body=self.brought[request.match_info["name"]][1])

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        if "blocks" in body or not body.get("text"):  # a text alone is a message, too
            self._checked(check_blocks, body["blocks"])
        self.responses.append((request.match_info["name"], body))
        fault = self._faults["response"].popleft() if self._faults["response"] else None
        await self._notify()
        return await self._failed(request, fault) if fault else web.Response(text="ok")

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self._sockets.append(socket)
        await self._notify()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                said = json.loads(message.data)
                self.acks[said["envelope_id"]] = said.get("payload")
                await self._notify()
        return socket


async def _arguments(request: web.Request) -> dict[str, Any]:
    """What a call carries, as JSON or as a form; lists and objects in a form are JSON."""
    if request.content_type == "application/json":
        return {**request.query, **await request.json()}
    form = {name: str(value) for name, value in {**request.query, **await request.post()}.items()}
    return {name: json.loads(value) if value[:1] in {"[", "{"} else value for name, value in form.items()}
