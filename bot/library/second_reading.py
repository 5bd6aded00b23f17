"""A transformer's reading of papers: in the background, kept in the store, and used where the best are put in order.

The index stays that of the bundled encoder, which answers alone as long as the transformer has read nothing.
"""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from bot.library.vector_cache import paper_vectors, unpacked
from bot.ports import Encoder, Rows, Scores, Vectors
from bot.runtime.lazy_log import log

if TYPE_CHECKING:
    from bot.ports import LibraryStore

SHARE = 0.7
"""Weight of the transformer's cosines against those of the bundled encoder."""

_PAGE = 256
"""Papers looked at between two times that progress is told."""

_TELL_EVERY = 600.0
"""Seconds between two lines in the log."""


class SecondReader:
    """Reads papers with a transformer, and says how near those it has read are to a query."""

    def __init__(self, store: "LibraryStore", encoder: Encoder) -> None:
        self._store = store
        self._encoder = encoder
        self._after = 0

    @property
    def name(self) -> str:
        """The name of the transformer and its weights."""
        return self._encoder.name

    async def count(self) -> int:
        """How many papers it has read."""
        return await self._store.count_vectors(self.name)

    async def read_new(self, done: Callable[[int], None] = lambda count: None) -> int:
        """Read every paper that is new or was changed, and say how many were looked at.

        `done` is called with the number looked at so far. What was read is kept at once: interrupted, it goes on from
        there the next time.
        """
        looked_at, begun, told = 0, monotonic(), monotonic()
        known = await self.count()
        while page := await self._store.papers_after(self._after, _PAGE):
            await paper_vectors(self._store, self._encoder, page)
            self._after = page[-1].revision
            looked_at += len(page)
            done(looked_at)
            if monotonic() - told > _TELL_EVERY:
                told, count = monotonic(), await self.count()
                rate = round((count - known) / (told - begun), 1)
                log().info("papers read", encoder=self.name, papers=count, a_second=rate)
        return looked_at

    def nearer(self, text: str) -> Callable[[Rows, Scores], Scores]:
        """What mixes its own cosines with a query into others, for `search`; for use in a thread."""
        asked: list[Vectors] = []

        def cosines(rows: Rows, scores: Scores) -> Scores:
            kept = {each.row: each.vector for each in self._store.read_vectors(self.name, rows.tolist())}
            places = np.array([place for place, row in enumerate(rows.tolist()) if row in kept], np.int64)
            if not len(places):
                return scores
            asked[:] = asked or [self._encoder.encode([text])[0]]
            vectors = np.array([unpacked(kept[row]) for row in rows[places].tolist()])
            return mixed(scores, places, vectors @ asked[0])

        return cosines


def mixed(scores: Scores, places: Rows, others: Scores) -> Scores:
    """Scores [n] with `SHARE` of `others` at some places, with the mean and deviation that the scores have there."""
    there, spread = scores[places], float(others.std())
    changed = scores.copy()
    if spread:
        alike = there.mean() + there.std() * (others - others.mean()) / np.float32(spread)
        changed[places] = np.float32(SHARE) * alike + np.float32(1 - SHARE) * there
    return changed
