"""Two posts of one channel and topics with names, on Discord."""

from datetime import UTC, datetime, timedelta

from bot.delivery.composer import PostComposer
from bot.delivery.deliverer import Deliverer
from tests.conftest import TickingClock
from tests.support.discord.world import World, texts

NINE = datetime(2026, 1, 20, 9, 1, tzinfo=UTC)


async def test_a_channel_gets_two_posts_and_no_paper_in_both(world: World) -> None:
    async def told(command: str, **options: object) -> str:
        result = await world.ana.slash(world.papers, f"papers-admin digest {command}", **options)
        return texts(result.response or result.followups[0])

    assert "Next: <t:" in await told("on", at="09:00", timezone="UTC")
    assert (await told("add", name="agents", when="09:00 tue,fri")).startswith("## Daily post: agents\n")
    followed = await told("topics", action="add", topic="agents -memory as agents", post="agents")
    assert 'Following **agents -memory as "agents"**.' in followed
    for options in ({"layout": "compact"}, {"layout": "compact", "post": "agents"}):
        assert ":R>)." in await told("layout", **options)
    assert "3 papers at 09:00" in await told("count", count=3, post="agents")
    assert "There is no post “agent” here" in await told("count", count=3, post="agent")
    clock = world.app.clock
    assert isinstance(clock, TickingClock)
    clock.moment = NINE
    composer = PostComposer(world.app, timedelta(days=365))
    deliverer = Deliverer(world.app.store, composer, [world.platform], clock)
    before = len(world.papers.history())
    for _ in range(3):
        await deliverer.tick()
    posts = world.papers.history()[before:]
    assert {texts(message).split(" · ")[0] for message in posts} == {"## Trending papers", "## agents"}
    here = await world.app.store.find_channel("discord", str(world.papers.id)) or ""
    papers = [paper for message in posts for paper in await world.app.store.posted(here, str(message.id))]
    assert len(papers) == len(set(papers)) == 8
    assert "Removed the post “agents”" in await told("remove", name="agents")
