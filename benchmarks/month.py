"""A month of daily posts to ten channels, in virtual time, judged by the papers' categories.

    paperboy import PAPERS hf/papers.jsonl.xz --data-dir DATA_DIR
    python benchmarks/month.py DATA_DIR LABELS VOTES [--start 2026-01-01] [--days 31]

The work is done on a copy of the database, by the deliverer and the composer as they run; only the clock and the chat
are not real. VOTES are readings (`id, t, upvotes`). LABELS (JSON Lines) say the categories of papers: a posted paper is
off topic where LABELS has categories for it and none is the channel's. Strip the categories from some of PAPERS before
importing them, and these are judged by what Paperboy could not see. A match is missed where a post had room for a paper
that is about the topic and unlike what was posted; it is crowded out where there was only ever no room, or nothing new
came before it was too old. The index knows all papers of the month from the first day on, as
far as frequencies of words and the lie of vectors go; which papers there are, nobody knows before their day.
"""

import argparse
import asyncio
import json
import lzma
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import numpy as np

from bot.bootstrap import open_index
from bot.delivery.composer import PostComposer
from bot.delivery.deliverer import Deliverer
from bot.domain.categories import codes_of
from bot.domain.destinations import Destination
from bot.domain.messages import Message
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Signal, SignalKind
from bot.domain.people import Place, Topic
from bot.engine.topics import MATCH
from bot.library.app import App
from bot.library.library import FRESH
from bot.ports import Batch, unheard
from storage.sql.store import SqlStore

TOPICS = (
    "computation and language",
    "computer vision",
    "robotics",
    "information retrieval",
    "human-computer interaction",
    "cryptography",
    "analysis of PDEs",
    "information theory",
    "computer science and game theory",
    "signal processing",
)
"""A channel each; hardly any paper of the last four has votes."""

ALIKE = 0.70
"""The cosine from which on a paper counts as news already posted."""


@dataclass
class MovedClock:
    """A clock that is set by hand."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


@dataclass
class Record:
    """A chat that keeps the ids of the papers each channel was sent, in order."""

    name: str = "slack"
    repeatable: bool = True
    daily_messages: int | None = None
    sent: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    number: int = 0

    async def run(self, ready: Callable[[], None] = unheard) -> None:
        await asyncio.Event().wait()

    def reaches(self, place: Place) -> bool:
        return True

    async def send(self, place: Place, message: Message, *, nonce: str, first: str = "") -> str:
        self.sent[place.key] += [str(card.paper_id) for card in message.cards]
        self.number += 1
        return str(self.number)

    async def recall(
        self, place: Place, nonce: str, since: datetime, *, message: Message, first: str = ""
    ) -> str | None:
        return None

    async def end_poll(self, place: Place, sent: Sequence[str]) -> Mapping[int, int] | None:
        return None

    async def tell_admins(self, place: Place, message: Message) -> None:
        raise AssertionError(str(message))


@dataclass
class Tally:
    """What came of one channel's posts."""

    posted: int = 0
    judged: int = 0
    off: int = 0
    twice: int = 0
    missed: set[str] = field(default_factory=set)
    crowded: set[str] = field(default_factory=set)
    full_days: int = 0
    voted: int = 0


def read(path: Path) -> list[dict[str, object]]:
    with lzma.open(path, "rt") if path.suffix == ".xz" else path.open() as lines:
        return [json.loads(line) for line in lines]


async def vote(store: SqlStore, path: Path) -> None:
    """Store the readings at the moments they were made; none is known before."""
    readings = [
        Signal(PaperId(str(r["id"])), SignalKind.UPVOTES, datetime.fromisoformat(str(r["t"])), int(str(r["upvotes"])))
        for r in read(path)
    ]
    await store.save_batch("votes", Batch(signals=readings), now=max(reading.at for reading in readings))


async def simulate(data_dir: Path, labels: Path, votes: Path, start: datetime, days: int) -> None:
    known = {str(each["id"]).removeprefix("arxiv:"): frozenset(each["categories"]) for each in read(labels)}  # type: ignore[call-overload]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paperboy.db"
        with closing(sqlite3.connect(data_dir / "paperboy.db")) as source, closing(sqlite3.connect(path)) as target:
            source.backup(target)
        clock, chat = MovedClock(start), Record()
        async with await SqlStore.open(f"sqlite:///{path}", migrate=True) as store:
            await vote(store, votes)
            app = App.over(store, open_index(data_dir / "index"), clock)
            channels = {}
            for number, topic in enumerate(TOPICS):
                place = Place("slack", "T", f"C{number}")
                channels[topic] = Destination(place=place, count=10)
                await store.save_destination(channels[topic], now=start)
                await store.follow(place.key, Topic(topic))
            deliverer = Deliverer(store, PostComposer(app), [chat], clock)
            tallies = {topic: Tally() for topic in TOPICS}
            for day in range(days):
                clock.moment = start + timedelta(days=day, hours=9, minutes=1)
                before = {topic: len(chat.sent[channel.place.key]) for topic, channel in channels.items()}
                await deliverer.tick()
                for topic, channel in channels.items():
                    new = chat.sent[channel.place.key][before[topic] :]
                    await count(app, topic, new, chat.sent[channel.place.key], channel.count, tallies[topic], known)
    print("| channel | posted | judged | off topic | twice | matches missed | crowded out | with votes |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for topic, tally in tallies.items():
        sent = set(chat.sent[channels[topic].place.key])
        share = f"{tally.off} ({tally.off / max(tally.judged, 1):.2f})"
        numbers = (
            tally.posted,
            tally.judged,
            share,
            tally.twice,
            len(tally.missed),
            len(tally.crowded - sent),
            tally.voted,
        )
        print(f"| {topic} | {' | '.join(map(str, numbers))} |")


async def count(
    app: App,
    topic: str,
    new: list[str],
    sent: list[str],
    most: int,
    tally: Tally,
    known: dict[str, frozenset[str]],
) -> None:
    """Add a day's post to what is known of a channel."""
    wanted = set(codes_of(topic))
    tally.posted += len(new)
    tally.twice = len(sent) - len(set(sent))
    for paper_id in new:
        if categories := known.get(paper_id):
            tally.judged += 1
            tally.off += wanted.isdisjoint(categories)
    pool = await app.library.pool(FRESH)
    places = {str(paper.id): position for position, paper in enumerate(pool.papers)}
    tally.voted += sum(pool.readings[places[each]].upvotes is not None for each in new if each in places)
    shown = [places[each] for each in sent if each in places]
    left = set()
    for position in np.flatnonzero(pool.topic(topic) >= MATCH).tolist():
        alike = shown and float((pool.vectors[shown] @ pool.vectors[position]).max()) >= ALIKE
        if position not in shown and not alike:
            left.add(str(pool.papers[position].id))
    if len(new) >= most:
        tally.full_days += 1
        tally.crowded |= left
    else:
        tally.missed |= left - tally.crowded


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("labels", type=Path)
    parser.add_argument("votes", type=Path)
    parser.add_argument("--start", type=datetime.fromisoformat, default=datetime(2026, 1, 1))
    parser.add_argument("--days", type=int, default=31)
    asked = parser.parse_args()
    began = datetime.combine(asked.start.date(), time(), UTC)
    asyncio.run(simulate(asked.data_dir, asked.labels, asked.votes, began, asked.days))
