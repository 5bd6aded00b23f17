"""Where messages are in the small Discord: channels of every kind, threads, posts of forums, and private talks."""

import itertools
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from tests.support.discord.fake_gateway import Gateway

BOT, APPLICATION, OWNER = "100", "100", "101"
GUILD = "1"
EPHEMERAL, CROSSPOSTED, HAS_THREAD = 1 << 6, 1 << 0, 1 << 5
PUBLISHED_AN_HOUR = 10
"""Messages of an announcement channel that Discord publishes; here no hour goes by."""
NEWS, NEWS_THREAD, THREAD, FORUM = 5, 10, 11, 15
AT = "2026-01-19T18:00:00+00:00"

Json = dict[str, Any]


class Rooms:
    """Channels and their messages, kept as Discord does."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.channels: dict[str, Json] = {}
        self.guilds: list[Json] = [{"id": GUILD, "name": "A lab", "icon": None, "features": [], "owner": False}]
        """The servers the bot was added to."""
        self.messages: dict[str, list[Json]] = defaultdict(list)
        self._ids = itertools.count(2_000_000)
        self.seconds: Callable[[], float] = lambda: 0.0
        """Discord's clock, by which it forgets nonces."""
        self.nonce_lasts = 300.0
        self._nonces: dict[tuple[str, str], tuple[float, Json]] = {}

    def new_id(self) -> str:
        return str(next(self._ids))

    def forget_nonces(self) -> None:
        """Some minutes go by, after which Discord compares nonces no more."""
        self._nonces.clear()

    def shown(self, channel: str) -> list[Json]:
        """What everybody sees in a channel."""
        return [message for message in self.messages[channel] if not message["flags"] & EPHEMERAL]

    def threads(self, channel: str) -> list[Json]:
        """The threads of a channel, or the posts of a forum."""
        return [each for each in self.channels.values() if each.get("parent_id") == channel]

    def rooms_table(self) -> list[Any]:
        """The routes to it."""
        return [
            ("POST", r"/channels/(\d+)/messages", self._post),
            ("GET", r"/channels/(\d+)/messages", self._history),
            ("GET", r"/channels/(\d+)/messages/(\d+)", self._read),
            ("POST", r"/channels/(\d+)/messages/(\d+)/crosspost", self._publish),
            ("POST", r"/channels/(\d+)/messages/(\d+)/threads", self._open_thread),
            ("POST", r"/channels/(\d+)/threads", self._open_post),
            ("GET", r"/guilds/\d+/threads/active", self._active),
            ("GET", r"/guilds/(\d+)/channels", self._channels),
            ("GET", "/users/@me/guilds", self._guilds),
            ("GET", r"/channels/(\d+)", self._channel),
            ("POST", r"/users/@me/channels", self._talk),
        ]

    async def _post(self, body: Json, channel: str) -> web.Response:
        nonce = (channel, str(body.get("nonce")))
        known = self._nonces.get(nonce)
        if not (body.get("enforce_nonce") and known and self.seconds() - known[0] < self.nonce_lasts):
            self._nonces[nonce] = known = self.seconds(), self.message(channel, body)
        return answer(known[1])

    async def _history(self, _: Any, channel: str) -> web.Response:
        return answer(self.messages[channel][::-1][:100])

    async def _read(self, _: Any, channel: str, message: str) -> web.Response:
        return answer(self.find(channel, message))

    async def _publish(self, _: Any, channel: str, message: str) -> web.Response:
        assert self.channels[channel]["type"] == NEWS
        found = self.find(channel, message)
        if found["flags"] & CROSSPOSTED:
            return answer({"message": "This message has already been crossposted", "code": 40033}, status=400)
        if sum(bool(each["flags"] & CROSSPOSTED) for each in self.messages[channel]) == PUBLISHED_AN_HOUR:
            limited = {"message": "You are being rate limited.", "retry_after": 3600.0, "global": False}
            return answer(limited, status=429, headers={"Via": "1.1 fake", "Retry-After": "3600"})
        found["flags"] |= CROSSPOSTED
        return answer(found)

    async def _open_thread(self, body: Json, channel: str, message: str) -> web.Response:
        found = self.find(channel, message)
        if found["flags"] & HAS_THREAD:
            return answer({"message": "A thread has already been created for this message", "code": 160004}, status=400)
        found["flags"] |= HAS_THREAD
        kind = NEWS_THREAD if self.channels[channel]["type"] == NEWS else THREAD
        found["thread"] = await self._thread(message, channel, body["name"], kind)
        return answer(found["thread"])

    async def _open_post(self, body: Json, forum: str) -> web.Response:
        assert self.channels[forum]["type"] == FORUM
        number = self.new_id()
        thread = await self._thread(number, forum, body["name"], THREAD, tags=body.get("applied_tags", []))
        first = self.message(number, body["message"])
        first["id"] = number  # as Discord has it
        return answer({**thread, "message": first})

    async def _thread(self, number: str, parent: str, name: str, kind: int, tags: list[str] | None = None) -> Json:
        """A thread, of which the gateway tells before the answer comes."""
        times = {"archive_timestamp": AT, "create_timestamp": AT}
        state = {"archived": False, "locked": False, "auto_archive_duration": 1440, **times}
        about = {"id": number, "type": kind, "guild_id": GUILD, "parent_id": parent, "owner_id": BOT, "name": name}
        counts = {"message_count": 0, "member_count": 1, "total_message_sent": 0, "rate_limit_per_user": 0, "flags": 0}
        more = {"thread_metadata": state, "last_message_id": None, "applied_tags": tags or []}
        self.channels[number] = {**about, **counts, **more}
        await self.gateway.send("THREAD_CREATE", {**self.channels[number], "newly_created": True})
        return self.channels[number]

    async def _active(self, _: Any) -> web.Response:
        threads = [each for each in self.channels.values() if each["type"] in {THREAD, NEWS_THREAD}]
        return answer({"threads": threads, "members": []})

    async def _guilds(self, _: Any) -> web.Response:
        return answer(self.guilds)

    async def _channel(self, _: Any, channel: str) -> web.Response:
        known = self.channels.get(channel)
        return answer(known) if known else answer({"message": "Unknown Channel", "code": 10003}, status=404)

    async def _channels(self, _: Any, guild: str) -> web.Response:
        return answer([each for each in self.channels.values() if each["guild_id"] == guild and each["type"] != THREAD])

    async def _talk(self, body: Json) -> web.Response:
        recipient = user(body["recipient_id"], "somebody")
        return answer({"id": f"9{body['recipient_id']}", "type": 1, "last_message_id": None, "recipients": [recipient]})

    def message(self, channel: str, body: Json, asked: Any = None, author: Json | None = None) -> Json:
        """A new message: the bot's, unless somebody else is the author."""
        message = {
            "id": self.new_id(), "channel_id": channel, "author": author or user(BOT, "paperboy", bot=True),
            "content": body.get("content") or "", "timestamp": AT, "edited_timestamp": None, "tts": False,
            "pinned": False, "mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [],
            "embeds": [], "type": 20 if asked else 0, "flags": body.get("flags", 0),
            "components": numbered(body.get("components", [])),
        }  # fmt: skip
        if asked:
            about = {"id": asked.id, "type": 2, "user": asked.user, "authorizing_integration_owners": {"0": GUILD}}
            message["interaction_metadata"] = about
        self.messages[channel].append(message)
        return message

    def find(self, channel: str, message: str) -> Json:
        return next(each for each in self.messages[channel] if each["id"] == message)


def answer(data: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """JSON, with the content type exactly as Discord writes it."""
    named = {"Content-Type": "application/json", **(headers or {})}
    return web.Response(body=json.dumps(data).encode(), status=status, headers=named)


def user(user_id: str, name: str, *, bot: bool = False) -> Json:
    """Somebody, as Discord describes people."""
    return {"id": user_id, "username": name, "discriminator": "0", "global_name": None, "avatar": None, "bot": bot}


def numbered(components: list[Json]) -> list[Json]:
    """The components with ids, which Discord adds where a bot gave none."""
    ids = itertools.count(1)

    def add(part: Json) -> Json:
        inside = {"components": [add(each) for each in part["components"]]} if "components" in part else {}
        return {"id": next(ids), **part, **inside}

    return [add(part) for part in components]
