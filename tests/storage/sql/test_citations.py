"""Who cites what is followed so, on both databases: each citing paper matches once, and its list is not forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.follows import Follow, FollowKind
from bot.domain.paper_ids import PaperId
from bot.domain.people import Place
from bot.ports import Batch
from storage.sql.store import SqlStore
from tests.storage.sql.test_follows import HERE, following
from tests.support.stored_people import NOW, ONE, TWO

CITED = replace(HERE, kind=FollowKind.CITED_BY, value=ONE)
DAY = timedelta(days=1)
OTHER = Place("slack", "T", "C9", "#other")

pytestmark = pytest.mark.usefixtures("two_papers")


async def rows_of(store: SqlStore, *ids: str) -> list[int]:
    return [each.row for each in await store.papers([PaperId(one) for one in ids])]


async def matching(store: SqlStore, follow: Follow) -> list[int]:
    return await store.pending(follow.number)


async def test_what_nobody_follows_so_is_not_asked_for(store: SqlStore) -> None:
    await following(store)
    assert await store.due_cited(read_before=NOW) == []


async def test_a_paper_is_due_until_its_list_was_read_to_its_end(store: SqlStore) -> None:
    await following(store, CITED)
    [row] = await rows_of(store, ONE)
    [due] = await store.due_cited(read_before=NOW)
    assert (due.row, due.ids[0], due.since, due.is_new) == (row, ONE, NOW.date(), True)
    await store.begin_citing(row, now=NOW)
    assert [each.is_new for each in await store.due_cited(read_before=NOW)] == [True]
    await store.end_citing(row, now=NOW)
    assert await store.due_cited(read_before=NOW) == []
    assert [each.is_new for each in await store.due_cited(read_before=NOW + DAY)] == [False]


async def test_a_paper_followed_under_two_of_its_ids_is_due_once(store: SqlStore) -> None:
    alias = PaperId("doi:10.1/one")
    [stored] = await store.papers([ONE])
    await store.save_batch("test", Batch(papers=[stored.paper], aliases=[(ONE, alias)]), now=NOW)
    first = await following(store, replace(CITED, since=NOW.date() + DAY))
    second = await following(store, replace(CITED, value=alias))
    [due] = await store.due_cited(read_before=NOW)
    assert (set(due.ids), due.since) == ({ONE, alias}, NOW.date())
    await store.begin_citing(due.row, now=NOW)
    await store.note_citing(due.row, [TWO], [TWO])
    assert await matching(store, first) == await matching(store, second) == await rows_of(store, TWO)


async def test_who_was_asked_for_longest_ago_comes_first(store: SqlStore) -> None:
    one, two = await rows_of(store, ONE, TWO)
    await following(store, CITED)
    await following(store, replace(CITED, value=TWO))
    await store.begin_citing(one, now=NOW)
    assert [each.row for each in await store.due_cited(read_before=NOW)] == [two, one]
    await store.begin_citing(two, now=NOW + DAY)
    assert [each.row for each in await store.due_cited(read_before=NOW)] == [one, two]


async def test_a_citing_paper_matches_once_for_each_who_follows_the_cited_one(store: SqlStore) -> None:
    here, there = (
        await following(store, CITED),
        await following(store, replace(CITED, owner=OTHER.key, place=OTHER.key), place=OTHER),
    )
    other = await following(store, replace(CITED, value=TWO))
    one, two = await rows_of(store, ONE, TWO)
    await store.begin_citing(one, now=NOW)
    for _ in range(2):
        await store.note_citing(one, [TWO, PaperId("s2:7")], [TWO])
    assert await store.citing(one) == {TWO, "s2:7"}
    assert [await matching(store, each) for each in (here, there, other)] == [[two], [two], []]


async def test_what_was_noted_before_somebody_followed_is_no_news_to_them(store: SqlStore) -> None:
    await following(store, CITED)
    one, _ = await rows_of(store, ONE, TWO)
    await store.begin_citing(one, now=NOW)
    await store.note_citing(one, [TWO], [TWO])
    later = await following(store, replace(CITED, owner=OTHER.key, place=OTHER.key), place=OTHER)
    assert await matching(store, later) == []


async def test_a_paper_that_is_not_here_and_one_that_cites_itself_match_nothing(store: SqlStore) -> None:
    kept = await following(store, CITED)
    [one] = await rows_of(store, ONE)
    await store.begin_citing(one, now=NOW)
    await store.note_citing(one, [ONE, PaperId("s2:7")], [ONE, PaperId("s2:7")])
    assert await matching(store, kept) == []


async def test_who_cites_is_forgotten_some_time_after_nobody_follows_it(store: SqlStore) -> None:
    kept = await following(store, CITED)
    [one] = await rows_of(store, ONE)
    await store.begin_citing(one, now=NOW)
    await store.note_citing(one, [TWO], [])
    await store.drop_cited(asked_before=NOW + DAY)
    await store.remove_follow(kept.number)
    await store.drop_cited(asked_before=NOW)
    assert await store.citing(one) == {TWO}
    await store.drop_cited(asked_before=NOW + DAY)
    assert await store.citing(one) == frozenset()


async def test_papers_are_not_compared_with_it(store: SqlStore) -> None:
    await following(store, CITED)
    assert await store.follows_behind(99) == []
