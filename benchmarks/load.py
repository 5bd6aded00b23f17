"""Thousands of servers ask at once: commands answered per second, how long they take, and what breaks first.

    python -m benchmarks.load [--servers 2000] [--people 200000] [--processes 3] [--seconds 20] [--askers 1 8 32]
                              [--papers FILE]

A PostgreSQL server of its own is filled with the people, three saves each, and a channel with a daily post for each
server. Processes then answer what random people ask in random channels: each is an `App` over this database with an
index in its memory, and a dispatcher with the limits of the default settings. Platforms are left out: what is measured
is from a request to its message. In each step a process has so many askers (`--askers`), who ask again as soon as they
are answered, so the steps show what more people waiting at once costs.

The peer, in the same processes beside the same database and for as long, is what a small bot of discord.py does: a
handler that answers each command from one SQL query (`ILIKE` over titles), on a pool of psycopg's as large as ours.
"""

import argparse
import asyncio
import json
import os
import random
import resource
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

import psycopg
from sqlalchemy import make_url

from bot import bootstrap
from bot.chat.dispatch import Outcome, Request
from bot.config import Settings
from bot.domain.destinations import Destination
from bot.domain.people import Account, Place
from bot.library.ingest import read_source, update_index
from bot.runtime.clocks import RunningClock
from bot.runtime.limits import Limits
from bot.runtime.logs import configure_logging
from storage.sql.store import SqlStore
from tests.support.databases import running_postgres

ROOT = Path(__file__).parent.parent
MOMENT = datetime(2026, 1, 19, 23, tzinfo=UTC)
"""When the bundled sample ends."""

CONNECTIONS = 15
"""Of one process to the database, as SQLAlchemy's pool has them at most."""

ASKED = {"search": 45, "trending": 15, "similar": 15, "save": 10, "saved": 8, "foryou": 5, "export": 2}
"""How often of a hundred times each command is asked."""

WORDS = ("memory agents", "diffusion", "graph reasoning", "robot", "speech", "video generation", "retrieval", "safety")


@dataclass(slots=True)
class Told:
    """What a process tells of one step."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    """Command -> how long each answer took."""
    outcomes: Counter[str] = field(default_factory=Counter)
    elapsed: float = 0.0
    busy: float = 0.0
    """The share of one core that the process used."""
    megabytes: float = 0.0
    """The most memory it has had."""


Ask = Callable[[random.Random], Awaitable[tuple[str, str]]]
"""Asks once; returns the command, and what became of it."""


async def fill(url: str, folder: Path, servers: int, people: int, papers: Path | None) -> None:
    """Papers with their index, people with their saves, and the servers' channels."""
    async with await SqlStore.open(url, migrate=True) as store:
        with bootstrap.sample() as sample:
            await read_source(bootstrap.file_source(papers or sample), store, RunningClock(MOMENT))
        await update_index(store, bootstrap.open_index(folder / "index"))
        last = await store.count_papers()
        _fill_people(url, servers, people, last)
        for number in range(servers):
            await store.save_destination(Destination(place=channel(number)), now=MOMENT + timedelta(days=30))


def _fill_people(url: str, servers: int, people: int, papers: int) -> None:
    saves = """
        INSERT INTO feedback (person, "row", attitude, origin, place, present, at, counts)
        SELECT n, 1 + (n * 37 + k * 53) %% %s, 'save', 'm' || k, 'discord:' || n %% %s || ':' || n %% %s, true, %s, true
        FROM generate_series(1, %s) AS n, generate_series(1, 3) AS k ON CONFLICT DO NOTHING
    """
    with psycopg.connect(
        make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    ) as connection:
        connection.execute("INSERT INTO people SELECT generate_series(1, %s)", (people,))
        connection.execute(
            "INSERT INTO accounts SELECT 'discord', n::text, n, 'reader ' || n FROM generate_series(1, %s) AS n",
            (people,),
        )
        connection.execute("SELECT setval(pg_get_serial_sequence('people', 'person'), %s)", (people,))
        connection.execute(saves, (papers, servers, servers, _as_stored(connection), people))
        connection.execute("ANALYZE")


