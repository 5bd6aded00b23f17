"""Vectors of papers that are slow to compute."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class CachedVector(NamedTuple):
    """A paper's vector as it is kept: its row, a hash of its text, and the numbers."""

    row: int
    text: str
    vector: bytes


class VectorCacheStore(Protocol):
    """Vectors of papers that are slow to compute."""

    async def cached_vectors(self, encoder: str, rows: Sequence[int]) -> list[CachedVector]:
        """The vectors of some papers that are kept for an encoder, in any order."""

    async def cache_vectors(self, encoder: str, kept: Sequence[CachedVector]) -> None:
        """Keep vectors; they replace those of the same papers."""
