"""Posting to channels of every kind, and what comes of refusals."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import discord
import pytest

from adapters.discord.errors import InvalidRequests, translated
from adapters.discord.places import place_of
from adapters.discord.platform import from_settings, parse_shards
from adapters.discord.registration import invite_link
from bot.chat.dispatch import Dispatcher
from bot.chat.reactions import Reactions
from bot.commands import registry
from bot.config import Settings
from bot.domain.messages import Message, text
from bot.domain.people import Account, Place, private_talk
from bot.errors import DeliveryError, PostponedError, RefusedError, UnclearError, UserError
from bot.library.app import App
from bot.runtime.clocks import StandingClock
from tests.support.discord.world import World, newest, texts

HEADER = Message(title="Trending papers · Monday, 19 Jan 2026")
PAPER = Message(title="A paper")


def place(world: World, channel: Any) -> Place:
    found = world.client.get_channel(channel.id)
    assert isinstance(found, discord.abc.GuildChannel | discord.Thread)
    return place_of(found)


async def test_a_message_is_posted_and_its_id_returned(world: World) -> None:
    sent = await world.platform.send(place(world, world.papers), HEADER, nonce="1")
    assert newest(world.papers).id == int(sent)
    assert texts(world.papers.last_message) == "## Trending papers · Monday, 19 Jan 2026"


async def test_a_message_has_the_same_nonce_whenever_it_is_sent(world: World) -> None:
    for nonce in ("delivery-1/0", "delivery-1/0", "delivery-1/1"):
        await world.platform.send(place(world, world.papers), HEADER, nonce=nonce)
    bodies = [entry.json for entry in world.env.http_requests if entry.json and "nonce" in entry.json]
    nonces = [body["nonce"] for body in bodies]
    assert nonces[0] == nonces[1] != nonces[2]
    assert all(body["enforce_nonce"] is True for body in bodies)


async def test_messages_of_a_channel_are_spaced_and_another_channel_does_not_wait_for_them(world: World) -> None:
    here, there = place(world, world.papers), place(world, world.guild.create_text_channel("reading-group"))
    for channel, waited in ((here, 0), (there, 0), (here, 1), (here, 2)):
        await world.platform.send(channel, HEADER, nonce=f"{channel.key}/{waited}")
        assert 1.0 * waited <= world.waits.seconds() < 1.1 * waited + 0.1


SINCE = datetime(2020, 1, 1, tzinfo=UTC)


async def test_a_message_is_found_again_by_its_nonce(world: World) -> None:
    here = place(world, world.papers)
    names = [await world.platform.send(here, HEADER, nonce=f"n{n}") for n in range(3)]
    assert [await world.platform.recall(here, f"n{n}", SINCE) for n in range(3)] == names
    assert await world.platform.recall(here, "n9", SINCE) is None


async def test_a_message_in_a_forum_or_a_private_talk_is_found_again(world: World) -> None:
    made = world.guild.create_forum_channel("reading")
    forum = place(world, made)
    first = await world.platform.send(forum, HEADER, nonce="1")
    second = await world.platform.send(forum, PAPER, nonce="2", first=first)
    # Discord gives a post and its first message one id; the simulator gives them two.
    opened = str(made.threads[0].history()[0].id)
    assert [await world.platform.recall(forum, nonce, SINCE) for nonce in ("1", "2", "3")] == [opened, second, None]
    talk = private_talk(Account("discord", str(world.ben.id), "ben"))
    name = await world.platform.send(talk, HEADER, nonce="1")
    assert await world.platform.recall(talk, "1", SINCE) == name


async def test_where_the_history_may_not_be_read_one_cannot_look(world: World) -> None:
    channel = world.client.get_channel(world.papers.id)
    assert isinstance(channel, discord.TextChannel)
    everyone = channel.guild.default_role
    channel._overwrites = [discord.abc._Overwrites({"id": everyone.id, "type": 0, "allow": "0", "deny": str(1 << 16)})]
    with pytest.raises(UnclearError, match="not allowed to read"):
        await world.platform.recall(place(world, world.papers), "n", SINCE)


async def test_a_message_sent_in_the_future_is_not_looked_for_in_the_past(world: World) -> None:
    with pytest.raises(UnclearError, match="clock"):
        await world.platform.recall(place(world, world.papers), "n", datetime.now(UTC) + timedelta(hours=1))


async def test_announcements_are_published(world: World) -> None:
    news = world.guild.create_news_channel("news")
    await world.platform.send(place(world, news), HEADER, nonce="1")
    assert any(entry.path.endswith("/crosspost") for entry in world.env.http_requests)


async def test_a_post_that_cannot_be_published_is_still_posted(world: World) -> None:
    news = world.guild.create_news_channel("news")
    world.env.inject_error("POST", "/channels/*/messages/*/crosspost", status=403)
    assert await world.platform.send(place(world, news), HEADER, nonce="1") == str(newest(news).id)


async def test_a_paper_gets_a_thread_of_its_name(world: World) -> None:
    wanted = replace(PAPER, thread=True)
    for channel in (world.papers, world.guild.create_news_channel("news")):
        sent = await world.platform.send(place(world, channel), wanted, nonce="1")
        [thread] = channel.threads
        assert (thread.name, str(thread.id)) == ("A paper", sent)


async def test_a_thread_that_cannot_be_opened_is_no_loss(world: World) -> None:
    world.env.inject_error("POST", "/channels/*/messages/*/threads", status=403)
    sent = await world.platform.send(place(world, world.papers), replace(PAPER, thread=True), nonce="1")
    assert sent == str(newest(world.papers).id)


async def test_a_thread_can_be_posted_to(world: World) -> None:
    parent = await world.platform.send(place(world, world.papers), replace(PAPER, thread=True), nonce="1")
    [thread] = world.papers.threads
    assert str(thread.id) == parent
    sent = await world.platform.send(place(world, thread), HEADER, nonce="2")
    assert str(newest(thread).id) == sent


async def test_papers_in_a_forum_or_a_talk_get_no_threads(world: World) -> None:
    forum = world.guild.create_forum_channel("reading")
    first = await world.platform.send(place(world, forum), HEADER, nonce="1")
    await world.platform.send(place(world, forum), replace(PAPER, thread=True), nonce="2", first=first)
    talk = private_talk(Account("discord", str(world.ben.id), "ben"))
    await world.platform.send(talk, replace(PAPER, thread=True), nonce="1")
    assert not any(entry.path.endswith("/threads") and "/messages/" in entry.path for entry in world.env.http_requests)


async def test_a_forum_gets_a_post_a_day_with_the_papers_in_it(world: World) -> None:
    forum = world.guild.create_forum_channel("reading")
    first = await world.platform.send(place(world, forum), HEADER, nonce="1")
    second = await world.platform.send(place(world, forum), PAPER, nonce="2", first=first)
    assert [thread.name for thread in forum.threads] == ["Trending papers · Monday, 19 Jan 2026"]
    assert str(forum.threads[0].id) == first
    assert str(newest(forum.threads[0]).id) == second
    assert texts(forum.threads[0].last_message) == "## A paper"


async def test_a_forum_post_is_not_opened_twice(world: World) -> None:
    forum = world.guild.create_forum_channel("reading")
    first = await world.platform.send(place(world, forum), HEADER, nonce="1")
    assert await world.platform.send(place(world, forum), HEADER, nonce="1") == first
    assert len(forum.threads) == 1


async def test_a_channel_that_is_gone_refuses(world: World) -> None:
    gone = Place("discord", str(world.guild.id), "123456789012345678", "#gone")
    with pytest.raises(RefusedError, match="#gone is gone"):
        await world.platform.send(gone, HEADER, nonce="1")


@pytest.mark.parametrize(("status", "expected"), [(403, RefusedError), (404, RefusedError), (500, UnclearError)])
async def test_what_discord_answers_decides_what_happens(
    world: World, status: int, expected: type[DeliveryError]
) -> None:
    world.env.inject_error("POST", "/channels/*/messages", status=status)
    with pytest.raises(expected):
        await world.platform.send(place(world, world.papers), HEADER, nonce="1")


@pytest.mark.parametrize("broken", [aiohttp.ServerDisconnectedError(), ConnectionResetError(), TimeoutError()])
def test_a_connection_that_breaks_leaves_it_unclear(broken: Exception) -> None:
    with pytest.raises(UnclearError), translated("#papers"):
        raise broken


def test_a_rate_limit_beyond_a_minute_postpones() -> None:
    with pytest.raises(PostponedError) as caught, translated("#papers"):
        raise discord.RateLimited(500.0)
    assert caught.value.retry_after == 500.0


async def test_admins_are_told_in_a_direct_message(world: World) -> None:
    told = Message(body=(text("The daily post is off."),))
    await world.platform.tell_admins(place(world, world.papers), told)
    assert texts(world.guild.owner.dm_channel.history()[-1]) == "The daily post is off."


async def test_a_message_reaches_somebody_in_their_private_talk(world: World) -> None:
    talk = private_talk(Account("discord", str(world.ben.id), "ben"))
    await world.platform.send(talk, HEADER, nonce="1")
    await world.platform.tell_admins(talk, PAPER)
    assert [texts(message) for message in world.ben.user.dm_channel.history()] == [
        "## Trending papers · Monday, 19 Jan 2026",
        "## A paper",
    ]


async def test_when_nobody_can_be_told_that_is_an_error(world: World) -> None:
    world.env.inject_error("POST", "/channels/*/messages", status=403)
    with pytest.raises(RefusedError):
        await world.platform.tell_admins(place(world, world.papers), HEADER)


async def test_it_reaches_the_servers_of_its_shards(world: World) -> None:
    here = place(world, world.papers)
    assert world.platform.reaches(here)
    assert world.platform.reaches(private_talk(Account("discord", "1")))
    assert not world.platform.reaches(replace(here, platform="slack"))


def test_too_many_refused_requests_stop_sending() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    invalid = InvalidRequests(StandingClock(start), limit=100)
    for _ in range(99):
        invalid.note(403)
    invalid.note(200)
    invalid.note(429, "shared")
    invalid.check()
    invalid.note(401)
    with pytest.raises(PostponedError) as caught:
        invalid.check()
    assert timedelta(seconds=caught.value.retry_after) == InvalidRequests.WINDOW


def test_shards_are_read_from_the_settings() -> None:
    assert parse_shards("") == (None, None)
    assert parse_shards("1/4") == ([1], 4)
    assert parse_shards("0-2/8") == ([0, 1, 2], 8)
    for wrong in ("4/4", "2-1/4", "x", "1"):
        with pytest.raises(UserError, match="not a range of shards"):
            parse_shards(wrong)


async def test_the_settings_make_a_platform(app: App) -> None:
    settings = Settings(_env_file=None, discord_shards="0/2")
    platform = from_settings(settings, app, Dispatcher(registry, app), Reactions(app.store))
    assert (platform.name, platform.repeatable) == ("discord", True)
    assert not platform.reaches(Place("discord", "1", "2"))
    assert not platform.client.intents.message_content


def test_the_invite_asks_for_what_is_needed_and_no_more() -> None:
    link, _, permissions = invite_link(7).rpartition("&permissions=")
    assert link == "https://discord.com/oauth2/authorize?client_id=7&scope=bot+applications.commands"
    assert {name for name, granted in discord.Permissions(int(permissions)) if granted} == {
        "read_messages",
        "send_messages",
        "send_messages_in_threads",
        "create_public_threads",
        "attach_files",
        "read_message_history",
    }
