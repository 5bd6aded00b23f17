"""Announcement channels: Discord publishes ten messages an hour of each, and a day's posts keep within that."""

from datetime import UTC, datetime, time, timedelta

import pytest

from adapters.discord.platform import DiscordPlatform
from bot.chat.reactions import Reaction, Reactions
from bot.delivery.composer import PostComposer
from bot.delivery.deliverer import Deliverer
from bot.domain.destinations import Destination, Layout
from bot.domain.people import Account, FeedbackAct, FeedbackKind, Place
from bot.library.app import App
from bot.runtime.clocks import StandingClock
from tests.support.discord.fake_discord import FakeDiscord
from tests.support.discord.fake_people import GUILD
from tests.support.discord.fake_rooms import CROSSPOSTED
from tests.support.discord.wire import ANNOUNCED, connected

NEWS = Place("discord", GUILD, ANNOUNCED, "#news")
SIX = datetime(2026, 1, 20, 18, tzinfo=UTC)
TWO = "2\ufe0f\u20e3"


@pytest.mark.parametrize("weekly", [None, SIX.weekday()])
async def test_ten_papers_and_a_round_up_are_all_published(fake: FakeDiscord, app: App, weekly: int | None) -> None:
    await _save_something(app)
    await _switch_on(app, weekly)
    async with connected(fake, app) as platform:
        fake.fail("POST", f"/channels/{ANNOUNCED}/messages", "drop", "lose")
        await Deliverer(app.store, _composer(app, platform), [platform], StandingClock(SIX)).tick()
        for seconds in (30, 60, 90):
            later = StandingClock(SIX + timedelta(seconds=seconds))
            await Deliverer(app.store, _composer(app, platform), [platform], later).tick()
    messages = fake.shown(ANNOUNCED)
    assert len(messages) == 10
    assert all(message["flags"] & CROSSPOSTED for message in messages)
    shown = [await app.store.posted(NEWS.key, message["id"]) for message in messages]
    daily = [papers for papers in shown if papers]
    assert len({paper for papers in daily[:9] for paper in papers}) >= 9


async def test_a_paper_under_the_header_is_reacted_to_like_any_other(fake: FakeDiscord, app: App) -> None:
    await _save_something(app)
    await _switch_on(app, SIX.weekday())
    async with connected(fake, app) as platform:
        await Deliverer(app.store, _composer(app, platform), [platform], StandingClock(SIX)).tick()
    posts = [await app.store.posted(NEWS.key, message["id"]) for message in fake.shown(ANNOUNCED)]
    [header] = [n for n, papers in enumerate(posts) if len(papers) == 2]
    reader = Account("discord", "7")
    message = fake.shown(ANNOUNCED)[header]["id"]
    await Reactions(app.store).take(Reaction(reader, NEWS, message, TWO, present=True, at=SIX))
    judged = await app.store.feedback_of(await app.store.person(reader))
    assert [entry.paper_id for entry in judged] == [posts[header][1]]


def _composer(app: App, platform: DiscordPlatform) -> PostComposer:
    return PostComposer(app, daily_messages={platform.name: platform.daily_messages})


async def _switch_on(app: App, weekly: int | None) -> None:
    destination = Destination(place=NEWS, at=time(18), count=10, weekly=weekly, chosen_layout=Layout.CARDS)
    await app.store.save_destination(destination, now=SIX - timedelta(days=1))


async def _save_something(app: App) -> None:
    paper = (await app.library.search("robots", 1))[0].stored.paper.id
    person = await app.store.person(Account("discord", "5"))
    saved = FeedbackAct(person, paper, FeedbackKind.SAVE, present=True, at=SIX - timedelta(hours=3), place=NEWS.key)
    await app.store.give_feedback(saved)
