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

    def read_vectors(self, encoder: str, rows: Sequence[int]) -> list[CachedVector]:
        """`cached_vectors` for use in a thread; blocks while it reads."""

    async def count_vectors(self, encoder: str) -> int:
        """Of how many papers vectors are kept for an encoder."""

    async def cache_vectors(self, encoder: str, kept: Sequence[CachedVector]) -> None:
        """Keep vectors; they replace those of the same papers."""
