"""Reading groups in the world of deliveries: processes that can be killed open votes, count them and post."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.delivery.club_posts import club_posts
from bot.delivery.clubs import ClubKeeper
from bot.delivery.deliverer import Deliverer
from bot.delivery.post import Post
from bot.domain.clubs import Club, Meeting, MeetingState
from bot.domain.deliveries import Delivery
from bot.domain.destinations import Destination, Kind
from bot.domain.messages import Card, Message
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.domain.people import Account, Place
from bot.ports import Batch
from tests.support.delivery_platform import FakeAdapter
from tests.support.delivery_process import MortalStore, Process
from tests.support.delivery_world import SkewedClock, Worker, World

PAPERS = [Paper(id=PaperId(f"2601.{n:05}"), title=f"The paper that is numbered {n}") for n in range(1, 60)]


@dataclass
class _Bot:
    """What one process does at each tick."""

    keeper: ClubKeeper
    deliverer: Deliverer

    async def tick(self) -> int:
        await self.keeper.tick()
        return await self.deliverer.tick()


@dataclass
class _Composer:
    """Posts as long as the real ones, and none where there is none; each message says which it is."""

    store: Any

    async def awaits_papers(self, now: datetime) -> bool:
        return False

    async def compose(self, deliveries: Sequence[Delivery], now: datetime) -> Mapping[int, Post]:
        real = await club_posts(self.store, deliveries, now)
        keys = {delivery.number: delivery.key for delivery in deliveries}
        return {
            number: tuple(_message(f"{keys[number]} #{n}") for n in range(len(post))) for number, post in real.items()
        }


def _message(title: str) -> Message:
    return Message(title=title, cards=(Card(paper_id=PaperId(title), title=title),))


class ClubWorld(World):
    """Clubs of channels whose people propose papers and vote."""

    store: Any
    meetings: dict[str, list[Meeting]]
    """What became of each place's meetings, once that was checked."""

    def __init__(self, start: datetime, *, store: Any) -> None:
        super().__init__(start, store=store)
        self.meetings = {}

    def _start(self, skew: timedelta) -> Worker:
        process, clock = Process(), SkewedClock(self.clock, skew)
        store: Any = MortalStore(self.store, process, self.note_trouble)
        adapters = [FakeAdapter(platform, process) for platform in self.platforms]
        keeper = ClubKeeper(store, adapters, clock, self.server_clock)
        deliverer = Deliverer(store, _Composer(store), adapters, clock, self.rules, self.server_clock)
        bot: Any = _Bot(keeper, deliverer)
        return Worker(process, bot, clock)

    async def found(self, club: Club) -> None:
        """Have a channel with a club for which all papers were proposed."""
        await self.store.save_batch("test", Batch(papers=PAPERS), now=self.clock.now())
        await self.put(Destination(place=club.place, enabled=False, timezone=club.timezone))
        await self.store.save_club(club, now=self.clock.now())
        person = await self.store.person(Account(club.place.platform, "T/ana", "ana"))
        for paper in PAPERS:
            await self.store.nominate(club.place.key, person, paper.id, at=self.clock.now())

    async def vote(self, place: Place) -> None:
        """Somebody votes for the second candidate, where there is a vote."""
        for meeting in await self.store.meetings(place.key):
            if meeting.state is MeetingState.VOTING:
                person = await self.store.person(Account(place.platform, "T/ben", "ben"))
                await self.store.vote(meeting.number, person, 2, at=self.clock.now())

    def shown(self, place: Place, kind: Kind, day: date) -> list[datetime]:
        """When the first message of a post was shown."""
        title = f"{kind.value} {day.isoformat()} {place.key} #0"
        return [each.at for each in self.accepted if each.title == title]

    async def check(self, place: Place) -> list[Meeting]:
        """Nothing was shown twice, and nothing is missing of a meeting around which nothing went wrong."""
        titles = [each.title for each in self.accepted]
        assert len(titles) == len(set(titles))
        meetings: list[Meeting] = await self.store.meetings(place.key)
        for meeting in meetings:
            for kind, due in _steps(meeting):
                if self.is_calm(due):
                    assert len(self.shown(place, kind, meeting.day)) == 1, (kind, meeting)
        return meetings

    def is_calm(self, due: datetime) -> bool:
        """Whether the bot looked for long enough after a moment while nothing went wrong."""
        long_enough = due + timedelta(minutes=100)
        return any(ticks and ticks[0] < due and any(due <= t <= long_enough for t in ticks) for ticks in self.quiet)

    @property
    def quiet(self) -> list[list[datetime]]:
        """The moments of ticks between which nothing went wrong, and for long after."""
        return [[t for t in ticks if t <= ticks[-1] - timedelta(minutes=100)] for ticks in self.calm if ticks]


def _steps(meeting: Meeting) -> list[tuple[Kind, datetime]]:
    if meeting.state is not MeetingState.CHOSEN:
        return []
    return [(Kind.VOTE, meeting.opens_at), (Kind.MEETING, meeting.closes_at), (Kind.REMINDER, meeting.reminds_at)]


def club(place: Place, weekday: int, at: time, timezone: str, first: date, every: int = 1) -> Club:
    """A club as it is set by default."""
    return Club(place=place, weekday=weekday, at=at, timezone=timezone, first=first, every=every)