def _as_stored(connection: psycopg.Connection[tuple[object, ...]]) -> object:
    """The moment in the type of the column."""
    query = "SELECT data_type FROM information_schema.columns WHERE table_name = 'feedback' AND column_name = 'at'"
    kind = connection.execute(query).fetchone()
    assert kind
    return MOMENT if "timestamp" in str(kind[0]) else int(MOMENT.timestamp() * 1_000_000)


def channel(server: int) -> Place:
    """The channel of a server."""
    return Place("discord", str(server), str(server), "#papers")


async def serve(url: str, folder: str, servers: int, people: int, seconds: float) -> None:
    """One process: for each line with a number of askers and `ours` or `peer`, a line with what it told."""
    settings = Settings(_env_file=None, database_url=url, data_dir=Path(folder))
    configure_logging(settings)
    async with bootstrap.open_app(settings, clock=RunningClock(MOMENT)) as app:
        limits = Limits(settings.limit_person, settings.limit_workspace)
        outcomes: dict[str, str] = {}

        def observe(command: str, outcome: Outcome, seconds: float) -> None:
            outcomes[command] = outcome.value

        dispatcher = bootstrap.dispatcher(app, observe, limits)
        ids = [stored.paper.id for stored in await app.store.papers_by_row(range(1, 101))]

        async def ours(chance: random.Random) -> tuple[str, str]:
            command = chance.choices(list(ASKED), list(ASKED.values()))[0]
            rest = {"search": chance.choice(WORDS), "similar": chance.choice(ids), "save": chance.choice(ids)}
            account = Account("discord", str(chance.randint(1, people)))
            line = f"{command} {rest.get(command, '')}".strip()
            await dispatcher.answer(Request(account, channel(chance.randrange(servers)), line))
            return command, outcomes[command]

        for command in ASKED:  # What is learned once per process is learned now.
            await dispatcher.answer(Request(Account("discord", "1"), channel(0), f"{command} {ids[0]}"))
        print("ready", flush=True)
        for line in iter(sys.stdin.readline, ""):
            askers, who = line.split()
            if who == "ours":
                told = await step(ours, int(askers), seconds)
            else:
                async with _peer(url) as peer:
                    told = await step(peer, int(askers), seconds)
            print(json.dumps({each.name: getattr(told, each.name) for each in fields(told)}), flush=True)


@asynccontextmanager
async def _peer(url: str) -> AsyncIterator[Ask]:
    """A handler that answers from one SQL query; its connections do not stand beside ours."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    query = "SELECT id, title, abstract FROM papers WHERE title ILIKE %s ORDER BY published DESC LIMIT 5"
    async with AsyncExitStack() as opened:
        free: asyncio.Queue[psycopg.AsyncConnection[tuple[object, ...]]] = asyncio.Queue()
        for _ in range(CONNECTIONS):
            connection = await psycopg.AsyncConnection.connect(plain, autocommit=True)
            free.put_nowait(await opened.enter_async_context(connection))

        async def peer(chance: random.Random) -> tuple[str, str]:
            connection = await free.get()
            try:
                await (await connection.execute(query, (f"%{chance.choice(WORDS)}%",))).fetchall()
            finally:
                free.put_nowait(connection)
            return "query", "answered"

        yield peer


async def step(ask: Ask, askers: int, seconds: float) -> Told:
    """Let so many ask again and again for a while."""
    told, began, used = Told(), perf_counter(), process_time()

    async def asker(number: int) -> None:
        chance = random.Random(f"{os.getpid()} {number}")
        while perf_counter() - began < seconds:
            asked = perf_counter()
            command, outcome = await ask(chance)
            told.seconds.setdefault(command, []).append(perf_counter() - asked)
            told.outcomes[outcome] += 1

    await asyncio.gather(*map(asker, range(askers)))
    told.elapsed = perf_counter() - began
    told.busy = (process_time() - used) / told.elapsed
    told.megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return told


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which a share of the values is, in milliseconds."""
    ranked = sorted(values)
    return 1_000 * ranked[min(len(ranked) - 1, int(share * len(ranked)))]


