"""The scan over sign bits."""

from collections.abc import Sequence

import numpy as np
import pytest

from bot.ports import Filters, PaperIndex, Rows, Vectors
from storage.index import quantization
from storage.index.disk_index import DiskIndex
from storage.index.quantization import BLOCK, best, distances, pack, quantize, random_rotation, sign_words
from tests.support.index import fill, stored


class GivenVectors:
    """Gives the vectors it was made with, one after the other, whatever the texts are."""

    name = "given"
    costly = False
    lexicon = None

    def __init__(self, vectors: Vectors) -> None:
        self.dim = vectors.shape[1]
        self._vectors = iter(vectors)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The next vectors."""
        return np.array([next(self._vectors) for _ in texts], np.float32)

    def encode_papers(self, titles: Sequence[str], abstracts: Sequence[str]) -> Vectors:
        """The next vectors."""
        return self.encode(titles)


def clustered(count: int, dim: int) -> Vectors:
    """Unit vectors in overlapping clusters, and with axes of very different spread: no easy case for sign bits."""
    random = np.random.default_rng(3)
    spread = np.geomspace(1, 0.1, dim)
    centres = random.standard_normal((200, dim))
    vectors = (centres[random.integers(0, 200, count)] + random.standard_normal((count, dim))) * spread
    unit: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return unit


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    return clustered(40_000, 128)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, vectors: Vectors) -> PaperIndex:
    index = DiskIndex.open(tmp_path_factory.mktemp("large"), GivenVectors(vectors))
    rare = {17: ("Ada Rare",), 20_017: ("Ada Rare",), 39_017: ("Ada Rare",)}
    fill(index, [stored(row, "x", authors=rare.get(row, ())) for row in range(40_000)], bulk=True)
    return index


def recall(index: PaperIndex, vectors: Vectors, query: Vectors, among: Rows | None = None) -> float:
    exact = vectors @ query
    if among is not None:
        exact[np.setdiff1d(np.arange(len(vectors)), among)] = -np.inf
    best = np.argsort(-exact)[:50]
    return len(np.intersect1d(best, index.nearest(query, 50, among=among).rows)) / 50


def test_the_scan_finds_nearly_all_of_the_nearest(large: PaperIndex, vectors: Vectors) -> None:
    queries = vectors[::2000]
    assert np.mean([recall(large, vectors, query) for query in queries]) > 0.95
    assert np.mean([recall(large, vectors, query, np.arange(5_000, 35_000)) for query in queries]) > 0.95


def test_directions_that_are_no_papers_have_nearest_ones_too(large: PaperIndex, vectors: Vectors) -> None:
    random = np.random.default_rng(4)
    centred = vectors - vectors.mean(axis=0)
    ridge = np.linalg.inv(centred.T @ centred / len(vectors) + 0.002 * np.eye(128))
    models = [ridge @ centred[random.choice(len(vectors), 5)].sum(axis=0) for _ in range(20)]
    assert np.mean([recall(large, vectors, model.astype(np.float32)) for model in models]) > 0.9


def test_scores_are_dot_products(large: PaperIndex, vectors: Vectors) -> None:
    hits = large.nearest(3 * vectors[5], 20)
    assert hits.rows[0] == 5
    assert np.abs(hits.scores - 3 * vectors[hits.rows] @ vectors[5]).max() < 0.02


def test_a_rare_author_is_not_lost_among_many_papers(large: PaperIndex, vectors: Vectors) -> None:
    hits = large.nearest(vectors[5], 10, filters=Filters(authors=("Ada Rare",)))
    assert sorted(hits.rows.tolist()) == [17, 20_017, 39_017]


def random_vectors(count: int, dim: int = 96) -> Vectors:
    return np.random.default_rng(5).standard_normal((count, dim)).astype(np.float32)


def test_eight_bits_restore_each_value_within_a_254th_of_the_largest() -> None:
    given = random_vectors(50)
    restored = quantize(given).restore(np.arange(50))
    assert (np.abs(restored - given) <= np.abs(given).max(axis=1, keepdims=True) / 254 * 1.001).all()


def test_a_vector_of_zeros_stays_one() -> None:
    assert quantize(np.zeros((1, 8), np.float32)).restore(np.array([0])).tolist() == [[0.0] * 8]


def test_a_rotation_keeps_lengths_and_is_the_same_each_time() -> None:
    rotation = random_rotation(96)
    assert rotation @ rotation.T == pytest.approx(np.eye(96), abs=1e-5)
    assert (rotation == random_rotation(96)).all()


@pytest.mark.parametrize(("dim", "words"), [(1, 1), (64, 1), (65, 2), (256, 4)])
def test_bits_fill_whole_words_and_none_is_lost(dim: int, words: int) -> None:
    flags = random_vectors(3, dim) > 0
    packed = pack(flags)
    assert packed.shape == (3, words) == (3, sign_words(dim))
    assert np.bitwise_count(packed).sum(axis=1).tolist() == flags.sum(axis=1).tolist()


def test_the_best_are_those_with_the_largest_scores_and_of_equals_the_smallest_row() -> None:
    rows, scores = best(np.array([4, 9, 2, 7]), np.array([1, 3, 1, 2], np.float32), 5)
    assert (rows.tolist(), scores.tolist()) == ([9, 7, 2, 4], [3, 2, 1, 1])
    assert best(rows, scores, 2)[0].tolist() == [9, 7]
    for limit in range(9):
        equal = np.array([8, 3, 5, 1, 7, 2, 6, 4])
        assert best(equal, np.ones(8, np.float32), limit)[0].tolist() == list(range(1, limit + 1))


def test_opposite_signs_are_the_farthest_and_equal_ones_the_nearest() -> None:
    query = random_vectors(1, 64)[0]
    signs = np.zeros((1, 1, BLOCK), np.uint64)
    signs[0, :, 0], signs[0, :, 1] = pack(query[None] > 0)[0], pack(query[None] <= 0)[0]
    far = distances(signs, query)
    assert far[0] == 0
    assert far[1] == far.max() == np.count_nonzero(np.abs(query) > np.abs(query).mean())


@pytest.mark.parametrize("blocks", [1, 2, 7])
def test_two_threads_count_what_one_does(blocks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    signs = np.random.default_rng(1).integers(0, 1 << 63, (blocks, 2, BLOCK), np.uint64)
    query = random_vectors(1, 128)[0]
    alone = distances(signs, query)
    monkeypatch.setattr(quantization, "SHARED_FROM", 2)
    assert (distances(signs, query) == alone).all()
