"""A transformer reads papers beside the index, and what it has read counts in a search at once."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.library.app import App
from bot.library.ingest import update_index
from bot.library.second_reading import SecondReader, mixed
from bot.ports import Batch
from tests.support.transformer import Transformer

QUERY = "the trees of kumquat orchards"


@pytest.fixture
def transformer() -> Transformer:
    return Transformer()


@pytest.fixture
async def orchards(app: App) -> App:
    """The sample with ten papers about kumquats that only differ in a number, the last of them wanted."""
    papers = [paper(number) for number in range(10)]
    papers[-1] = replace(papers[-1], title="Kumquat orchards wanted")
    await save(app, papers)
    return app


async def test_all_papers_are_read_once(app: App, transformer: Transformer) -> None:
    reader, seen = SecondReader(app.store, transformer), list[int]()
    size = await app.store.count_papers()
    assert await reader.read_new(seen.append) == size
    assert seen[-1] == size
    assert await reader.count() == len(transformer.titles) == size
    assert await reader.read_new() == 0
    # Another process does not read them again.
    await SecondReader(app.store, transformer).read_new()
    assert len(transformer.titles) == size


async def test_what_was_read_before_an_interruption_is_kept(app: App, transformer: Transformer) -> None:
    transformer.breaks_off = True
    with pytest.raises(RuntimeError, match="killed"):
        await SecondReader(app.store, transformer).read_new()
    read = len(transformer.titles)
    assert 0 < read < await app.store.count_papers()
    transformer.breaks_off = False
    await SecondReader(app.store, transformer).read_new()
    assert len(transformer.titles) == len(set(transformer.titles)) == await app.store.count_papers()


async def test_a_paper_that_was_changed_is_read_again(app: App, transformer: Transformer) -> None:
    reader = SecondReader(app.store, transformer)
    await save(app, [replace(paper(1), abstract="")])
    await reader.read_new()
    await save(app, [paper(1)])
    before = len(transformer.titles)
    await reader.read_new()
    assert transformer.titles[before:] == [paper(1).title]


async def test_what_it_finds_nearer_comes_first_as_soon_as_it_was_read(orchards: App, transformer: Transformer) -> None:
    orchards.library.reader = reader = SecondReader(orchards.store, transformer)
    before = [result.stored.paper.title for result in await orchards.library.search(QUERY)]
    assert before[0] != "Kumquat orchards wanted"
    await reader.read_new()
    after = [result.stored.paper.title for result in await orchards.library.search(QUERY)]
    assert after[0] == "Kumquat orchards wanted"


def test_scores_of_another_kind_get_the_scale_of_those_they_are_mixed_with() -> None:
    scores, others = np.array([0.9, 0.1, 0.5, 0.3], np.float32), np.array([3, 1], np.float32)
    found = mixed(scores, np.array([1, 3]), others)
    assert found == pytest.approx([0.9, 0.7 * 0.3 + 0.3 * 0.1, 0.5, 0.7 * 0.1 + 0.3 * 0.3])


def test_scores_that_are_all_alike_change_none() -> None:
    scores = np.array([0.9, 0.1, 0.5], np.float32)
    assert mixed(scores, np.array([0, 2]), np.array([2, 2], np.float32)).tolist() == scores.tolist()


def paper(number: int) -> Paper:
    return Paper(id=PaperId(f"test:{number}"), title=f"Kumquat orchards {number}", abstract="Trees and their fruit.")


async def save(app: App, papers: Sequence[Paper]) -> None:
    await app.store.save_batch("test", Batch(papers=papers), now=app.clock.now())
    await update_index(app.store, app.index)
