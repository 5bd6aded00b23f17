"""A month of daily posts to ten channels, in virtual time, judged by the papers' categories.

    paperboy import PAPERS hf/papers.jsonl.xz --data-dir DATA_DIR
    python benchmarks/month.py DATA_DIR LABELS VOTES [--start 2026-01-01] [--days 31]

The papers come day by day, as they were first seen or else published, into a store and an index that begin with what is
older; the deliverer, the composer and the alerts are as they run, and only the clock and the chat are not real. VOTES
are readings (`id, t, upvotes`). LABELS (JSON Lines) say the categories of papers: a posted paper is off topic where
LABELS has categories for it and none is the channel's. Strip the categories from some of PAPERS before importing them,
and these are judged by what Paperboy could not see. A match is missed where a post had room for a paper that is about
the topic and unlike what was posted; it is crowded out where there was only ever no room, or nothing new came before it
was too old.

Each channel also follows the author of most papers of its field in the month, a phrase and a category. Which papers
match is decided again from their authors, words and categories; one that neither came nor waits at the end is missed.
"""

import argparse
import asyncio
import json
import lzma
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bot.bootstrap import open_index
from bot.delivery.composer import PostComposer
from bot.delivery.deliverer import Deliverer
from bot.domain.categories import codes_of
from bot.domain.destinations import Destination
from bot.domain.follows import Follow, FollowKind
from bot.domain.messages import Message
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper, Signal, SignalKind
from bot.domain.people import Place, Topic
from bot.engine.topics import MATCH
from bot.library.alerts import find_matches
from bot.library.app import App
from bot.library.ingest import update_index
from bot.library.library import FRESH
from bot.ports import Batch, unheard
from storage.sql.store import SqlStore


class Followed(NamedTuple):
    """What a channel follows beside its topic and an author."""

    phrase: str
    category: str


TOPICS = {
    "computation and language": Followed("machine translation", "cs.SD"),
    "computer vision": Followed("point cloud", "eess.IV"),
    "robotics": Followed("motion planning", "cs.SY"),
    "information retrieval": Followed("recommender system", "cs.DL"),
    "human-computer interaction": Followed("eye tracking", "cs.CY"),
    "cryptography": Followed("differential privacy", "cs.DC"),
    "analysis of PDEs": Followed("navier stokes", "math.DG"),
    "information theory": Followed("channel estimation", "cs.DS"),
    "computer science and game theory": Followed("nash equilibrium", "cs.MA"),
    "signal processing": Followed("radar", "cs.NI"),
}
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
    """A chat that keeps the ids of the papers each channel was sent, in order, apart where they are followed."""

    name: str = "slack"
    repeatable: bool = True
    daily_messages: int | None = None
    sent: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    followed: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    number: int = 0

    def shown(self, place: Place) -> list[str]:
        """All papers that a channel was sent, in whatever way."""
        return self.sent[place.key] + self.followed[place.key]

    async def run(self, ready: Callable[[], None] = unheard) -> None:
        await asyncio.Event().wait()

    def reaches(self, place: Place) -> bool:
        return True

    async def send(self, place: Place, message: Message, *, nonce: str, first: str = "") -> str:
        kept = self.followed if message.title.startswith("Followed: ") else self.sent
        kept[place.key] += [str(card.paper_id) for card in message.cards]
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
    wanted: int = 0
    """Papers of the month that match what the channel follows."""
    waiting: int = 0
    lost: int = 0
    """Those that neither came nor wait."""


def read(path: Path) -> list[dict[str, object]]:
    with lzma.open(path, "rt") if path.suffix == ".xz" else path.open() as lines:
        return [json.loads(line) for line in lines]


def votes_in(path: Path) -> dict[str, list[Signal]]:
    """The readings of each paper, by its id."""
    found: defaultdict[str, list[Signal]] = defaultdict(list)
    for each in read(path):
        paper, at = str(each["id"]), datetime.fromisoformat(str(each["t"]))
        found[paper].append(Signal(PaperId(paper), SignalKind.UPVOTES, at, int(str(each["upvotes"]))))
    return found


def moment_of(paper: Paper) -> datetime:
    """When a paper comes."""
    published = datetime.combine(paper.published, time(), UTC) if paper.published else datetime.min.replace(tzinfo=UTC)
    return paper.first_seen or published


async def papers_of(store: SqlStore) -> list[Paper]:
    """All papers of a store, in the order in which they come."""
    found: list[Paper] = []
    after = 0
    while page := await store.papers_after(after, 5_000):
        found += [stored.paper for stored in page]
        after = page[-1].revision
    return sorted(found, key=moment_of)


