"""How close sending comes to what the platforms' rate limits allow, from due to recorded.

    python -m benchmarks.sending [POSTS]

Posts of a header and five papers, each composed for its channel, go through the real adapters to the Slack and the
Discord of the tests, which here enforce what the platforms document: Discord 50 requests a second for a bot and 5
messages in 5 seconds for a channel, Slack a message a second for a channel and 300 a minute for a workspace ("several
hundred"). What is refused must be sent again and costs time; the limits allow so many messages in the time it took.
"""

import argparse
import asyncio
import tempfile
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from math import ceil
from pathlib import Path
from time import perf_counter, process_time

from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route
from pydantic import SecretStr
from yarl import URL

from adapters.discord.platform import DiscordPlatform
from bot.bootstrap import file_source, open_index, open_platforms, sample
from bot.config import Settings
from bot.delivery.composer import PostComposer
from bot.delivery.deliverer import Deliverer
from bot.domain.deliveries import Status
from bot.domain.destinations import Destination
from bot.domain.people import Place
from bot.library.app import App
from bot.library.ingest import update_index
from bot.ports import Batch, Platform
from bot.runtime.clocks import SystemClock
from storage.sql.store import SqlStore
from tests.support.discord.fake_discord import FakeDiscord
from tests.support.discord.fake_rooms import answer
from tests.support.discord.fake_shards import ShardedGateway, guild_on, sharded_discord
from tests.support.slack.fake_slack import Channel, FakeSlack, Fault, _arguments

MESSAGES = 6
DISCORD_A_SECOND, SLACK_A_MINUTE = 50, 300


class Window:
    """So many in any so many seconds."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self._moments: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Seconds until one more fits; 0 when it does, and then it counts."""
        while self._moments and self._moments[0] <= now - self.seconds:
            self._moments.popleft()
        if len(self._moments) >= self.most:
            return self._moments[0] + self.seconds - now
        self._moments.append(now)
        return 0.0


class Bucket:
    """So many in so many seconds from the first on, then as many again: what Discord tells of with every answer."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most, self.left, self.seconds = most, most, seconds
        self._ends = 0.0

    def wait(self, now: float) -> float:
        """Seconds until one more fits; 0 when it does, and then it counts."""
        if now >= self._ends:
            self.left, self._ends = self.most, now + self.seconds
        if not self.left:
            return self._ends - now
        self.left -= 1
        return 0.0

    def reset_after(self, now: float) -> float:
        """Seconds until all of it is there again."""
        return max(0.0, self._ends - now)


class LimitedSlack(FakeSlack):
    """Slack with its limits on posting."""

    def __init__(self) -> None:
        super().__init__()
        self.moments: list[float] = []
        self.refusals = 0
        self._workspace = Window(SLACK_A_MINUTE, 60.0)
        self._channels: defaultdict[str, Window] = defaultdict(lambda: Window(1, 1.0))

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["method"] == "chat.postMessage":
            now, channel = perf_counter(), str((await _arguments(request))["channel"])
            wait = self._workspace.wait(now) or self._channels[channel].wait(now)
            if wait:
                self.refusals += 1
                return await self._failed(request, Fault(retry_after=str(ceil(wait))))
            self.moments.append(now)
        return await super()._call(request)


class DiscordLimits:
    """Discord's limits, put before a fake."""

    def __init__(self, fake: FakeDiscord) -> None:
        self.moments: list[float] = []
        self.refusals = 0
        self._bot = Window(DISCORD_A_SECOND, 1.0)
        self._channels: defaultdict[str, Bucket] = defaultdict(lambda: Bucket(5, 5.0))
        self._answer = fake._answer
        fake._answer = self._limited  # type: ignore[method-assign]

    async def _limited(self, request: web.Request) -> web.StreamResponse:
        path, now = request.match_info["path"], perf_counter()
        if wait := self._bot.wait(now):
            return self._too_fast("global", wait)
        if request.method != "POST" or not path.endswith("/messages"):
            return await self._answer(request)
        route = self._channels[path]
        if wait := route.wait(now):
            return self._too_fast("user", wait, _headers(route, now))
        answered = await self._answer(request)
        answered.headers.update(_headers(route, now))
        self.moments.append(now)
        return answered

    def _too_fast(self, scope: str, wait: float, headers: Mapping[str, str] | None = None) -> web.Response:
        self.refusals += 1
        body = {"message": "You are being rate limited.", "retry_after": wait, "global": scope == "global"}
        named = {"Via": "1.1 fake", "Retry-After": str(ceil(wait)), "X-RateLimit-Scope": scope}
        return answer(body, status=429, headers={**(headers or {}), **named})


