"""Papers ready to be picked from, and which are about a topic."""

from datetime import timedelta

import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.library.app import App
from bot.library.forecast import Forecast
from bot.library.ingest import update_index
from bot.library.pools import Pools
from bot.ports import Batch

MAGMA = PaperId("2601.03236")
WEEK = timedelta(days=7)


@pytest.fixture
def pools(app: App) -> Pools:
    return Pools(app.store, app.index, app.clock, Forecast(app.store, app.index))


async def brought(app: App, name: str, title: str) -> None:
    seen = app.clock.now() - timedelta(hours=1)
    paper = Paper(id=PaperId(f"test:{name}"), title=title, first_seen=seen)
    await app.store.save_batch("test", Batch(papers=[paper]), now=app.clock.now())
    await update_index(app.store, app.index)


async def test_a_pool_has_what_is_new_without_what_was_withdrawn(app: App, pools: Pools) -> None:
    before = {paper.id for paper in (await pools.within(WEEK)).papers}
    assert MAGMA not in before
    assert MAGMA in {paper.id for paper in (await pools.within(4 * WEEK)).papers}
    await brought(app, "gone", "Withdrawn: On knots")
    await brought(app, "new", "On loops")
    assert {paper.id for paper in (await pools.within(WEEK)).papers} == before | {"test:new"}


async def test_a_pool_is_kept_until_papers_change(app: App, pools: Pools) -> None:
    first = await pools.within(WEEK)
    assert await pools.within(2 * WEEK) is not first
    assert await pools.within(WEEK) is first
    await brought(app, "new", "On loops")
    assert await pools.within(WEEK) is not first


async def test_papers_are_told_by_the_topics_they_are_about(app: App, pools: Pools) -> None:
    papers = await app.store.papers_seen(app.clock.now() - 4 * WEEK, app.clock.now())
    about = await pools.about(papers, ["agent memory", "zeppelins", "-"])
    row = next(stored.row for stored in papers if stored.paper.id == MAGMA)
    assert row in about["agent memory"]
    assert about["zeppelins"] == about["-"] == frozenset()
    assert await pools.about([], ["agent memory"]) == {"agent memory": frozenset()}
    assert await pools.about(papers, []) == {}


async def test_the_background_is_of_the_papers_that_are_here(app: App, pools: Pools) -> None:
    assert pools.background() is pools.background()
    assert pools.background().mean.shape == (app.index.encoder.dim,)
