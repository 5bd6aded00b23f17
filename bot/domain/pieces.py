"""Texts cut at their blanks: each piece is worked out once for many texts."""

from array import array
from collections import defaultdict
from collections.abc import Iterable
from itertools import count, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.domain.words import PerPiece

Bounds = NDArray[np.int64]
"""Where what belongs to each of some texts begins and ends, [texts + 1]."""

_AROUND = "!\"$%&'()*,-./:;<=>?@[\\]^_`{|}~"
"""The signs of ASCII that mean nothing around a word: not those of `C++` and `C#`."""


class Pieces(NamedTuple):
    """The pieces of some texts: text i has those that `distinct` has at `places[bounds[i]:bounds[i + 1]]`."""

    distinct: tuple[str, ...]
    bounds: Bounds
    places: NDArray[np.uint32]

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Pieces":
        """Cut texts. Pieces of ASCII are in lower case, without the signs around them: a third fewer are distinct."""
        written, places, bounds = defaultdict[str, int](count().__next__), array("I"), [0]
        for text in texts:
            # Looking up under map keeps the loop in C: it is what limits how fast papers are indexed.
            places.extend(map(written.__getitem__, text.split()))
            bounds.append(len(places))
        plain = [piece.strip(_AROUND).lower() if piece.isascii() else piece for piece in written]
        distinct = defaultdict[str, int](count().__next__)
        numbers = np.fromiter(map(distinct.__getitem__, plain), np.uint32, len(plain))
        return cls(tuple(distinct), np.array(bounds, np.int64), numbers[np.frombuffer(places, np.uint32)])

    def each(self, known: PerPiece[str]) -> "Pieces":
        """Texts of what the pieces come to, in their places."""
        return self._replace(distinct=tuple(map(known.__getitem__, self.distinct)))

    def joined(self) -> list[str]:
        """The texts, with one blank between two pieces."""
        # To pick from an array of objects takes half as long as to look each up.
        pieces = np.array(self.distinct, object)[self.places].tolist()
        return [" ".join(pieces[begin:end]) for begin, end in pairwise(self.bounds.tolist())]

    def numbers(self, known: PerPiece[bytes]) -> tuple[Bounds, NDArray[np.uint32]]:
        """The numbers that pieces come to, text after text: text i has `numbers[bounds[i]:bounds[i + 1]]`."""
        found = list(map(known.__getitem__, self.distinct))
        lengths = np.fromiter(map(len, found), np.int64, len(found)) // 4
        flat = np.frombuffer(b"".join(found), np.uint32)
        here = lengths[self.places]
        ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(here)])
        begin = np.cumsum(lengths) - lengths
        return ends[self.bounds], flat[np.repeat(begin[self.places] - ends[:-1], here) + np.arange(ends[-1])]


def as_numbers(numbers: Iterable[int]) -> bytes:
    """Numbers as `Pieces.numbers` reads them, which takes half the memory of a tuple."""
    return array("I", numbers).tobytes()
