"""Which field the other papers of authors are in."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.domain.papers import Paper
from bot.engine.records import AuthorRecords
from bot.ports import Rows

Floats = NDArray[np.float64]

_AT_LARGE = 2.0
"""Papers at large that are added to those of a paper's authors: of few papers one says little."""


class Leaning:
    """How much oftener than papers at large the other papers of a paper's authors are in a field.

    That is log((c + k p) / (n + k) / p) with n papers, c of them in the field, p the share of all papers that is in it,
    and k papers at large; 0 where nothing is known of any author. A paper of two of the authors counts twice.
    """

    def __init__(self, records: AuthorRecords, members: Rows, placed: Rows) -> None:
        """Of a field with these members, as far as `records` go; `placed` are all papers whose field is known."""
        self._records = records
        self._share = len(members) / max(len(placed), 1)
        known = records.authorships
        within, counts = np.isin(known.rows, members), np.isin(known.rows, placed)
        self._within = np.bincount(known.authors, within[known.papers], minlength=len(records))
        self._all = np.bincount(known.authors, counts[known.papers], minlength=len(records))
        self._order = np.argsort(known.rows)
        self._rows = known.rows[self._order]
        self._others = self._of(
            np.bincount(known.papers, self._within[known.authors] - within[known.papers], minlength=len(known.rows)),
            np.bincount(known.papers, self._all[known.authors] - counts[known.papers], minlength=len(known.rows)),
        )

    def of(self, papers: Sequence[Paper]) -> Floats:
        """Of papers that have no record themselves, [n]."""
        owners, authors = self._records.authors_of(papers)
        return self._of(
            np.bincount(owners, self._within[authors], minlength=len(papers)),
            np.bincount(owners, self._all[authors], minlength=len(papers)),
        )

    def of_rows(self, rows: Rows) -> Floats:
        """Of papers by their rows, [n], none of which counts for itself; 0 for those without a record."""
        if not len(self._rows):
            return np.zeros(len(rows))
        place = np.minimum(np.searchsorted(self._rows, rows), len(self._rows) - 1)
        return np.where(self._rows[place] == rows, self._others[self._order[place]], 0.0)

    def _of(self, within: NDArray[Any], counted: NDArray[Any]) -> Floats:
        share = max(self._share, 1e-9)
        leaning: Floats = np.log((within + _AT_LARGE * share) / (counted + _AT_LARGE) / share)
        return leaning
