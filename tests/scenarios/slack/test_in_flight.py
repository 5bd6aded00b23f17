"""Many posts whose connection broke, in a Slack that lets their channels be read once a minute."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.delivery.deliverer import Deliverer
from bot.delivery.post import Post
from bot.domain.deliveries import Delivery, Status
from bot.domain.destinations import Destination, Layout
from bot.domain.messages import Message, text
from bot.domain.people import Place
from bot.library.app import App
from storage.sql.tokens import Tokens
from tests.conftest import SAMPLE_ENDS
from tests.support.slack.fake_slack import Channel, FakeSlack, Fault
from tests.support.slack.harness import slack, socket_settings
from tests.support.waits import Waits

DUE = datetime(2026, 1, 20, 9, tzinfo=UTC)
POSTS = 120


class StandingClock:
    """Stands still until the test moves it."""

    def __init__(self) -> None:
        self.moment = SAMPLE_ENDS

    def now(self) -> datetime:
        return self.moment

    def seconds(self) -> float:
        return self.moment.timestamp()


class ClockWaits(Waits):
    """Waits during which the clock goes on."""

    def __init__(self, clock: StandingClock) -> None:
        super().__init__()
        self._clock = clock

    async def pause(self, seconds: float) -> None:
        self._clock.moment = max(self._clock.moment, self._clock.moment + timedelta(seconds=seconds))

    def seconds(self) -> float:
        return self._clock.seconds()


class OneLine:
    """Writes posts of one message."""

    async def awaits_papers(self, now: datetime) -> bool:
        return False

    async def compose(self, deliveries: Sequence[Delivery], now: datetime) -> Mapping[int, Post]:
        return {each.number: (Message(title="Trending papers", body=(text("…"),)),) for each in deliveries}


class World:
    """Channels of one workspace that all get their post at nine, and whoever sends it."""

    def __init__(self, fake: FakeSlack, app: App, tokens: Tokens) -> None:
        self.fake, self.app, self.clock = fake, app, StandingClock()
        fake.outside_marketplace, fake.seconds = True, self.clock.seconds
        app.clock = self.clock
        platform = slack(socket_settings(fake), app, tokens, ClockWaits(self.clock)).platform
        self.deliverer = Deliverer(app.store, OneLine(), [platform], self.clock)

    async def add(self, channel: str) -> None:
        """A channel with a daily post at nine."""
        self.fake.add(Channel(channel))
        destination = Destination(place=Place("slack", "T1", channel), at=time(9), chosen_layout=Layout.COMPACT)
        await self.app.store.save_destination(destination, now=self.clock.now())

    async def until(self, moment: datetime, every: timedelta = timedelta(minutes=1)) -> None:
        """Look again and again what is to be sent, until a moment or until there is nothing more to do."""
        while self.clock.moment < moment:
            self.clock.moment += every
            await self.deliverer.tick()
            counts = await self.app.store.count_deliveries(now=self.clock.moment, since=DUE)
            if not (counts.due or counts.open):
                break

    async def ends(self) -> Counter[Status]:
        """How many deliveries stand how."""
        return Counter(each.deliveries[0].status for each in await self.app.store.upcoming())

    def told(self) -> int:
        """How many messages the owner of the workspace got."""
        talk = self.fake.channels.get(("T1", "UOWNER"))
        return len(talk.messages) if talk else 0

    def refusals(self) -> int:
        """How often a read was refused."""
        return self.fake.refused.count("conversations.history")


@pytest.fixture
def world(fake: FakeSlack, app: App, tokens: Tokens) -> World:
    return World(fake, app, tokens)


async def test_more_posts_in_flight_than_are_sent_at_once_all_settle(world: World, fake: FakeSlack) -> None:
    for number in range(POSTS):
        await world.add(f"C{number:03}")
    broken = [Fault(drop=True, accepted=number % 2 == 0) for number in range(POSTS)]
    fake.fail("chat.postMessage", *broken)
    world.clock.moment = DUE
    await world.until(DUE + timedelta(hours=12))
    assert await world.ends() == {Status.SENT: POSTS}
    messages = Counter(len(fake.channels["T1", f"C{number:03}"].messages) for number in range(POSTS))
    assert messages == {1: POSTS}  # none is missing, none is there twice
    assert world.refusals() < 10
    assert world.told() == 0


async def test_a_channel_in_which_people_went_on_talking_settles(world: World, fake: FakeSlack) -> None:
    await world.add("C1")
    fake.fail("chat.postMessage", Fault(drop=True, accepted=True))
    world.clock.moment = DUE
    await world.until(DUE + timedelta(minutes=1))
    for number in range(40):
        moment = int((DUE + timedelta(minutes=2, seconds=number)).timestamp())
        fake.channels["T1", "C1"].messages[f"{moment}.900000"] = {"text": "chatter"}
    await world.until(DUE + timedelta(hours=1))
    assert await world.ends() == {Status.SENT: 1}
    assert sum("metadata" in message for message in fake.channels["T1", "C1"].messages.values()) == 1


async def test_where_slack_never_lets_one_look_an_admin_is_told_when_the_time_is_over(
    world: World, fake: FakeSlack
) -> None:
    await world.add("C1")
    fake.fail("chat.postMessage", Fault(drop=True, accepted=True))
    fake.fail("conversations.history", *[Fault(retry_after="60")] * 2000)
    world.clock.moment = DUE
    await world.until(DUE + timedelta(hours=11), every=timedelta(minutes=10))
    assert Status.UNKNOWN not in await world.ends()
    await world.until(DUE + timedelta(hours=13), every=timedelta(minutes=10))
    assert await world.ends() == {Status.UNKNOWN: 1}
    assert world.told() == 1