def _headers(bucket: Bucket, now: float) -> dict[str, str]:
    """What Discord tells of a limit with every answer."""
    reset = bucket.reset_after(now)
    told = {"Limit": bucket.most, "Remaining": bucket.left, "Reset-After": f"{reset:.3f}", "Bucket": "posting"}
    return {f"X-RateLimit-{name}": str(value) for name, value in told.items()} | {
        "X-RateLimit-Reset": f"{datetime.now(UTC).timestamp() + reset:.3f}"
    }


async def furnish(app: App, posts: int) -> list[Destination]:
    """Papers of today and channels that are due, five Slack posts for every fifty on Discord."""
    now = datetime.now(UTC)
    with sample() as path:
        papers = [paper async for batch in file_source(path).batches(since=None, cursor="") for paper in batch.papers]
    fresh = [replace(paper, first_seen=now - timedelta(minutes=n)) for n, paper in enumerate(papers)]
    await app.store.save_batch("sample", Batch(papers=fresh), now=now)
    await update_index(app.store, app.index)
    on_discord = [Place("discord", guild_on(0), str(1000 + number)) for number in range(posts)]
    fewer = posts * SLACK_A_MINUTE // 60 // DISCORD_A_SECOND
    on_slack = [Place("slack", "T1", f"C{number}") for number in range(fewer)]
    # Dealt evenly, so that both platforms are busy from the beginning.
    places = [
        each for n, each in enumerate(on_discord) for each in (each, *on_slack[n // 10 : n // 10 + (n % 10 == 0)])
    ]
    destinations = [Destination(place=place, at=time(0)) for place in places]
    for destination in destinations:
        await app.store.save_destination(destination, now=now - timedelta(days=1))
    return destinations


async def measure(posts: int, folder: Path) -> None:
    discord_, slack = sharded_discord(1, posts), LimitedSlack()
    limits = DiscordLimits(discord_)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(discord_.running())
        await stack.enter_async_context(slack)
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = discord_.url, URL(discord_.gateway.url)
        settings = Settings(
            _env_file=None,
            data_dir=folder,
            slack_api_url=slack.url,
            SLACK_BOT_TOKEN=SecretStr("xoxb-T1"),
            SLACK_APP_TOKEN=SecretStr("xapp-1"),
            DISCORD_TOKEN=SecretStr("a.token.here"),
        )
        store = await stack.enter_async_context(await SqlStore.open(settings.database, migrate=True))
        app = App.over(store, open_index(settings.index_dir), SystemClock())
        destinations = await furnish(app, posts)
        for destination in destinations:
            if destination.place.platform == "slack":
                slack.add(Channel(destination.place.channel))
        connected = await stack.enter_async_context(open_platforms(settings, app))
        platforms = [each.platform for each in connected.platforms.values()]
        running = [asyncio.create_task(platform.run()) for platform in platforms]
        await connected_to_discord(discord_, platforms)
        deliverer = Deliverer(store, PostComposer(app), platforms, app.clock)
        began, worked = perf_counter(), process_time()
        while not await _over(store, len(destinations)):
            await deliverer.tick()
            await asyncio.sleep(1)
        took, worked = perf_counter() - began, process_time() - worked
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        ended = [each.status for told in await store.upcoming(deliveries=1) for each in told.deliveries]
        print(f"{len(ended):,} posts, {ended.count(Status.SENT):,} sent in {took:.1f} s ({worked:.1f} s of processor)")
    _tell("discord", limits.moments, DISCORD_A_SECOND, limits.refusals)
    _tell("slack", slack.moments, SLACK_A_MINUTE / 60, slack.refusals)


async def connected_to_discord(fake: FakeDiscord, platforms: Sequence[Platform]) -> None:
    """Wait until the gateway has told of the server."""
    gateway = fake.gateway
    assert isinstance(gateway, ShardedGateway)
    await fake.until(lambda: gateway.holders)
    [client] = [platform.client for platform in platforms if isinstance(platform, DiscordPlatform)]
    await client.wait_until_ready()


async def _over(store: SqlStore, posts: int) -> bool:
    ended = {Status.SENT, Status.FAILED, Status.UNKNOWN}
    told = await store.upcoming(deliveries=1)
    return sum(each.status in ended for upcoming in told for each in upcoming.deliveries) == posts


def _tell(name: str, moments: Sequence[float], a_second: float, refused: int) -> None:
    took = max(moments) - min(moments)
    reached = len(moments) / took
    print(
        f"{name}: {len(moments):,} messages in {took:.1f} s, {reached:.2f} a second of {a_second:.0f} allowed "
        f"({reached / a_second:.0%}), {refused:,} refused"
    )


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("posts", type=int, nargs="?", default=500, help="posts on Discord; Slack gets a tenth of it")
    with tempfile.TemporaryDirectory(prefix="paperboy-") as directory:
        asyncio.run(measure(arguments.parse_args().posts, Path(directory)))
