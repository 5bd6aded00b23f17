"""Somebody follows an author, and a channel a query: each new paper comes once, on Discord."""

from typing import Any

from bot.delivery.composer import PostComposer
from bot.delivery.deliverer import Deliverer
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.library.alerts import find_matches
from bot.library.ingest import update_index
from bot.ports import Batch
from tests.conftest import TickingClock
from tests.support.discord.world import World, texts

NEW = Paper(
    id=PaperId("2601.90001"),
    title="Kumquat looms weave algebra",
    abstract="We weave algebra with kumquat looms.",
    authors=("Ada Lovelace",),
)


async def test_a_new_paper_comes_once_to_each_who_follows_it(world: World) -> None:
    async def told(member: Any, command: str, **options: object) -> str:
        result = await member.slash(world.papers, command, **options)
        return texts(result.response or result.followups[0])

    ben, ana = world.ben, world.ana
    assert "comes at once, as a private message" in await told(ben, "papers follow", what='author:"Ada Lovelace"')
    assert "Only admins" in await told(ben, "papers follow", where="channel", what="kumquat looms")
    assert "comes at once, here" in await told(ana, "papers follow", where="channel", what='"kumquat looms"')
    assert "is no role" in await told(ana, "papers-admin notify", who="@readers", what='"kumquat looms"')
    app = world.app
    clock = app.clock
    assert isinstance(clock, TickingClock)
    await app.store.save_batch("test", Batch(papers=[NEW]), now=clock.now())
    await update_index(app.store, app.index)
    assert await find_matches(app)
    deliverer = Deliverer(app.store, PostComposer(app), [world.platform], clock)
    before = len(world.papers.history())
    for _ in range(3):
        await deliverer.tick()
    here = [texts(message) for message in world.papers.history()[before:]]
    private = [texts(message) for message in ben.user.dm_channel.history()]
    for shown, why in ((here, 'followed: "kumquat looms"'), (private, 'followed: author:"Ada Lovelace"')):
        assert len([each for each in shown if NEW.title in each]) == 1
        assert why in shown[-1]
    assert "No longer followed" in await told(ben, "papers unfollow", what='author:"Ada Lovelace"')
