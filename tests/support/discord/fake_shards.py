"""A gateway for several processes, each of which holds some of the shards and hears of its own servers alone."""

from collections import defaultdict
from typing import Any

from aiohttp import web

from tests.support.discord.fake_discord import BOT, FakeDiscord, Json, user
from tests.support.discord.fake_gateway import DISPATCH, IDENTIFY, Gateway
from tests.support.discord.fake_people import channel, guild


def guild_on(shard: int) -> str:
    """The id of a server that falls to a shard."""
    return str((shard << 22) | 1)


class ShardedGateway(Gateway):
    """Answers each IDENTIFY with the servers of its shard."""

    def __init__(self, guilds: list[Json]) -> None:
        super().__init__()
        self.guilds = guilds
        self.unavailable: set[str] = set()
        """Servers with an outage: named in READY, and nothing follows."""
        self.holders: dict[int, web.WebSocketResponse] = {}

    async def _take(self, socket: web.WebSocketResponse, payload: Json) -> None:
        if payload["op"] != IDENTIFY:
            await super()._take(socket, payload)
            return
        self.identifies.append(payload["d"])
        shard, count = payload["d"].get("shard") or (0, 1)
        self.holders[shard] = socket
        mine = [each for each in self.guilds if (int(each["id"]) >> 22) % count == shard]
        unavailable = [{"id": each["id"], "unavailable": True} for each in mine]
        about: Json = {"user": user(BOT, "paperboy", bot=True), "application": {"id": BOT, "flags": 0}}
        address = {"session_id": f"session-{shard}", "resume_gateway_url": self.url, "shard": [shard, count]}
        await _tell(socket, 1, "READY", {"v": 10, **about, "guilds": unavailable, **address})
        for number, each in enumerate((each for each in mine if each["id"] not in self.unavailable), 2):
            await _tell(socket, number, "GUILD_CREATE", each)
        await self.changed()


async def _tell(socket: web.WebSocketResponse, number: int, name: str, data: Json) -> None:
    await socket.send_json({"op": DISPATCH, "t": name, "s": number, "d": data})


def sharded_discord(shards: int, channels: int) -> FakeDiscord:
    """A Discord with a server for each shard, over which channels (`1000`, `1001`, …) are dealt in turn."""
    fake = FakeDiscord()
    dealt: defaultdict[int, list[Json]] = defaultdict(list)
    for number in range(channels):
        shard = number % shards
        made = {**channel(str(1000 + number), f"papers-{number}"), "guild_id": guild_on(shard)}
        fake.channels[made["id"]] = made
        dealt[shard].append(made)
    fake.gateway = ShardedGateway([_server(shard, dealt[shard]) for shard in range(shards)])
    return fake


def _server(shard: int, channels: list[Json]) -> Json:
    made = guild(channels)
    everyone: list[Any] = [{**role, "id": guild_on(shard)} for role in made["roles"]]
    return {**made, "id": guild_on(shard), "roles": everyone}