def follows_of(
    topic: str, papers: Sequence[Paper], known: Mapping[str, frozenset[str]]
) -> dict[Follow, Callable[[Paper], bool]]:
    """What the channel of a topic follows, and whether a paper matches; `papers` are those of the month."""
    codes, (phrase, category) = set(codes_of(topic)), TOPICS[topic]
    of_field = [paper for paper in papers if codes & known.get(str(paper.id), frozenset())]
    written = Counter(author for paper in of_field for author in paper.authors)
    author = min(written, key=lambda name: (-written[name], name))
    apart = re.compile(rf"\b{phrase.replace(' ', '[ -]')}\b", re.IGNORECASE)

    def follow(kind: FollowKind, value: str) -> Follow:
        return Follow(owner="", place="", kind=kind, value=value, since=moment_of(papers[0]).date())

    return {
        follow(FollowKind.AUTHOR, author): lambda paper: author in paper.authors,
        follow(FollowKind.QUERY, f'"{phrase}"'): lambda paper: bool(apart.search(f"{paper.title}\n{paper.abstract}")),
        follow(FollowKind.QUERY, f"cat:{category}"): lambda paper: category in paper.categories,
    }


async def simulate(data_dir: Path, labels: Path, votes: Path, start: datetime, days: int) -> None:
    known = {str(each["id"]).removeprefix("arxiv:"): frozenset(each["categories"]) for each in read(labels)}  # type: ignore[call-overload]
    async with await SqlStore.open(f"sqlite:///{data_dir / 'paperboy.db'}", migrate=True) as imported:
        papers = await papers_of(imported)
    first_post = start + timedelta(hours=9, minutes=1)
    earlier = [paper for paper in papers if moment_of(paper) <= first_post - timedelta(days=1)]
    month = [paper for paper in papers[len(earlier) :] if moment_of(paper) <= first_post + timedelta(days=days - 1)]
    with tempfile.TemporaryDirectory() as folder:
        clock, chat = MovedClock(first_post - timedelta(days=1)), Record()
        async with await SqlStore.open(f"sqlite:///{folder}/paperboy.db", migrate=True) as store:
            app = App.over(store, open_index(Path(folder) / "index"), clock)
            readings = votes_in(votes)
            await arrive(app, earlier, readings)
            channels, matching = {}, {}
            for number, topic in enumerate(TOPICS):
                place = Place("slack", "T", f"C{number}")
                channels[topic] = Destination(place=place, count=10)
                await store.save_destination(channels[topic], now=start)
                await store.follow(place.key, Topic(topic))
                matching[topic] = follows_of(topic, month, known)
                for follow in matching[topic]:
                    await store.add_follow(replace(follow, owner=place.key, place=place.key))
            deliverer = Deliverer(store, PostComposer(app), [chat], clock)
            tallies = {topic: Tally() for topic in TOPICS}
            for day in range(days):
                before, clock.moment = clock.moment, first_post + timedelta(days=day)
                await arrive(app, [paper for paper in month if before < moment_of(paper) <= clock.moment], readings)
                await find_matches(app)
                seen = {topic: len(chat.sent[channel.place.key]) for topic, channel in channels.items()}
                await deliverer.tick()
                for topic, channel in channels.items():
                    new = chat.sent[channel.place.key][seen[topic] :]
                    await count(app, topic, new, chat.shown(channel.place), channel.count, tallies[topic], known)
            for topic, channel in channels.items():
                wanted = [paper for paper in month if any(matches(paper) for matches in matching[topic].values())]
                await count_followed(app, channel.place, chat.shown(channel.place), wanted, tallies[topic])
    show(tallies)


async def arrive(app: App, papers: Sequence[Paper], readings: Mapping[str, Sequence[Signal]]) -> None:
    """Store papers and index them; their readings are stored too, and none is known before its moment."""
    for begin in range(0, len(papers), 5_000):
        batch = papers[begin : begin + 5_000]
        votes = [reading for paper in batch for reading in readings.get(str(paper.id), ())]
        await app.store.save_batch("papers", Batch(papers=batch, signals=votes), now=app.clock.now())
    await update_index(app.store, app.index)


async def count_followed(app: App, place: Place, shown: Sequence[str], wanted: Sequence[Paper], tally: Tally) -> None:
    """Add what came of what a channel follows, and all papers that came twice, to what is known of it."""
    sent, matching = Counter(shown), {str(paper.id) for paper in wanted}
    rows = [found.row for found in await app.store.waiting_matches(place.key, place.key)]
    waiting = {str(stored.paper.id) for stored in await app.store.papers_by_row(rows)}
    tally.wanted, tally.waiting = len(matching), len(waiting & matching)
    tally.lost = len(matching - sent.keys() - waiting)
    tally.twice = sum(number > 1 for number in sent.values())
    tally.crowded -= sent.keys()


def show(tallies: Mapping[str, Tally]) -> None:
    """Print a row for each channel."""
    heads = ("posted", "judged", "off topic", "missed", "crowded out", "with votes")
    print(f"| channel | {' | '.join(heads)} | followed | followed, waiting | followed, missed | twice |")
    print("| --- " * 11 + "|")
    for topic, tally in tallies.items():
        off = f"{tally.off} ({tally.off / max(tally.judged, 1):.2f})"
        own = (tally.posted, tally.judged, off, len(tally.missed), len(tally.crowded), tally.voted)
        print(f"| {topic} | {' | '.join(map(str, (*own, tally.wanted, tally.waiting, tally.lost, tally.twice)))} |")


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
