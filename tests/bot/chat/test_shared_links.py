"""Papers that people share."""

import pytest

from bot.chat.shared_links import LinkWatch
from bot.domain.paper_ids import PaperId
from bot.domain.people import Place
from bot.library.app import App

PAPERS = Place("slack", "T1", "C1", "#papers")
MAGMA = PaperId("2601.03236")


@pytest.fixture
def watch(app: App) -> LinkWatch:
    return LinkWatch(app.store)


async def shown(app: App) -> frozenset[int]:
    return await app.store.shown(PAPERS.key)


async def test_nothing_counts_where_links_are_not_watched(watch: LinkWatch, app: App) -> None:
    await watch.shared(PAPERS, [MAGMA], app.clock.now())
    assert await shown(app) == frozenset()


@pytest.mark.parametrize("named", ["see https://arxiv.org/abs/2601.03236v2!", [MAGMA]])
async def test_a_paper_that_is_shared_counts_as_shown(watch: LinkWatch, app: App, named: str | list[PaperId]) -> None:
    await app.store.watch(PAPERS.key, on=True)
    assert await watch.watches(PAPERS)
    await watch.shared(PAPERS, named, app.clock.now())
    [stored] = await app.store.papers([MAGMA])
    assert await shown(app) == {stored.row}


async def test_a_message_without_a_paper_changes_nothing(watch: LinkWatch, app: App) -> None:
    await app.store.watch(PAPERS.key, on=True)
    await watch.shared(PAPERS, "good morning", app.clock.now())
    assert await shown(app) == frozenset()
