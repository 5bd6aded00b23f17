"""A world in which people and channels follow authors and labs, with syncs, an index that lags behind, and crashes."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from bot.delivery.deliverer import Deliverer
from bot.delivery.followed import followed_papers, together
from bot.delivery.post import Post
from bot.domain.deliveries import Delivery
from bot.domain.destinations import Destination, Kind
from bot.domain.follows import Follow, FollowKind
from bot.domain.mailboxes import PLATFORM, mailbox_place
from bot.domain.messages import Message
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.domain.people import Account, Place, private_talk
from bot.library.alerts import find_matches
from bot.library.app import App
from bot.library.citing import read_citing
from bot.ports import Batch, StoredPaper
from storage.sql.store import SqlStore
from storage.sql.tables.alerts import cited_papers, citing_papers, follows, matches
from storage.sql.tables.catalog import papers
from tests.support.delivery_platform import FakeAdapter
from tests.support.delivery_process import KilledError, MortalStore, Process, StoreDownError
from tests.support.delivery_world import SkewedClock, Worker, World
from tests.support.lookup.services import FakeCitations
from tests.support.virtual_time import Outside, VirtualTimeLoop

ANA = Account("discord", "7", "ana")
CHANNEL = Destination(place=Place("discord", "G", "C1", "#papers"), at=time(9))
QUIET = Destination(place=Place("slack", "T", "C2", "#quiet"), enabled=False)
TALK = Destination(place=private_talk(ANA), enabled=False)
MAILBOX = Destination(place=mailbox_place("ana@example.org"), at=time(9, 30), timezone="Europe/Berlin")
AUTHORS = ("Ada Lovelace", "Grace Hopper", "Alan Turing")
LABS = ("", "Bletchley Park", "Harvard")
CITED = tuple(
    Paper(id=PaperId(f"2501.0000{number}"), title=f"A paper that is cited, numbered {number}") for number in (1, 2)
)
"""Papers that are here from the beginning, whom others cite."""


@dataclass
class LaggingIndex:
    """An index of which only is asked how far it has come."""

    watermark: int = 0


class FirstList(NamedTuple):
    """Who cites a paper by the first list that was read to its end, and the day since which it was followed then."""

    ids: frozenset[str]
    since: date


class FollowComposer:
    """Writes posts of what is followed, and a message of other things in daily ones."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def awaits_papers(self, now: datetime) -> bool:
        return False

    async def compose(self, deliveries: Sequence[Delivery], now: datetime) -> Mapping[int, Post]:
        sections = await followed_papers(self._app, deliveries, now)
        posts = {}
        for each in deliveries:
            section = sections.get(each.number)
            # The platform of the simulation tells by the title which post a message is of.
            followed = (replace(section.message, title=f"{each.key} #0"),) if section else ()
            other = () if each.kind is Kind.FOLLOWED else (Message(title=f"{each.key} #1"),)
            whole = (*followed, *other)
            is_mail = each.destination.place.platform == PLATFORM
            posts[each.number] = (together(*whole),) if is_mail and len(whole) == 2 else whole
        return posts


