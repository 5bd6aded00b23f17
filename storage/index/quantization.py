"""Vectors made small (8 bits and 1 bit a dimension), and the scan that finds the nearest of them.

The scan compares sign bits of *rotated* vectors: a random rotation spreads the information evenly over all dimensions,
so that every bit is worth the same, whatever the encoder's axes are. Of the query only the dimensions larger than
average count: the signs of the others say little, and two bits of their magnitudes (an asymmetric estimate, as in
RaBitQ, Gao and Long 2024) found no more of the nearest but needed a second count.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.ports import Rows, Vectors

BLOCK = 16_384
"""Rows whose sign words are next to each other in memory."""

CANDIDATES_PER_HIT = 20
FEWEST_CANDIDATES = 3_072
"""About how many of the scan's best are scored exactly."""

_BLOCKS_AT_ONCE = 4
"""With fewer, Python's lock changes hands too often; with more, the data does not fit in the cache."""

SHARED_FROM = 64
"""Blocks from which on a second thread scans half of them: a million rows."""

_OTHER_HALF = ThreadPoolExecutor(thread_name_prefix="scan")

_SAMPLED = 8
"""One row in so many is sampled to see how near the best are; reading all would take as long as scoring."""
_SCORED_AT_ONCE = 1_024  # 1 MiB of floats at 256 dimensions: fits in the cache of a core
_NOT_ALLOWED = 255

Bits = NDArray[np.uint64]
Mask = NDArray[np.bool_]


class Quantized(NamedTuple):
    """Vectors as int8, [n, dim], and what each row was divided by, float32 [n]."""

    values: NDArray[np.int8]
    scales: NDArray[np.float32]

    def restore(self, rows: Rows) -> Vectors:
        """The vectors of some rows, float32 [len(rows), dim], within 1/254 of each one's largest value."""
        # `take` is twice as fast as indexing.
        restored: Vectors = self.values.take(rows, axis=0).astype(np.float32)
        restored *= self.scales[rows, None]
        return restored

    def score(self, rows: Rows, vector: Vectors) -> NDArray[np.float32]:
        """Dot products of some rows with a vector [dim], float32 [len(rows)]."""
        scores = np.empty(len(rows), np.float32)
        for start in range(0, len(rows), _SCORED_AT_ONCE):
            some = rows[start : start + _SCORED_AT_ONCE]
            values = self.values.take(some, axis=0).astype(np.float32)
            scores[start : start + len(some)] = (values @ vector) * self.scales[some]
        return scores


def quantize(vectors: Vectors) -> Quantized:
    """Vectors [n, dim] with 8 bits a value; each row is scaled by its own largest value."""
    scales = np.abs(vectors).max(axis=1, initial=0.0) / np.float32(127)
    divisors = np.where(scales > 0, scales, 1)[:, None]
    return Quantized(np.rint(vectors / divisors).astype(np.int8), scales.astype(np.float32))


def random_rotation(dim: int) -> Vectors:
    """A random orthogonal matrix, [dim, dim]."""
    orthogonal, _ = np.linalg.qr(np.random.default_rng(dim).standard_normal((dim, dim)))
    return orthogonal.astype(np.float32)


