"""Whether papers whose categories nobody knows are of a field: by what the papers in it are like, and by whom."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.domain.papers import Paper
from bot.engine.leaning import Leaning
from bot.engine.profile import Background
from bot.engine.records import AuthorRecords
from bot.ports import PaperIndex, Rows, Scores, Vectors

_SAMPLE, _TRIED = 8192, 1024
"""Papers of a field that it is learned from, with twice as many others, and those of each kind that give its odds."""

_HOPELESS = 0.05
"""Share of a field's papers that lie so low along its direction that those near them are not looked at."""

_NEAREST, _NEAREST_WEIGHT = 50, 0.5
"""Near papers that count, and what they count beside the direction."""

_AUTHORS_WEIGHT = 0.75
"""What the field of the authors' other papers counts beside the direction."""

_AT_ONCE = 256
"""Papers compared with a sample at once: a matrix of 25 MB."""

_MOST_ODDS = 30.0
"""Log-odds beyond which nothing changes."""

_LEAST = -2.0
"""The score below which all count alike: from there on, the odds grow with its logarithm."""

_FOLDS = 5
"""Parts of a field's sample, each scored by what the others teach, to find what a score says of unseen papers."""


class Membership:
    """What the papers of a field are like: linear discriminant analysis, the share of the nearest papers, and authors.

    The odds are calibrated (Platt, 1999): of papers with even odds about one in two is a member. In a rare field few
    reach that.
    """

    def __init__(
        self, index: PaperIndex, members: Rows, placed: Rows, known: Background, records: AuthorRecords
    ) -> None:
        others = np.setdiff1d(placed, members)
        sampled = _spread(members, _SAMPLE), _spread(others, 2 * _SAMPLE)
        self._index, self._known = index, known
        self._rows = np.concatenate(sampled)
        self._is_member = np.arange(len(self._rows)) < len(sampled[0])
        self._stands_for = np.where(
            self._is_member, len(members) / max(len(sampled[0]), 1), len(others) / max(len(sampled[1]), 1)
        )
        self._leaning = Leaning(records, members, placed)
        vectors = index.vectors(self._rows)
        self._direction = _towards(vectors[self._is_member], known)
        along = _unseen_scores(vectors, self._is_member, known)
        self._floor = float(np.quantile(along[self._is_member], _HOPELESS))
        self._centre = float(np.average(along, weights=self._stands_for))
        self._spread = float(np.sqrt(np.average((along - self._centre) ** 2, weights=self._stands_for))) or 1.0
        self._slope, self._offset = self._calibrated(vectors, along)

    def odds(self, papers: Sequence[Paper], vectors: Vectors) -> NDArray[np.float64]:
        """Log-odds that papers without categories are of the field, [n]; `vectors` are those of the papers."""
        along = vectors @ self._direction
        hopeful = along >= self._floor
        odds = np.full(len(vectors), -_MOST_ODDS)
        if hopeful.any():
            share = self._share_of_nearest(vectors[hopeful], self._index.vectors(self._rows))
            leaning = self._leaning.of([papers[place] for place in np.flatnonzero(hopeful).tolist()])
            score = self._score(along[hopeful], share, leaning)
            odds[hopeful] = np.clip(self._slope * score + self._offset, -_MOST_ODDS, _MOST_ODDS)
        return odds

    def _calibrated(self, vectors: Vectors, along: Scores) -> tuple[float, float]:
        """Slope and offset of the log-odds as a line of scores, from papers of the sample that have hope."""
        tried = []
        stand_for = np.zeros(len(along))
        for part in (self._is_member, ~self._is_member):
            hopeful = np.flatnonzero((along >= self._floor) & part)
            kept = _spread(hopeful, _TRIED)
            stand_for[kept] = self._stands_for[kept] * len(hopeful) / max(len(kept), 1)
            tried.append(kept)
        rows = np.concatenate(tried)
        truth, weights = self._is_member[rows], stand_for[rows]
        share = self._share_of_nearest(vectors[rows], vectors, own=rows)
        self._usual_share = float(np.sqrt((weights * share**2).sum() / self._stands_for.sum())) or 1.0
        scores = self._score(along[rows], share, self._leaning.of_rows(self._rows[rows]))
        weights = weights / self._stands_for.sum() * len(self._rows)
        slope, offset = _logistic(scores, truth, weights)
        if slope > 0:
            return slope, offset
        # Scores say nothing, as where none but members have hope: then all are as likely.
        return 0.0, float(np.log((weights[truth].sum() + 1) / (weights[~truth].sum() + 1)))

    def _score(self, along: Scores, share: NDArray[np.float64], leaning: NDArray[np.float64]) -> NDArray[np.float64]:
        """The logarithm of how far papers are along the direction and how many of the nearest are members, in
        deviations of papers, and how much oftener the authors are in the field."""
        direction: NDArray[np.float64] = ((along - self._centre) / self._spread).astype(np.float64)
        score = direction + _NEAREST_WEIGHT * share / self._usual_share + _AUTHORS_WEIGHT * leaning
        grown: NDArray[np.float64] = np.log1p(np.maximum(score - _LEAST, 0))
        return grown

    def _share_of_nearest(self, vectors: Vectors, sample: Vectors, own: Rows | None = None) -> NDArray[np.float64]:
        """Which share of the papers near each paper are of the field, [n], each counting for those it stands for.

        `own` are the places of the papers in the sample, where they are in it: none is near itself.
        """
        against = _centred(sample, self._known).T
        nearest = min(_NEAREST, len(sample) - 1)
        shares = [np.empty(0)]
        for start in range(0, len(vectors), _AT_ONCE):
            cosines = _centred(vectors[start : start + _AT_ONCE], self._known) @ against
            if own is not None:
                cosines[np.arange(len(cosines)), own[start : start + _AT_ONCE]] = -2
            near = np.argpartition(-cosines, nearest, axis=1)[:, :nearest]
            counts = self._stands_for[near]
            shares.append((counts * self._is_member[near]).sum(axis=1) / counts.sum(axis=1))
        return np.concatenate(shares)


