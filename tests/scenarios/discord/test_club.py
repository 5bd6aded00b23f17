"""A reading group on Discord: proposed, voted on in Discord's own poll, announced with a thread, and remembered."""

from datetime import UTC, datetime
from typing import Any

import discord

from bot.domain.messages import Message, Poll
from tests.support.clubs import Calendar
from tests.support.discord.world import World, texts

OPENS, CLOSES, REMINDS, MEETS = (datetime(2026, 1, day, 15, 0, 30, tzinfo=UTC) for day in (24, 26, 28, 29))


async def told(world: World, member: Any, command: str, **options: object) -> str:
    result = await member.slash(world.papers, command, **options)
    return texts(result.response or result.followups[0])


async def voting(world: World) -> tuple[Calendar, list[str]]:
    """A club whose vote on two papers has just been opened."""
    calendar = Calendar(world.app, [world.platform])
    ids = (await world.papers_about("diffusion models"))[:2]
    assert "every week" in await told(world, world.ana, "papers-admin club on", when="thursday 16:00 Berlin")
    for member, paper in zip((world.ben, world.ana), ids, strict=True):
        assert "Nominated" in await told(world, member, "papers club propose", paper=paper)
    await calendar.be(OPENS)
    return calendar, ids


async def test_a_channel_reads_a_paper_together(world: World) -> None:
    calendar, (one, two) = await voting(world)
    listed, asked = world.papers.history()[-2:]
    assert "2 papers are nominated" in texts(listed)
    assert asked.poll
    assert asked.poll.question == "Which paper do we read on Thursday, 29 Jan 2026?"
    assert [answer.text[:3] for answer in asked.poll.answers] == ["1. ", "2. "]
    assert not asked.poll.multiple
    for member in (world.ana, world.ben):
        await member.vote(asked, answer=2)
    await calendar.be(CLOSES)
    ended = next(each.poll for each in world.papers.history() if each.id == asked.id)
    assert ended
    assert ended.is_finalised()
    chosen = next(each for each in world.papers.history() if "Chosen for" in texts(each))
    assert "2 of 2 votes" in texts(chosen)
    assert two in texts(chosen)
    assert one not in texts(chosen)
    [thread] = world.papers.threads
    assert "PDF" in str(thread.history()[-1].components[0].to_dict())
    server = world.client.get_guild(world.guild.id)
    assert server
    [event] = await server.fetch_scheduled_events()
    assert event.name.startswith("Reading group: ")
    assert event.start_time == datetime(2026, 1, 29, 15, tzinfo=UTC)
    await calendar.be(REMINDS)
    await calendar.be(MEETS)
    assert len([each for each in world.papers.history() if "Reminder: Reading group" in texts(each)]) == 1
    assert "(2 of 2 votes)" in await told(world, world.ben, "papers club history")


async def test_a_poll_that_may_have_arrived_is_looked_for_by_its_question(world: World) -> None:
    await voting(world)
    asked = world.papers.history()[-1]
    assert asked.poll
    wanted = Message(poll=Poll(asked.poll.question, (), OPENS))
    other = Message(poll=Poll("Another question?", (), OPENS))
    [upcoming] = await world.app.store.upcoming()
    place = upcoming.destination.place
    assert await world.platform.recall(place, "n", OPENS, message=wanted) == str(asked.id)
    assert await world.platform.recall(place, "n", OPENS, message=other) is None


async def test_a_channel_that_is_deleted_has_no_meetings_any_more(world: World) -> None:
    await told(world, world.ana, "papers-admin club on", when="thursday 16:00")
    channel = world.client.get_channel(world.papers.id)
    assert isinstance(channel, discord.TextChannel)
    [upcoming] = await world.app.store.upcoming()
    await world.client.on_guild_channel_delete(channel)
    known = await world.app.store.club(upcoming.destination.place.key)
    assert known
    assert not known.enabled
