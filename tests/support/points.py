"""Papers that are nothing but points: vectors of few dimensions, some of them in a field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from bot.engine.profile import Background, precision
from bot.engine.terms import TermBackground
from bot.ports import Filters, Hits, PaperIndex, Rows, Vectors

DIM = 8


def around(*axes: int, count: int, spread: float = 0.15) -> Vectors:
    """Vectors [count, DIM] of unit length near the middle of some axes, the same ones every time."""
    centre = np.isin(np.arange(DIM), axes).astype(np.float32)
    noise = np.random.default_rng(sum(axes)).normal(size=(count, DIM)).astype(np.float32)
    vectors = centre / np.linalg.norm(centre) + np.float32(spread) * noise
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


@dataclass(frozen=True, eq=False)
class Points:
    """The papers of a field, from row 1 on, and after them all others; each has a category."""

    category: str
    members: Vectors
    others: Vectors

    @property
    def index(self) -> PaperIndex:
        """An index of them, which knows nothing but categories and vectors."""
        return cast(PaperIndex, self)

    @property
    def rows(self) -> Rows:
        """All rows."""
        return np.arange(1, len(self) + 1)

    @property
    def known(self) -> Background:
        """What these papers look like; they have no words."""
        vectors = self.vectors(self.rows)
        centred = vectors - vectors.mean(axis=0)
        covariance = centred.T @ centred / np.float32(len(vectors))
        return Background(vectors.mean(axis=0), covariance, precision(covariance), cast(TermBackground, None), centred)

    @property
    def encoder(self) -> "Points":
        """What gives no text a meaning."""
        return self

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As `Encoder.encode`."""
        return np.zeros((len(texts), DIM), np.float32)

    def __len__(self) -> int:
        return len(self.members) + len(self.others)

    def vectors(self, rows: Rows) -> Vectors:
        """As `PaperIndex.vectors`."""
        return np.concatenate([self.members, self.others])[rows - 1]

    def values(self, field: str) -> dict[str, int]:
        """As `PaperIndex.values`, the archive alone."""
        return {self.category.split(".")[0]: len(self)}

    def match_words(self, terms: Mapping[str, float], limit: int, *, filters: Filters) -> Hits:
        """As `PaperIndex.match_words`, for no words and a category or its archive."""
        found = self.rows[: len(self.members)] if self.category in filters.categories else self.rows
        return Hits(found[:limit], np.ones(min(len(found), limit), np.float32))
