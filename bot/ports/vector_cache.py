"""Vectors of papers that take long to make."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class CachedVector(NamedTuple):
    """A paper's vector as it is kept: its row, a digest of the text it was made of, and the numbers."""

    row: int
    text: str
    vector: bytes


class VectorCacheStore(Protocol):
    """Vectors of papers that take long to make."""

    async def cached_vectors(self, encoder: str, rows: Sequence[int]) -> list[CachedVector]:
        """The vectors kept of some papers for an encoder, in no order."""

    async def cache_vectors(self, encoder: str, kept: Sequence[CachedVector]) -> None:
        """Keep vectors in place of those that were kept of the same papers."""
