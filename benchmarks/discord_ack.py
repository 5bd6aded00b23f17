"""How soon Discord hears that an answer will come, and how soon the answer comes, while twenty people search at once.

    python -m benchmarks.discord_ack --data-dir data

The real client, connected to the small Discord of the tests on this machine, in the same process: what the small
Discord itself takes counts as well.
"""

import argparse
import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from adapters.discord.platform import from_settings
from bot.bootstrap import dispatcher, open_app
from bot.chat.reactions import Reactions
from bot.config import Settings
from bot.library.app import App
from tests.support.discord.fake_discord import BOT, Asked, FakeDiscord, user
from tests.support.discord.fake_people import COMMAND, GUILD, Person, channel, guild

CHANNEL = "11"
ACKNOWLEDGED_WITHIN = 0.5
"""Seconds, at the 99th percentile."""


async def main(data_dir: Path, people: int, searches: int) -> None:
    """Print percentiles of both times, in milliseconds."""
    fake = FakeDiscord()
    fake.channels = {CHANNEL: channel(CHANNEL, "papers")}
    me = {"user": user(BOT, "paperboy", bot=True), "application": {"id": BOT, "flags": 0}}
    guilds = [guild(list(fake.channels.values()))]
    fake.gateway.ready = lambda: ({**me, "guilds": [{"id": GUILD, "unavailable": True}]}, guilds)
    settings = Settings(data_dir=data_dir)
    async with open_app(settings) as app, fake.running():
        Route.BASE = fake.url
        DiscordWebSocket.DEFAULT_GATEWAY = URL(fake.gateway.url)
        async with _connected(fake, settings, app):
            queries = await _queries(app, people * searches)
            await Person(fake, 299, "warm").slash(CHANNEL, "search", query=queries[0])
            started = time.perf_counter()
            readers = [Person(fake, 300 + n, f"reader{n}") for n in range(people)]
            work = [_search(fake, reader, queries[n::people]) for n, reader in enumerate(readers)]
            times = np.array([pair for pairs in await asyncio.gather(*work) for pair in pairs]) * 1000
            took = time.perf_counter() - started
            _report(len(app.index), people, times, took)


def _report(papers: int, people: int, times: Any, took: float) -> None:
    print(f"{papers:,} papers, {people} people at once, {len(times)} searches, {len(times) / took:.1f} a second")
    for name, column in (("acknowledged", times[:, 0]), ("answered", times[:, 1])):
        p50, p90, p99 = np.percentile(column, [50, 90, 99])
        print(f"{name:13} p50 {p50:7.1f} ms   p90 {p90:7.1f} ms   p99 {p99:7.1f} ms   worst {column.max():7.1f} ms")
    held = np.percentile(times[:, 0], 99) < ACKNOWLEDGED_WITHIN * 1000
    print(f"acknowledged within {ACKNOWLEDGED_WITHIN * 1000:.0f} ms at p99: {'yes' if held else 'NO'}")


@asynccontextmanager
async def _connected(fake: FakeDiscord, settings: Settings, app: App) -> AsyncIterator[None]:
    settings = settings.model_copy(update={"discord_token": type(settings.discord_token)("a.token.here")})
    platform = from_settings(settings, app, dispatcher(app), Reactions(app.store))
    running = asyncio.create_task(platform.run())
    await fake.until(lambda: fake.gateway.connected)
    await platform.client.wait_until_ready()
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def _queries(app: App, count: int) -> list[str]:
    """Three words from the titles of papers, as people search."""
    chosen = random.Random(0)
    rows = [chosen.randrange(1, len(app.index)) for _ in range(count)]
    words = [[w for w in s.paper.title.split() if w.isalpha()] for s in await app.store.papers_by_row(rows)]
    return [" ".join(chosen.sample(each, min(3, len(each)))) or "diffusion models" for each in words]


def _answered(asked: Asked) -> bool:
    return bool(asked.edits or asked.followups)


async def _search(fake: FakeDiscord, reader: Person, queries: list[str]) -> list[tuple[float, float]]:
    """Seconds until each search of one person was acknowledged, and answered."""
    times = []
    for query in queries:
        options = [{"name": "search", "type": 1, "options": [{"name": "query", "value": query, "type": 3}]}]
        data = {"id": "5", "name": "papers", "type": 1, "options": options}
        asked, payload = reader.send(CHANNEL, COMMAND, data)
        started = time.perf_counter()
        await fake.gateway.send("INTERACTION_CREATE", payload)
        await fake.until(partial(attrgetter("callback"), asked))
        acknowledged = time.perf_counter() - started
        await fake.until(partial(_answered, asked))
        times.append((acknowledged, time.perf_counter() - started))
    return times


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--data-dir", type=Path, default=Path("data"))
    arguments.add_argument("--people", type=int, default=20)
    arguments.add_argument("--searches", type=int, default=20, help="for each of the people")
    given = arguments.parse_args()
    asyncio.run(main(given.data_dir, given.people, given.searches))
