"""Which records are of one paper."""

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper, title_id
from bot.ports import Saved, Store
from tests.support.stored_papers import save, upvotes

TITLE = "Attention Is All You Need"

REAL = PaperId("1706.03762")

BY_TITLE = title_id(TITLE)


@pytest.mark.parametrize("together", [True, False])
async def test_a_title_alone_is_recognised_as_the_paper_that_has_it(store: Store, together: bool) -> None:
    real, told = Paper(id=REAL, title=TITLE), Paper(id=BY_TITLE, title=TITLE.upper(), summary="No recurrence.")
    readings = (upvotes(BY_TITLE, 7),)
    if together:
        await save(store, real, told, signals=readings)
    else:
        await save(store, real)
        assert await save(store, told, signals=readings) == Saved(changed=1, signals=1)
    assert await store.count_papers() == 1
    stored = await store.paper(BY_TITLE)
    assert stored
    assert stored.paper == replace(real, summary="No recurrence.")
    assert await save(store, told, real, signals=readings) == Saved(unchanged=1)


async def test_two_papers_with_real_ids_may_share_a_title(store: Store) -> None:
    one, other = Paper(id=REAL, title=TITLE), Paper(id=PaperId("doi:10.1/2"), title=TITLE)
    assert await save(store, one, other) == Saved(new=2)
    assert await save(store, Paper(id=BY_TITLE, title=TITLE)) == Saved(unchanged=1)
    assert [stored.row for stored in await store.papers([one.id, other.id, BY_TITLE])] == [1, 2, 1]


async def test_a_title_that_many_papers_could_have_joins_nothing(store: Store) -> None:
    await save(store, Paper(id=title_id("Editorial"), title="Editorial"))
    assert await save(store, Paper(id=REAL, title="Editorial")) == Saved(new=1)
    assert await save(store, Paper(id=title_id("Editorial"), title="Editorial")) == Saved(unchanged=1)


PREPRINT = Paper(
    id=PaperId("2401.00001"),
    title="Learning to Sort Kumquats by Colour",
    authors=("Ana Núñez", "Bo Li"),
    published=date(2024, 1, 2),
)

PRINTED = replace(
    PREPRINT,
    id=PaperId("doi:10.1/kumquats"),
    authors=("Nunez, Ana", "Li, Bo"),
    published=date(2025, 6, 1),
    link="https://a.b",
)

LISTED = replace(PREPRINT, id=PaperId("acl/acl2025:7"), abstract="We sort them.")


@pytest.mark.parametrize("order", list(permutations([PREPRINT, PRINTED, LISTED])))
@pytest.mark.parametrize("together", [True, False])
async def test_a_preprint_and_its_publications_are_one_paper_in_any_order(
    store: Store, order: tuple[Paper, ...], together: bool
) -> None:
    for batch in [order] if together else [[each] for each in order]:
        await save(store, *batch)
    assert await store.count_papers() == 1
    found = await store.papers([each.id for each in order])
    assert {(stored.row, stored.paper.id) for stored in found} == {(1, PREPRINT.id)}
    assert found[0].paper.abstract == "We sort them."
    assert found[0].paper.published == PREPRINT.published
    assert await save(store, *order) == Saved(unchanged=1)


@pytest.mark.parametrize(
    "other",
    [
        replace(PRINTED, authors=("Bo Chen", "Ana Weber")),
        replace(PRINTED, authors=()),
        replace(PRINTED, published=date(2034, 1, 1)),
        replace(PRINTED, title=f"{PREPRINT.title}: Part II"),
        replace(PRINTED, id=PaperId("2401.00002")),
    ],
)
async def test_papers_that_may_be_distinct_stay_so(store: Store, other: Paper) -> None:
    assert await save(store, PREPRINT, other) == Saved(new=2)
    assert await save(store, other, PREPRINT) == Saved(unchanged=2)


async def test_a_title_that_many_have_joins_no_papers(store: Store) -> None:
    one, other = (replace(each, title="Introduction.") for each in (PREPRINT, PRINTED))
    assert await save(store, one, other) == Saved(new=2)


async def test_without_authors_papers_are_one_whose_abstracts_begin_alike(store: Store) -> None:
    abstract = "Kumquats are small, and there are many of them. " * 3
    one = replace(PREPRINT, authors=(), abstract=abstract)
    assert await save(store, one, replace(LISTED, abstract=abstract + "More.")) == Saved(new=1)