def _spread(rows: Rows, most: int) -> Rows:
    """At most so many rows, spread over all."""
    return rows[:: max(1, -(-len(rows) // most))]


def _centred(vectors: Vectors, known: Background) -> Vectors:
    """Vectors as seen from the average paper, [n, dim], of unit length."""
    apart = vectors - known.mean
    seen: Vectors = apart / np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), np.float32(1e-9))
    return seen


def _towards(members: Vectors, known: Background) -> Vectors:
    """The direction [dim] from papers at large to members of a field."""
    direction: Vectors = known.precision @ (members.mean(axis=0) - known.mean)
    return direction


def _unseen_scores(vectors: Vectors, is_member: NDArray[np.bool_], known: Background) -> Scores:
    """Each paper's score [n] along the direction that the members in the other folds give."""
    fold = np.zeros(len(vectors), np.int64)
    for part in (is_member, ~is_member):
        fold[part] = np.arange(part.sum()) % _FOLDS
    scores = np.zeros(len(vectors), np.float32)
    for each in range(_FOLDS):
        left_out = fold == each
        scores[left_out] = vectors[left_out] @ _towards(vectors[is_member & ~left_out], known)
    return scores


def _logistic(
    scores: NDArray[np.floating], truth: NDArray[np.bool_], weights: NDArray[np.float64]
) -> tuple[float, float]:
    """Slope and intercept of the log-odds as a line of scores, by Newton's method (Platt, 1999).

    A step changes neither number by more than one: where scores nearly tell all, a whole one would go astray.
    """
    centre, spread = float(scores.mean()), float(scores.std()) or 1.0
    features = np.stack([(scores - centre) / spread, np.ones(len(scores))], axis=1).astype(np.float64)
    line = np.array([1.0, -3.0])
    for _ in range(40):
        chance = 1 / (1 + np.exp(-np.clip(features @ line, -30, 30)))
        slope = features.T @ (weights * (truth - chance)) - 1e-3 * line
        bend = (features * (weights * chance * (1 - chance))[:, None]).T @ features + 1e-3 * np.eye(2)
        line = line + np.clip(np.linalg.solve(bend, slope), -1, 1)
    return float(line[0] / spread), float(line[1] - line[0] * centre / spread)