def sign_words(dim: int) -> int:
    """How many words of 64 bits hold one bit a dimension."""
    return -(-dim // 64)


def pack(flags: NDArray[np.bool_]) -> Bits:
    """Flags [n, dim] as bits, [n, sign_words(dim)]."""
    width = 64 * sign_words(flags.shape[1])
    padded = np.pad(flags, ((0, 0), (0, width - flags.shape[1])))
    return np.packbits(padded, axis=1, bitorder="little").view(np.uint64)


def distances(signs: Bits, vector: Vectors) -> NDArray[np.uint8]:
    """How far the signs of every row are from a rotated vector [dim], [blocks * BLOCK], below 255.

    `signs` is [blocks, words, BLOCK]. The distance is the number of dimensions in which the signs differ, among
    those in which the vector is larger than on average, at most the 254 largest.
    """
    sign, counts = pack(np.stack([vector > 0, _telling(vector)]))
    found = np.zeros((len(signs), BLOCK), np.uint8)
    half = len(signs) // 2 if len(signs) >= SHARED_FROM else 0
    # Memory gives two cores more than one.
    first = _OTHER_HALF.submit(_count_differing, signs[:half], sign, counts, found[:half]) if half else None
    _count_differing(signs[half:], sign, counts, found[half:])
    if first:
        first.result()
    return found.reshape(-1)


def _count_differing(signs: Bits, sign: Bits, counts: Bits, found: NDArray[np.uint8]) -> None:
    """Add to `found`, [blocks, BLOCK], in how many of the dimensions that count signs differ from those of a query."""
    different = np.empty((_BLOCKS_AT_ONCE, BLOCK), np.uint64)
    differing = np.empty(different.shape, np.uint8)
    for start in range(0, len(signs), _BLOCKS_AT_ONCE):
        some, far = signs[start : start + _BLOCKS_AT_ONCE], found[start : start + _BLOCKS_AT_ONCE]
        bits, ones = different[: len(some)], differing[: len(some)]
        # Word by word, so that what is between two steps fits in the cache of a core.
        for word, (its_sign, its_counts) in enumerate(zip(sign, counts, strict=True)):
            np.bitwise_and(np.bitwise_xor(some[:, word], its_sign, out=bits), its_counts, out=bits)
            np.add(far, np.bitwise_count(bits, out=ones), out=far)


def _telling(vector: Vectors) -> NDArray[np.bool_]:
    """In which dimensions a vector's sign counts: few enough for a byte to hold how many differ."""
    magnitude = np.abs(vector)
    counts: NDArray[np.bool_] = magnitude > max(magnitude.mean(), np.sort(magnitude)[-_NOT_ALLOWED:][0])
    return counts


def nearest(
    stored: Quantized, signs: Bits, rotation: Vectors, vector: Vectors, limit: int, allowed: Mask
) -> tuple[Rows, NDArray[np.float32]]:
    """The allowed rows with the largest dot products with `vector` [dim], best first, and those products.

    `allowed` is [n]; `signs` may cover more rows. Of few allowed rows all are scored, of many the best of the scan.
    """
    wanted = max(CANDIDATES_PER_HIT * limit, FEWEST_CANDIDATES)
    candidates = np.empty(0, np.int64)
    if np.count_nonzero(allowed) > _SAMPLED * wanted:
        far = distances(signs, rotation @ vector)[: len(allowed)]
        far |= allowed.view(np.uint8) - np.uint8(1)  # 0 or _NOT_ALLOWED
        candidates = np.flatnonzero(far <= _threshold(far[::_SAMPLED], wanted // _SAMPLED))
    if len(candidates) < limit:  # Few are allowed, or hardly any of them were sampled.
        candidates = np.flatnonzero(allowed)
    return best(candidates, stored.score(candidates, vector), limit)


def _threshold(far: NDArray[np.uint8], wanted: int) -> int:
    """The smallest distance within which `wanted` rows lie; counting beats partitioning for small integers."""
    within = np.cumsum(np.bincount(far, minlength=_NOT_ALLOWED + 1)[:_NOT_ALLOWED])
    return min(int(np.searchsorted(within, wanted)), _NOT_ALLOWED - 1)


def best(rows: Rows, scores: NDArray[np.float32], limit: int) -> tuple[Rows, NDArray[np.float32]]:
    """The `limit` rows with the largest scores, best first, and their scores; of equals the smallest row first."""
    if 0 < limit < len(rows):
        # Of those that are equal to the last one, any may be among the first `limit` here.
        last = -np.partition(-scores, limit - 1)[limit - 1]
        rows, scores = rows[scores >= last], scores[scores >= last]
    order = np.lexsort((rows, -scores))[:limit]
    return rows[order], scores[order]
