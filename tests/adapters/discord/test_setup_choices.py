"""What the selects of the setup offer."""

from bot.domain.destinations import Layout, Scope
from tests.support.discord.setups import destination, opened
from tests.support.discord.world import World


async def test_selects_set_count_days_scope_and_layout(world: World) -> None:
    panel = await opened(world)
    for what, value in (("count", "7"), ("days", "weekdays"), ("scope", "everything"), ("layout", "compact")):
        await world.ana.select(panel, [value], custom_id=f"setup:{world.papers.id}:{what}")
    found = await destination(world, world.papers)
    assert (found.count, found.days, found.layout) == (7, frozenset(range(5)), Layout.COMPACT)
    assert found.scope is Scope.EVERYTHING
    assert not found.enabled


async def test_threads_are_one_of_the_layouts(world: World) -> None:
    panel = await opened(world)
    for value, expected in (("threads", (Layout.CARDS, True)), ("cards", (Layout.CARDS, False))):
        await world.ana.select(panel, [value], custom_id=f"setup:{world.papers.id}:layout")
        found = await destination(world, world.papers)
        assert (found.layout, found.threads) == expected
