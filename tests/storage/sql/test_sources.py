"""How sources are doing."""

from datetime import timedelta

from bot.ports import Batch, SourceState, Store
from tests.support.stored_papers import NOON, paper


async def test_a_batch_leaves_its_cursor_and_when_the_source_last_told_of_a_new_paper(store: Store) -> None:
    later = NOON + timedelta(hours=1)
    await store.save_batch("arxiv", Batch(papers=[paper(1)], cursor="page 2"), now=NOON)
    await store.save_batch("arxiv", Batch(papers=[paper(1)], cursor="page 3"), now=later)
    await store.save_batch("arxiv", Batch(papers=[paper(1, summary="New.")]), now=later)
    assert await store.source_states() == [SourceState("arxiv", cursor="page 3", newest_at=NOON)]


async def test_a_failed_attempt_keeps_when_the_source_last_went_well(store: Store) -> None:
    later = NOON + timedelta(hours=1)
    await store.save_batch("arxiv", Batch(cursor="page 2"), now=NOON)
    await store.record_attempt("arxiv", now=NOON, note="an empty answer")
    await store.record_attempt("arxiv", now=later, error="it said 503")
    await store.record_attempt("Zenodo", now=later, error="half \ud83d a pair")
    assert await store.source_states() == [
        SourceState("Zenodo", attempted_at=later, error="half  a pair"),
        SourceState("arxiv", "page 2", attempted_at=later, succeeded_at=NOON, error="it said 503"),
    ]
    await store.record_attempt("arxiv", now=later)
    assert (await store.source_states())[1] == SourceState("arxiv", "page 2", attempted_at=later, succeeded_at=later)


async def test_a_sync_under_way_shows_in_the_state_of_its_source(store: Store) -> None:
    await store.begin_attempt("arxiv", now=NOON)
    await store.record_attempt("arxiv", now=NOON + timedelta(minutes=1))
    [state] = [state for state in await store.source_states() if state.name == "arxiv"]
    assert (state.started_at, state.attempted_at) == (NOON, NOON + timedelta(minutes=1))


async def test_a_source_that_is_not_read_any_more_is_no_trouble_and_goes_on_where_it_was(store: Store) -> None:
    await store.save_batch("arxiv", Batch(papers=[paper(1)], cursor="page 2"), now=NOON)
    for source in ("arxiv", "biorxiv"):
        await store.begin_attempt(source, now=NOON)
        await store.record_attempt(source, now=NOON, error="it said 503", note="an empty answer")
    await store.leave_other_sources(["biorxiv"])
    left, read = await store.source_states()
    assert left == SourceState("arxiv", cursor="page 2", newest_at=NOON)
    assert (read.name, read.error) == ("biorxiv", "it said 503")