async def _told(process: asyncio.subprocess.Process, line: str) -> Told:
    assert process.stdin
    assert process.stdout
    process.stdin.write(f"{line}\n".encode())
    read = json.loads(await process.stdout.readline())
    return Told(**{**read, "outcomes": Counter(read["outcomes"])})


async def measure(url: str, folder: Path, options: argparse.Namespace) -> None:
    """Start the processes, and print a line for each step."""
    given = [url, str(folder), str(options.servers), str(options.people), str(options.seconds)]
    command = [sys.executable, "-m", "benchmarks.load", "serve", *given]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    pipe = asyncio.subprocess.PIPE
    processes = [
        await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, env=environment, limit=2**26)
        for _ in range(options.processes)
    ]
    try:
        for process in processes:
            assert process.stdout
            await process.stdout.readline()
        for askers in options.askers:
            ours = await asyncio.gather(*(_told(process, f"{askers} ours") for process in processes))
            peer = await asyncio.gather(*(_told(process, f"{askers} peer") for process in processes))
            rate, others = report(f"Paperboy, {askers} askers each", ours), report("  one query (peer)", peer)
            print(f"  Paperboy answers {rate / others:.3f} of what the peer does")
        _by_command(ours)
    finally:
        for process in processes:
            assert process.stdin
            process.stdin.close()
        await asyncio.gather(*(process.wait() for process in processes))


def report(name: str, told: Sequence[Told]) -> float:
    """Print what processes told of one step; returns how many were answered per second."""
    taken = [second for each in told for seconds in each.seconds.values() for second in seconds]
    outcomes = sum((each.outcomes for each in told), Counter[str]())
    rate = sum(each.outcomes.total() / each.elapsed for each in told)
    cost = 1_000 * sum(each.busy * each.elapsed for each in told) / len(taken)
    busy, memory = sum(each.busy for each in told), max(each.megabytes for each in told)
    print(
        f"{name}: {rate:,.0f} a second, p50 {percentile(taken, 0.5):.0f} ms, p99 {percentile(taken, 0.99):.0f} ms, "
        f"{cost:.1f} ms of a core each, {busy:.1f} cores in the processes, {memory:.0f} MB at most in one; "
        f"{dict(outcomes)}"
    )
    return rate


def _by_command(told: Sequence[Told]) -> None:
    """Print how long each command took in the last step, the slowest first."""
    merged: dict[str, list[float]] = {}
    for each in told:
        for command, seconds in each.seconds.items():
            merged.setdefault(command, []).extend(seconds)
    print("Of the last step:")
    for command, seconds in sorted(merged.items(), key=lambda item: -percentile(item[1], 0.99)):
        print(f"  {command}: p50 {percentile(seconds, 0.5):.0f} ms, p99 {percentile(seconds, 0.99):.0f} ms")


def main() -> None:
    """Fill a database, start the processes, and let people ask."""
    if sys.argv[1:2] == ["serve"]:
        url, folder, servers, people, seconds = sys.argv[2:]
        asyncio.run(serve(url, folder, int(servers), int(people), float(seconds)))
        return
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--servers", type=int, default=2_000)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--processes", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--askers", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--papers", type=Path)
    options = parser.parse_args()
    with running_postgres() as server, tempfile.TemporaryDirectory() as folder:
        url, began = server.migrated(), perf_counter()
        asyncio.run(fill(url, Path(folder), options.servers, options.people, options.papers))
        print(f"{options.servers:,} servers, {options.people:,} people: filled in {perf_counter() - began:.0f} s")
        asyncio.run(measure(url, Path(folder), options))


if __name__ == "__main__":
    main()
