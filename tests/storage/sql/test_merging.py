"""Records that are of one paper."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper, title_id
from bot.domain.people import Account, FeedbackAct, FeedbackKind
from bot.ports import Batch, Saved, Store
from storage.sql.store import SqlStore
from tests.support.stored_papers import NOON, paper, save, upvotes

TITLE = "Attention Is All You Need"

REAL = PaperId("1706.03762")

BY_TITLE = title_id(TITLE)


async def test_a_paper_from_two_sources_is_the_union_of_what_they_know(store: Store) -> None:
    await save(store, paper(1, abstract="We show it.", categories=("cs.LG",)))
    told = paper(1, abstract="Differently.", categories=("cs.CL",), code="https://github.com/a/b")
    assert await save(store, told) == Saved(changed=1)
    [stored] = await store.papers([told.id])
    assert stored.paper == paper(
        1, abstract="We show it.", categories=("cs.LG", "cs.CL"), code="https://github.com/a/b"
    )


async def test_several_records_of_a_paper_in_a_batch_are_one_paper(store: Store) -> None:
    assert await save(store, paper(1), paper(2), paper(1, code="https://github.com/a/b")) == Saved(new=2)
    assert await save(store, paper(1, summary="So."), paper(1, project="https://a.b")) == Saved(changed=1)
    [stored] = await store.papers([paper(1).id])
    assert stored.paper == paper(1, code="https://github.com/a/b", summary="So.", project="https://a.b")


@pytest.mark.parametrize("together", [True, False])
async def test_a_paper_known_by_title_takes_its_real_id_and_keeps_its_row(store: Store, together: bool) -> None:
    told = Paper(id=BY_TITLE, title=TITLE, summary="No recurrence.")
    real = Paper(id=REAL, title="Attention is all you need.", abstract="The dominant models…")
    if together:
        assert await save(store, told, real, signals=(upvotes(BY_TITLE, 7),)) == Saved(new=1, signals=1)
    else:
        await save(store, told, signals=(upvotes(BY_TITLE, 7),))
        assert await save(store, real) == Saved(changed=1)
    [by_old_id, by_id] = await store.papers([BY_TITLE, REAL])
    assert by_old_id == by_id == await store.paper(BY_TITLE)
    assert by_id.paper == replace(told, id=REAL, abstract=real.abstract)
    assert by_id.row == 1
    assert await store.signals([BY_TITLE, REAL], until=NOON) == {BY_TITLE: [upvotes(REAL, 7)], REAL: [upvotes(REAL, 7)]}


async def test_a_title_gives_way_to_one_real_paper_only(store: Store) -> None:
    await save(store, Paper(id=BY_TITLE, title=TITLE))
    one, other = Paper(id=REAL, title=TITLE), Paper(id=PaperId("doi:10.1/2"), title=TITLE)
    assert await save(store, one, other) == Saved(new=1, changed=1)
    assert [stored.row for stored in await store.papers([one.id, other.id, BY_TITLE])] == [1, 2, 1]


async def test_titles_of_any_length_are_told_apart(store: Store) -> None:
    long = "On the convergence of everything " * 1000
    assert await save(store, Paper(id=REAL, title=long), paper(1, title=long + "?!")) == Saved(new=2)
    assert await save(store, Paper(id=title_id(long + "1"), title=long + "1")) == Saved(new=1)


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


@pytest.mark.parametrize("printed_first", [True, False])
async def test_a_paper_is_the_one_with_an_id_its_record_names(store: Store, printed_first: bool) -> None:
    printed = replace(PRINTED, title="Kumquats, Sorted")
    preprint = Batch(papers=[PREPRINT], aliases=[(PREPRINT.id, printed.id)])
    batches = [Batch(papers=[printed]), preprint]
    for batch in batches if printed_first else batches[::-1]:
        await store.save_batch("test", batch, now=NOON)
    [by_doi, by_arxiv] = await store.papers([printed.id, PREPRINT.id])
    assert by_doi == by_arxiv
    assert by_doi.paper.id == PREPRINT.id
    assert await store.save_batch("test", preprint, now=NOON) == Saved(unchanged=1)


async def test_a_doi_that_two_preprints_name_is_of_the_first(store: Store) -> None:
    second = replace(PREPRINT, id=PaperId("2401.00002"), title="Kumquats, Part II")
    both = Batch(papers=[PREPRINT, second], aliases=[(each.id, PRINTED.id) for each in (PREPRINT, second)])
    assert (await store.save_batch("test", both, now=NOON)).new == 2
    assert await store.save_batch("test", both, now=NOON) == Saved(unchanged=2)
    assert [stored.paper.id for stored in await store.papers([PRINTED.id])] == [PREPRINT.id]


async def test_what_was_said_of_a_paper_stays_with_it_under_its_better_id(store: SqlStore) -> None:
    person = await store.person(Account("console", "you"))
    await save(store, PRINTED)
    await store.give_feedback(FeedbackAct(person, PRINTED.id, FeedbackKind.SAVE, present=True, at=NOON))
    await save(store, PREPRINT)
    assert [judged.paper_id for judged in await store.feedback_of(person)] == [PREPRINT.id]
