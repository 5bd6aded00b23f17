"""A transformer that reads nothing but titles."""

from collections.abc import Sequence

import numpy as np

from bot.ports import Vectors


class Transformer:
    """Finds that a query is about the papers whose title has "wanted"; counts the titles it is given."""

    name = "transformer"
    dim = 2
    costly = True
    lexicon = None

    def __init__(self) -> None:
        self.titles: list[str] = []
        self.breaks_off = False

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.array([[1, 0]] * len(texts), np.float32)

    def encode_papers(self, titles: Sequence[str], abstracts: Sequence[str]) -> Vectors:
        if self.breaks_off and self.titles:
            raise RuntimeError("killed")
        self.titles += titles
        return np.array([[1, 0] if "wanted" in title else [0.5, 0.8] for title in titles], np.float32)