class FollowWorld(World):
    """Two channels, one without a daily post, and a person with a mailbox; what each should get is known.

    `store` is the database itself: processes reach it through what can fail.
    """

    store: Any

    def __init__(self, start: datetime, store: SqlStore) -> None:
        self.index = LaggingIndex()
        self.sql = store
        self.told: list[Paper] = []
        self.followed: list[Follow] = []
        self.citations = FakeCitations()
        self.first_lists: dict[str, FirstList] = {}
        self.known: dict[int, set[str]] = {}
        """Who was known to cite a paper when it was followed so, by the follow's number."""
        super().__init__(start, store=Outside(store))

    async def open(self) -> None:
        """Set the destinations up."""
        person = await self.store.person(ANA)
        await self.store.save_batch("test", Batch(papers=CITED), now=self.clock.now())
        for each in (CHANNEL, QUIET, replace(TALK, person=person), replace(MAILBOX, person=person)):
            await self.put(each)

    def _app(self, process: Process) -> App:
        store: Any = MortalStore(self.store, process, self.note_trouble)
        return App.over(store, self.index, self.clock)  # type: ignore[arg-type]

    def _start(self, skew: timedelta) -> Worker:
        process, clock = Process(), SkewedClock(self.clock, skew)
        app = self._app(process)
        adapters = [FakeAdapter(platform, process) for platform in self.platforms]
        queue: Any = app.store
        deliverer = Deliverer(queue, FollowComposer(app), adapters, clock, self.rules, self.server_clock)
        return Worker(process, deliverer, clock)

    async def follow(self, place: int, kind: FollowKind, value: str, *, at_once: bool) -> None:
        """A channel, or the person, follows something from now on."""
        destination = list(self.destinations.values())[place]
        owner, key, today = destination.owner, destination.place.key, self.clock.now().date()
        wanted = Follow(owner=owner, place=key, kind=kind, value=value, at_once=at_once, since=today)
        kept, new = await self.store.add_follow(wanted)
        if new:
            self.followed.append(kept)
            cited = papers.c.row == citing_papers.c.cited
            query = select(citing_papers.c.id).join_from(citing_papers, papers, cited).where(papers.c.id == value)
            self.known[kept.number] = {row.id for row in await self._outside(query)}

    async def sync(self, *told: Paper) -> None:
        """A source tells of papers; what is known of one already is added to it."""
        self.told += told
        await self.store.save_batch("test", Batch(papers=told), now=self.clock.now())

    async def cite(self, number: int, *citing: Paper) -> None:
        """Others are seen to cite a paper."""
        self.told += citing
        self.citations.lists.setdefault(CITED[number].id, []).extend(citing)

    async def read_citing(self, kill_after: int | None = None) -> None:
        """It is asked who cites what is followed so, by a process that may be killed after some calls."""
        process = self.workers[0].process
        process.begin()
        process.kill_after = None if kill_after is None else process.calls + kill_after
        store: Any = MortalStore(self.store, process, self.note_trouble)
        try:
            await read_citing(store, self.citations, self.clock)
        except KilledError:
            self.workers[0] = self._start(timedelta(0))
        except StoreDownError:
            self.note_trouble()
        process.kill_after = None
        await self._note_first_lists()

    async def _note_first_lists(self) -> None:
        query = select(papers.c.id).join_from(papers, cited_papers).where(cited_papers.c.read_at.is_not(None))
        for row in await self._outside(query):
            listed = frozenset(each.id for each in self.citations.lists.get(PaperId(row.id), []))
            since = min(each.since for each in self.followed if each.value == row.id)
            self.first_lists.setdefault(row.id, FirstList(listed, since))

    async def index_papers(self) -> None:
        """The index comes up to date."""
        self.index.watermark = await self.store.last_revision()

    async def match(self, kill_after: int | None = None) -> None:
        """What is new is compared with what is followed, by a process that may be killed after some calls."""
        process = self.workers[0].process
        process.begin()
        process.kill_after = None if kill_after is None else process.calls + kill_after
        try:
            await find_matches(self._app(process))
        except KilledError:
            self.workers[0] = self._start(timedelta(0))
        except StoreDownError:
            self.note_trouble()
        process.kill_after = None

    async def go_on(self, looks: int, step: timedelta) -> None:
        """Time passes, with everything that runs every now and then."""
        for _ in range(looks):
            self.pass_time(step)
            await self.read_citing()
            await self.index_papers()
            await self.match()
            await self.tick()

    async def _rows(self) -> dict[PaperId, int]:
        return {PaperId(row.id): row.row for row in await self._outside(select(papers.c.id, papers.c.row))}

    async def _pending(self) -> dict[str, set[int]]:
        """Owner -> the rows of papers that are not shown yet."""
        query = select(follows.c.owner, matches.c.row).join(matches).where(matches.c.shown_at.is_(None))
        found: defaultdict[str, set[int]] = defaultdict(set)
        for row in await self._outside(query):
            found[row.owner].add(row.row)
        return found

    async def is_settled(self) -> bool:
        """Whether every paper that matches was shown to each follower."""
        followed = {each.value for each in self.followed if each.kind is FollowKind.CITED_BY}
        return followed <= set(self.first_lists) and await self._wanted() <= set(await self._shown())

    async def _shown(self) -> Counter[tuple[str, int]]:
        """How often each owner was shown each paper."""
        rows = await self._rows()
        owners = {key: destination.owner for key, destination in self.destinations.items()}
        return Counter((owners[each.place], rows[paper]) for each in self.accepted for paper in each.papers)

    async def check(self) -> None:
        """Every paper that matches was shown to each follower exactly once, or is told to be pending."""
        shown, pending = await self._shown(), await self._pending()
        assert [each for each, count in shown.items() if count > 1] == [], "shown twice"
        wanted = await self._wanted()
        assert set(shown) <= wanted, "shown to somebody who does not follow it"
        missing = {(owner, row) for owner, row in wanted - set(shown) if row not in pending[owner]}
        assert missing == set(), "missed"
        await self._check_pending()

    async def _check_pending(self) -> None:
        """After all trouble, only what may have arrived is pending, and only where nobody could look."""
        owners = {key: destination.owner for key, destination in self.destinations.items()}
        blind = {owners[key] for platform in self.platforms for key in platform.blind}
        for owner in set(owners.values()):
            waiting = await self.store.waiting(owner, "")
            assert waiting.papers == 0, f"{owner} still waits"
            assert not waiting.unclear or owner in blind, f"{owner} was not looked for"

    async def _wanted(self) -> set[tuple[str, int]]:
        """Who should be shown what, by what is known in the end: a paper that was first read after the follow."""
        ids = sorted({paper.id for paper in self.told})
        stored = await self.store.papers(ids)
        return {(follow.owner, each.row) for follow in self.followed for each in stored if self._matches(follow, each)}

    def _matches(self, follow: Follow, stored: StoredPaper) -> bool:
        paper = stored.paper
        if follow.kind is FollowKind.CITED_BY:
            listed = {each.id: each for each in self.citations.lists.get(PaperId(follow.value), [])}
            first = self.first_lists[follow.value]
            if paper.id not in listed or paper.id in self.known[follow.number]:
                return False
            return paper.id not in first.ids or (listed[paper.id].published or first.since) >= first.since
        return stored.row > follow.from_row and follow.value in {paper.organization, *paper.authors}

    async def _outside(self, query: Any) -> Any:
        """The rows of a query, which takes no time."""
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        with loop.outside():
            async with self.sql.reading() as connection:
                return (await connection.execute(query)).all()
