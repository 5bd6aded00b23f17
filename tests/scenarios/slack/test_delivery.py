"""The daily post through Slack: what became of each message decides what happens to the post."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from adapters.slack.platform import SlackPlatform
from bot.delivery.composer import PostComposer
from bot.delivery.deliverer import Deliverer
from bot.domain.destinations import Destination, Layout
from bot.domain.people import Place
from bot.library.app import App
from storage.sql.tokens import Tokens
from tests.conftest import TickingClock
from tests.support.slack.fake_slack import FakeSlack, Fault
from tests.support.slack.harness import Workspace, shown, slack, socket_settings
from tests.support.slack.reactions import feedback_kinds
from tests.support.waits import Waits

HERE = Place("slack", "T1", "C1", "#papers")


@pytest.fixture
def platform(fake: FakeSlack, app: App, tokens: Tokens, waits: Waits) -> SlackPlatform:
    return slack(socket_settings(fake), app, tokens, waits).platform


async def _due(app: App, fake: FakeSlack, layout: Layout = Layout.CARDS) -> TickingClock:
    """A daily post of the channel that is due."""
    clock = app.clock
    assert isinstance(clock, TickingClock)
    at = (clock.now() + timedelta(minutes=5)).time()
    destination = Destination(place=HERE, at=time(at.hour, at.minute), count=3, chosen_layout=layout)
    await app.store.save_destination(destination, now=clock.now())
    clock.moment += timedelta(minutes=6)
    fake.seconds = lambda: clock.moment.timestamp()  # noqa: PLW0108  (the clock's moment changes)
    return clock


def _deliverer(app: App, platform: SlackPlatform) -> Deliverer:
    return Deliverer(app.store, PostComposer(app, timedelta(days=365)), [platform], app.clock)


async def test_a_post_is_a_header_and_a_message_for_each_paper(
    app: App, platform: SlackPlatform, fake: FakeSlack
) -> None:
    await _due(app, fake)
    await _deliverer(app, platform).tick()
    messages = fake.channels["T1", "C1"].messages
    assert len(messages) == 4
    assert "Trending papers" in shown(next(iter(messages.values())))
    assert not any("thread_ts" in message for message in messages.values())
    papers = [await app.store.posted(HERE.key, ts) for ts in messages]
    assert [len(each) for each in papers] == [0, 1, 1, 1]
    await _deliverer(app, platform).tick()
    assert len(messages) == 4


async def test_a_post_of_ones_own_that_was_asked_for_in_a_channel_comes_in_the_private_talk(
    app: App, platform: SlackPlatform, over_socket: Workspace, fake: FakeSlack
) -> None:
    clock = app.clock
    assert isinstance(clock, TickingClock)
    await over_socket.command("digest me on 23:30 UTC")
    await over_socket.event({"type": "app_home_opened", "user": "U1", "tab": "home"})
    assert "You get 5 papers at 23:30 UTC" in shown(fake.homes["U1"])
    clock.moment += timedelta(minutes=31)
    await _deliverer(app, platform).tick()
    [_confirmed, message] = fake.channels["T1", "U1"].messages
    await over_socket.react("two", message, channel="DU1")
    assert len(await feedback_kinds(app)) == 1


async def test_a_compact_post_is_one_message(app: App, platform: SlackPlatform, fake: FakeSlack) -> None:
    await _due(app, fake, Layout.COMPACT)
    await _deliverer(app, platform).tick()
    [(ts, message)] = fake.channels["T1", "C1"].messages.items()
    assert len(await app.store.posted(HERE.key, ts)) == 3
    assert "1." in shown(message)


async def test_a_rate_limit_in_the_middle_puts_the_rest_off_and_nothing_comes_twice(
    app: App, platform: SlackPlatform, fake: FakeSlack
) -> None:
    clock = await _due(app, fake)
    deliverer = _deliverer(app, platform)
    messages = fake.channels["T1", "C1"].messages
    fake.fail("chat.postMessage", Fault(retry_after="1"), Fault(retry_after="120"), after=2)
    await deliverer.tick()
    assert len(messages) == 2
    clock.moment += timedelta(minutes=3)
    await deliverer.tick()
    assert len(messages) == 4


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_connection_that_breaks_leaves_nothing_out_and_posts_nothing_twice(
    app: App, platform: SlackPlatform, fake: FakeSlack, accepted: bool
) -> None:
    clock = await _due(app, fake)
    deliverer = _deliverer(app, platform)
    fake.fail("chat.postMessage", Fault(drop=True, accepted=accepted), after=1)
    await deliverer.tick()
    assert len(fake.channels["T1", "C1"].messages) == 1 + accepted
    clock.moment += timedelta(minutes=2)
    await deliverer.tick()
    messages = fake.channels["T1", "C1"].messages
    papers = [await app.store.posted(HERE.key, ts) for ts in messages]
    assert [len(each) for each in papers] == [0, 1, 1, 1]
    assert len({paper for each in papers for paper in each}) == 3


async def test_where_slack_does_not_let_one_look_a_broken_connection_is_told_to_admins_and_never_repeated(
    app: App, platform: SlackPlatform, fake: FakeSlack
) -> None:
    clock = await _due(app, fake)
    deliverer = _deliverer(app, platform)
    fake.fail("chat.postMessage", Fault(drop=True, accepted=True))
    fake.fail("conversations.history", Fault(error="missing_scope", needed="channels:history"))
    await deliverer.tick()
    for _ in range(3):
        clock.moment += timedelta(hours=1)
        await deliverer.tick()
    assert len(fake.channels["T1", "C1"].messages) == 1
    assert fake.channels["T1", "UOWNER"].messages


async def test_a_channel_that_is_gone_is_told_to_admins_by_its_reason(
    app: App, platform: SlackPlatform, fake: FakeSlack
) -> None:
    await _due(app, fake)
    fake.channels["T1", "C1"] = replace(fake.channels["T1", "C1"], is_archived=True)
    await _deliverer(app, platform).tick()
    [told] = fake.channels["T1", "UOWNER"].messages.values()
    assert "archived" in shown(told)
