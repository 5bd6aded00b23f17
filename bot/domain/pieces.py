"""Texts cut at their blanks: each piece is worked out once for many texts."""

from array import array
from collections.abc import Iterable
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.domain.words import PerPiece

Bounds = NDArray[np.int64]
"""Where what belongs to each of some texts begins and ends, [texts + 1]."""


class Pieces(NamedTuple):
    """The pieces of some texts: text i has those that `distinct` has at `places[bounds[i]:bounds[i + 1]]`."""

    distinct: tuple[str, ...]
    bounds: Bounds
    places: NDArray[np.uint32]

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Pieces":
        """Cut texts."""
        numbered, places, bounds = _Numbered(), array("I"), [0]
        for text in texts:
            # Looking up under map keeps the loop in C: it is what limits how fast papers are indexed.
            places.extend(map(numbered.__getitem__, text.split()))
            bounds.append(len(places))
        return cls(tuple(numbered), np.array(bounds, np.int64), np.frombuffer(places, np.uint32))

    def joined(self, known: PerPiece[str]) -> list[str]:
        """For each text what its pieces come to, with blanks between them."""
        found = list(map(known.__getitem__, self.distinct))
        parts = list(map(found.__getitem__, self.places.tolist()))
        return [" ".join(parts[begin:end]) for begin, end in pairwise(self.bounds.tolist())]

    def numbers(self, known: PerPiece[tuple[int, ...]]) -> tuple[Bounds, NDArray[np.uint32]]:
        """The numbers that pieces come to, text after text: text i has `numbers[bounds[i]:bounds[i + 1]]`."""
        found = list(map(known.__getitem__, self.distinct))
        lengths = np.fromiter(map(len, found), np.int64, len(found))
        flat = np.fromiter(chain.from_iterable(found), np.uint32, int(lengths.sum()))
        here = lengths[self.places]
        ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(here)])
        begin = np.cumsum(lengths) - lengths
        return ends[self.bounds], flat[np.repeat(begin[self.places] - ends[:-1], here) + np.arange(ends[-1])]


class _Numbered(dict[str, int]):
    """Pieces, numbered as they come."""

    def __missing__(self, piece: str) -> int:
        number = self[piece] = len(self)
        return number
