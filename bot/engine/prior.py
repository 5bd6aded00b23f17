"""How much interest to expect of a paper before anybody voted: learned from how many upvotes earlier papers got."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from bot.domain.papers import Paper
from bot.ports import Vectors

Floats = NDArray[np.float64]

SETTLED = timedelta(days=3)
"""So long after it was first seen, a paper's upvotes are taken as final."""

RIDGE = 20.0
"""Strength of the penalty on every weight but the constant."""

_SHRINKAGE = 4.0
"""The overall mean counts as much as this many papers of an author or organisation."""

_REMARKABLE = 0.4
"""From this record on a reason names it: half as many upvotes again as the mean."""

_UNKNOWN = float(np.log1p(5.0))
"""What is expected, as log(1 + upvotes), before the final upvotes of any paper are known."""

_MOST = float(np.log1p(2_000.0))


@dataclass(slots=True)
class _Record:
    """The record of an author, organisation or submitter: the sum of how far their papers were above the mean."""

    count: int = 0
    above: float = 0.0

    def shift(self) -> float:
        return self.above / (self.count + _SHRINKAGE)


class Prior:
    """Upvotes to expect of papers, from their text and their origin.

    Ridge regression (Hoerl and Kennard, 1970) of log(1 + upvotes) on the paper's vector, the logarithm of the number of
    authors, whether there is code, and the records of its authors (the best and the mean), organisation and
    submitter. A record is how far their earlier papers were above the mean, shrunk towards 0.
    """

    def __init__(self) -> None:
        self._records: dict[tuple[str, str], _Record] = defaultdict(_Record)
        self._count = 0
        self._total = 0.0
        self._gram: Floats = np.zeros((0, 0))
        self._moment: Floats = np.zeros(0)
        self._weights: Floats | None = None

    def learn(self, papers: Sequence[Paper], vectors: Vectors, votes: Sequence[float]) -> None:
        """Learn from the final upvotes of papers, the earliest final first; `vectors` is [len(papers), dim]."""
        if not papers:
            return
        gained = np.log1p(np.asarray(votes, np.float64))
        facts = []
        for paper, value in zip(papers, gained.tolist(), strict=True):
            facts.append(self._facts(paper))
            self._note(paper, value)
        inputs = np.hstack([np.array(facts), vectors])
        if not len(self._gram):
            self._gram, self._moment = np.zeros((inputs.shape[1],) * 2), np.zeros(inputs.shape[1])
        self._gram += inputs.T @ inputs
        self._moment += inputs.T @ gained
        self._weights = None

    def organizations(self) -> list[str]:
        """The organisations it has learned of, those of most papers first."""
        counts = {name: record.count for (kind, name), record in self._records.items() if kind == "organization"}
        return sorted(counts, key=lambda name: (-counts[name], name))

    def _note(self, paper: Paper, gained: float) -> None:
        self._count += 1
        self._total += gained
        above = gained - self._total / self._count
        for kind, name in _named_origins(paper):
            record = self._records[kind, name.casefold()]
            record.count += 1
            record.above += above

    def expect(self, papers: Sequence[Paper], vectors: Vectors) -> Floats:
        """Upvotes to expect of papers, [len(papers)]; `vectors` is [len(papers), dim]."""
        if not self._count or not papers:
            return np.full(len(papers), np.expm1(_UNKNOWN))
        if self._weights is None:
            penalty = np.full(len(self._gram), RIDGE)
            penalty[0] = 1e-6
            self._weights = np.asarray(np.linalg.solve(self._gram + np.diag(penalty), self._moment), np.float64)
        inputs = np.hstack([np.array([self._facts(paper) for paper in papers]), vectors])
        return np.expm1(np.clip(inputs @ self._weights, 0.0, _MOST))

    def because(self, paper: Paper) -> str:
        """Why something is expected of a paper without a known vote, in words."""
        done_well = [name for kind, name in _named_origins(paper) if self._shift(kind, name) >= _REMARKABLE]
        return "New, no votes yet" + (f", earlier papers by {done_well[0]} did well" if done_well else "")

    def _shift(self, kind: str, name: str) -> float:
        record = self._records.get((kind, name.casefold()))
        return record.shift() if record else 0.0

    def _facts(self, paper: Paper) -> list[float]:
        """What is known of a paper beside its text and the constant."""
        shifts: dict[str, list[float]] = defaultdict(list)
        for kind, name in _named_origins(paper):
            shifts[kind].append(self._shift(kind, name))
        authors = shifts["author"] or [0.0]
        return [
            1.0,
            float(np.log(max(len(paper.authors), 1))),
            float(bool(paper.code)),
            max(0.0, *authors),
            sum(authors) / len(authors),
            sum(shifts["organization"]),
            sum(shifts["submitter"]),
        ]


def _named_origins(paper: Paper) -> Iterator[tuple[str, str]]:
    """Kind and name of where a paper comes from."""
    if paper.organization:
        yield "organization", paper.organization
    for author in paper.authors:
        yield "author", author
    if paper.submitted_by:
        yield "submitter", paper.submitted_by
