"""How many posts a second are composed, each personalised to its channel.

    python benchmarks/compose.py DATA_DIR [CHANNELS]

DATA_DIR holds an imported and indexed corpus; the work is done on a copy of its database. Every channel follows two
topics and blocks one, has judged ten papers and was shown a hundred. Measured is everything from claimed deliveries to
frozen posts: reading what each channel wants, picking, explaining, writing, and turning posts into JSON. Wall time and
processor time: where others use the machine, the latter says more.
"""

import asyncio
import os
import resource
import sqlite3
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter, process_time

# As the `paperboy` command does.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from bot.bootstrap import open_index
from bot.delivery.composer import PostComposer
from bot.delivery.payload import freeze
from bot.domain.deliveries import Delivery, Status
from bot.domain.destinations import Destination
from bot.domain.papers import Signal, SignalKind
from bot.domain.people import Account, FeedbackAct, FeedbackKind, Place, Topic
from bot.library.app import App
from bot.library.library import FRESH
from bot.ports import Batch, StoredPaper
from bot.runtime.clocks import StandingClock
from storage.sql.store import SqlStore

BATCH = 64
"""Deliveries a worker takes at a time."""


def copy_database(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)


def newest(path: Path) -> datetime:
    with closing(sqlite3.connect(path)) as connection:
        [told] = connection.execute("SELECT max(seen_at) FROM papers").fetchone()
    return datetime.fromisoformat(told).replace(tzinfo=UTC) + timedelta(hours=12)


async def vote(store: SqlStore, random: Random, recent: list[StoredPaper], now: datetime) -> None:
    """Give half of the recent papers upvotes, most of them few."""
    votes = [
        Signal(stored.paper.id, SignalKind.UPVOTES, now - timedelta(hours=1), int(random.paretovariate(0.8)))
        for stored in recent
        if random.random() < 0.5
    ]
    await store.save_batch("benchmark", Batch(signals=votes), now=now)


async def furnish(store: SqlStore, channels: int, recent: list[StoredPaper], now: datetime) -> list[Destination]:
    """Channels with topics, judgements and papers they were shown."""
    random = Random(1)
    old = await store.papers_by_row(random.sample(range(1, await store.count_papers()), 3_000))
    person = await store.person(Account("slack", "T/U"))
    destinations = []
    for number in range(channels):
        place = Place("slack", "T", f"C{number}")
        destinations.append(Destination(place=place))
        await store.save_destination(destinations[-1], now=now)
        for wanted in (True, True, False):
            words = random.choice(old).paper.title.split()
            start = random.randrange(max(1, len(words) - 2))
            await store.follow(place.key, Topic(" ".join(words[start : start + 3]).replace('"', ""), wanted=wanted))
        for stored in random.sample(old, 10):
            kind = random.choice([FeedbackKind.SAVE, FeedbackKind.LIKE, FeedbackKind.SAVE, FeedbackKind.DISLIKE])
            act = FeedbackAct(person, stored.paper.id, kind, present=True, at=now, place=place.key, origin=place.key)
            await store.give_feedback(act)
        shown = random.sample(old, 80) + random.sample(recent, min(20, len(recent)))
        await store.mark_shown(place.key, [stored.paper.id for stored in shown], at=now)
    return destinations


async def measure(data_dir: Path, channels: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paperboy.db"
        copy_database(data_dir / "paperboy.db", path)
        now = newest(path)
        async with await SqlStore.open(f"sqlite:///{path}", migrate=True) as store:
            app = App.over(store, open_index(data_dir / "index"), StandingClock(now))
            recent = await store.papers_seen(now - FRESH, now)
            await vote(store, Random(0), recent, now)
            destinations = await furnish(store, channels, recent, now)
            deliveries = [
                Delivery(
                    number=number,
                    destination=destination,
                    kind=destination.kinds_on(now.date())[0],
                    day=now.date(),
                    status=Status.CLAIMED,
                    claimed_at=now,
                )
                for number, destination in enumerate(destinations)
            ]
            began = perf_counter()
            pool = await app.library.pool(FRESH)
            editor = PostComposer(app)
            await editor.compose(deliveries[:1], now)
            prepared = perf_counter() - began
            began, worked, size, papers = perf_counter(), process_time(), 0, 0
            for start in range(0, channels, BATCH):
                posts = await editor.compose(deliveries[start : start + BATCH], now)
                size += sum(len(freeze(post)) for post in posts.values())
                papers += sum(len(message.cards) for post in posts.values() for message in post)
            took, worked = perf_counter() - began, process_time() - worked
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(app.index):,} papers in the index, {len(pool):,} candidates, prepared in {prepared:.2f} s")
    print(f"{channels:,} posts with {papers:,} papers in {took:.2f} s: {channels / took:,.0f} posts a second")
    print(f"{worked:.2f} s of processor time: {channels / worked:,.0f} posts a second")
    print(f"{size / channels / 1024:.1f} KB a post; {memory:,.0f} MB at most")


if __name__ == "__main__":
    asyncio.run(measure(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000))
