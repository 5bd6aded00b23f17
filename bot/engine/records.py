"""What authors have done lately: how many papers, and how often these are cited.

Where nobody votes, the papers that are cited later are those of authors who write much and are cited already.
"""

from array import array
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.domain.counts import counted
from bot.domain.papers import Paper
from bot.ports import Rows

Floats = NDArray[np.float64]

REACH = timedelta(days=730)
"""How far back records go."""

_RARE = 0.99
"""What is above this quantile, of citations of papers or of papers of authors, is worth saying."""

_FEWEST_CITATIONS, _FEWEST_PAPERS = 10, 5
"""Fewer are never said to be many."""


class Records(NamedTuple):
    """The records of some papers' authors: the means of log(1 + papers) and of log(1 + citations), [n] each."""

    papers: Floats
    citations: Floats


class Authorships(NamedTuple):
    """Who wrote what: the rows of n papers, and of m pairs of a paper and an author the places among these papers and
    the numbers of the authors."""

    rows: Rows
    papers: NDArray[np.int64]
    authors: NDArray[np.int64]


class AuthorRecords:
    """The records of all authors of some papers.

    `papers` are the row and the authors of each, and how often it is cited, 0 where that is not known. Names that are
    written alike are taken for one author. An author takes 32 bytes, and 16 more for each of their papers.
    """

    def __init__(self, papers: Iterable[tuple[int, Sequence[str], int]]) -> None:
        # Arrays rather than lists: there may be millions of names.
        rows, names, sizes, cited = array("q"), array("q"), array("q"), array("q")
        for row, authors, citations in papers:
            keys = {_key(author) for author in authors}
            rows.append(row)
            names.extend(keys)
            sizes.append(len(keys))
            cited.append(citations)
        counts = np.array(cited, np.float64)
        self._names, place = np.unique(np.array(names, np.int64), return_inverse=True)
        self.authorships = Authorships(np.array(rows, np.int64), np.repeat(np.arange(len(rows)), sizes), place)
        each = np.repeat(counts, np.array(sizes, np.int64))
        self._papers = np.bincount(place, minlength=len(self._names))
        self._citations = np.bincount(place, each, minlength=len(self._names))
        self._best = np.zeros(len(self._names))
        np.maximum.at(self._best, place, each)
        self._much_cited = _rare(counts, _FEWEST_CITATIONS)
        self._prolific = _rare(self._papers, _FEWEST_PAPERS)

    def __len__(self) -> int:
        """How many authors have a record."""
        return len(self._names)

    def of(self, papers: Sequence[Paper]) -> Records:
        """The records of papers' authors; 0 for papers without authors, and of authors without a record."""
        owners, authors = self.authors_of(papers)
        counts = np.maximum([len(paper.authors) for paper in papers], 1)

        def mean(known: NDArray[np.int64] | Floats) -> Floats:
            return np.bincount(owners, np.log1p(known[authors]), minlength=len(papers)) / counts

        return Records(mean(self._papers), mean(self._citations))

    def authors_of(self, papers: Sequence[Paper]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Which of some papers an author with a record has written, and the number of the author, [m] each."""
        keys = [[_key(author) for author in paper.authors] for paper in papers]
        owners = np.repeat(np.arange(len(papers)), [len(each) for each in keys])
        place, known = self._places(np.array([key for each in keys for key in each], np.int64))
        return owners[known], place[known]

    def because(self, paper: Paper) -> str:
        """What is remarkable about the record of a paper's authors, in words; empty where nothing is."""
        place, known = self._places(np.array([_key(author) for author in paper.authors], np.int64))
        if not known.any():
            return ""
        best = np.where(known, self._best[place], 0)
        if best.max() >= self._much_cited:
            return f"an earlier paper by {paper.authors[int(best.argmax())]} is among the most cited here"
        papers = np.where(known, self._papers[place], 0)
        if papers.max() >= self._prolific:
            return f"{counted(int(papers.max()), 'earlier paper')} by {paper.authors[int(papers.argmax())]} here"
        return ""

    def _places(self, keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Where names stand among those known, and which of them do."""
        if not len(self._names):
            return np.zeros(len(keys), np.int64), np.zeros(len(keys), bool)
        place = np.minimum(np.searchsorted(self._names, keys), len(self._names) - 1)
        return place, self._names[place] == keys


def _key(author: str) -> int:
    return hash(author.casefold())


def _rare(counts: NDArray[np.int64] | Floats, fewest: int) -> float:
    return max(float(fewest), float(np.quantile(counts, _RARE))) if len(counts) else float(fewest)
