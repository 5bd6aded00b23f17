"""Vectors that take long to make."""

from bot.ports import CachedVector, Store
from tests.support.stored_papers import paper, save


async def test_a_vector_is_kept_for_each_encoder_and_replaced_by_a_later_one(store: Store) -> None:
    await save(store, paper(1), paper(2))
    await store.cache_vectors("one", [CachedVector(1, "a", b"\0\1"), CachedVector(2, "b", b"\2\3")])
    await store.cache_vectors("two", [CachedVector(1, "a", b"\xff")])
    await store.cache_vectors("one", [CachedVector(1, "c", b"\4\5")])
    await store.cache_vectors("one", [])
    assert sorted(await store.cached_vectors("one", [1, 2, 3])) == [(1, "c", b"\4\5"), (2, "b", b"\2\3")]
    assert sorted(store.read_vectors("one", [1, 2, 3])) == [(1, "c", b"\4\5"), (2, "b", b"\2\3")]
    assert [await store.count_vectors(encoder) for encoder in ("one", "two", "three")] == [2, 1, 0]
    assert await store.cached_vectors("two", [2, 1]) == [(1, "a", b"\xff")]
    assert await store.cached_vectors("three", [1]) == await store.cached_vectors("one", []) == []


async def test_many_vectors_are_found_at_once(store: Store) -> None:
    await save(store, *map(paper, range(1, 1202)))
    rows = list(range(1, 1202))
    await store.cache_vectors("one", [CachedVector(row, "", bytes([row % 256])) for row in rows])
    assert sorted(kept.row for kept in await store.cached_vectors("one", rows)) == rows
