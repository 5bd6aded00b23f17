"""Somebody's first day in a server, with the slips of somebody who is new; only what they ask everybody is public."""

import re
from datetime import UTC, datetime

from bot.delivery.composer import PostComposer
from bot.delivery.deliverer import Deliverer
from tests.conftest import TickingClock
from tests.support.discord.world import World, answered, newest, texts

SEVEN, SAVE = "7\ufe0f\u20e3", "\U0001f516"


async def test_a_first_day(world: World) -> None:
    ben = world.ben

    async def told(command: str, **options: str) -> str:
        result = await ben.slash(world.papers, f"papers {command}", **options)
        shown = [*([result.response] if result.response else []), *result.followups]
        assert [message.ephemeral for message in shown] == [True]
        return texts(shown[0])

    # A search that everybody sees, its second page, and a paper of it saved by its number and let go again.
    result = await ben.slash(world.papers, "papers search", query="robot manipulation")
    await ben.click(answered(result), label="More")
    list_of_papers = newest(world.papers)
    assert "page 2" in texts(list_of_papers)
    await ben.react(list_of_papers, SAVE)
    assert "Reacting with 6\ufe0f\u20e3 saves" in texts(ben.user.dm_channel.history()[-1])
    await ben.react(list_of_papers, SEVEN)
    assert len(await world.feedback_of(ben)) == 1
    await ben.unreact(list_of_papers, SEVEN)
    assert re.fullmatch(
        r"## Saved papers\nNothing saved yet. React with 🔖 to a paper, or </papers save:\d+> `PAPER`.",
        await told("saved"),
    )

    # Slips are answered with what to do.
    assert "Saved **Choreographing a World of" in await told("save", paper="Choreographing a World of Dinamic Objects")
    assert "Check its spelling" in await told("save", paper="zzzqqq")
    several = await told("save", paper="2601.04194 2601.03236")
    assert sorted(line.partition("**")[0] for line in several.splitlines()[:2]) == ["Already saved: ", "Saved "]
    assert "`add TOPIC`" in await told("topics", topic="robots")
    assert "Following **robots**." in await told("topics", action="add", topic="robots")

    # A daily post of one's own comes at its time, and `status` tells of it.
    own = await told("digest me", at="9am", timezone="Berlin")
    assert own.startswith("## Your daily post\n5 papers at 09:00 Europe/Berlin")
    clock = world.app.clock
    assert isinstance(clock, TickingClock)
    clock.moment = datetime(2026, 1, 20, 8, tzinfo=UTC)
    await Deliverer(world.app.store, PostComposer(world.app), [world.platform], clock).tick()
    assert "Your papers · Tuesday, 20 Jan 2026" in texts(ben.user.dm_channel.history()[-1])
    assert "post of 20 Jan 2026 was sent" in await told("status")

    # Whoever leaves is told what ends, and it does.
    assert "ends your own daily posts" in await told("forget-me")
    assert "Nothing about you is kept" in await told("forget-me", sure="yes")
    assert "Posts" not in await told("status")
    assert len(world.papers.history()) == 1, "the search, and nothing of all this"
