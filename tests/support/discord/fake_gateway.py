"""The gateway of the small Discord: hello, identify, resume with what was missed, and sockets that break."""

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, HELLO, HEARTBEAT_ACK = 0, 1, 2, 6, 7, 10, 11
PATIENCE = 120.0
"""Seconds after which a test gives up; nothing waits for time to pass."""

Json = dict[str, Any]


class Gateway:
    """One shard's connection at a time; every event is kept until the session ends."""

    def __init__(self) -> None:
        self.url = ""
        self.ready: Callable[[], tuple[Json, list[Json]]] = lambda: ({}, [])
        """Gives the rest of READY, and the servers that follow it."""
        self.identifies: list[Json] = []
        self.resumes: list[Json] = []
        self.refusing = 0
        """The code with which it ends a connection that identifies itself; 0 for none."""
        self._socket: web.WebSocketResponse | None = None
        self._events: list[Json] = []
        self._changed = asyncio.Condition()

    @property
    def connected(self) -> bool:
        return self._socket is not None

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": HELLO, "d": {"heartbeat_interval": 41_250}, "s": None, "t": None})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._take(socket, message.json())
        if self._socket is socket:
            self._socket = None
        return socket

    async def _take(self, socket: web.WebSocketResponse, payload: Json) -> None:
        if payload["op"] == HEARTBEAT:
            await socket.send_json({"op": HEARTBEAT_ACK, "d": None, "s": None, "t": None})
        elif payload["op"] == IDENTIFY:
            self.identifies.append(payload["d"])
            if self.refusing:
                await socket.close(code=self.refusing)
                return
            self._socket, self._events = socket, []
            ready, guilds = self.ready()
            session = f"session-{len(self.identifies)}"
            address = {"session_id": session, "resume_gateway_url": self.url, "shard": payload["d"].get("shard")}
            await self.send("READY", {"v": 10, **ready, **address})
            for guild in guilds:
                await self.send("GUILD_CREATE", guild)
        elif payload["op"] == RESUME:
            self.resumes.append(payload["d"])
            self._socket = socket
            for event in self._events[payload["d"]["seq"] :]:
                await socket.send_json(event)
            await self.send("RESUMED", {})
        await self.changed()

    async def send(self, name: str, data: Json) -> None:
        """Let something happen; a bot that is not connected hears of it when it resumes."""
        event = {"op": DISPATCH, "t": name, "s": len(self._events) + 1, "d": data}
        self._events.append(event)
        if self._socket is not None and not self._socket.closed:
            await self._socket.send_json(event)

    async def ask_to_reconnect(self) -> None:
        """Discord asks its clients to connect anew now and then."""
        assert self._socket
        socket, self._socket = self._socket, None
        await socket.send_json({"op": RECONNECT, "d": None, "s": None, "t": None})

    def drop(self) -> None:
        """Break the connection without a word."""
        assert self._socket
        socket, self._socket = self._socket, None
        transport = socket._req.transport if socket._req else None
        assert transport
        transport.abort()

    async def changed(self) -> None:
        """Let those who wait look again."""
        async with self._changed:
            self._changed.notify_all()

    async def until(self, done: Callable[[], Any]) -> Any:
        """What `done` gives, once that is true."""
        async with asyncio.timeout(PATIENCE), self._changed:
            return await self._changed.wait_for(done)
