"""Posting to channels of every kind."""

from dataclasses import replace

from bot.domain.messages import Message
from bot.domain.people import Account, private_talk
from tests.support.discord.posts import place
from tests.support.discord.world import World, newest, texts

HEADER = Message(title="Trending papers · Monday, 19 Jan 2026")

PAPER = Message(title="A paper")


async def test_a_message_has_the_same_nonce_whenever_it_is_sent(world: World) -> None:
    for nonce in ("delivery-1/0", "delivery-1/0", "delivery-1/1"):
        await world.platform.send(place(world, world.papers), HEADER, nonce=nonce)
    bodies = [entry.json for entry in world.env.http_requests if entry.json and "nonce" in entry.json]
    nonces = [body["nonce"] for body in bodies]
    assert nonces[0] == nonces[1] != nonces[2]
    assert all(body["enforce_nonce"] is True for body in bodies)


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


async def test_a_role_is_mentioned_where_a_message_says_so_and_nobody_else_ever(world: World) -> None:
    for message in (HEADER, replace(HEADER, mentions=("77", "everyone"), title="<@&88> @everyone")):
        await world.platform.send(place(world, world.papers), message, nonce=message.title)
    bodies = [entry.json for entry in world.env.http_requests if entry.json and "nonce" in entry.json]
    assert [body["allowed_mentions"].get("roles", []) for body in bodies] == [[], [77]]
    assert [body["allowed_mentions"]["parse"] for body in bodies] == [[], []]
    assert "<@&77>" in str(bodies[1])
    assert "<@&88>" not in str(bodies[1])
