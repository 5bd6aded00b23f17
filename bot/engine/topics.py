"""How probable it is that a paper is about a topic: from its words, its meaning, and the fields that papers are in.

A mention of the topic itself tells most: its words side by side, whatever their number, hyphens and case. Near forms
(written as one word or as several, an acronym, the words apart in the title) count where the meaning agrees. The name
of a field (`robotics`) means the field: a paper's categories, or where it has none, what papers in them are like.
"""

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.domain.categories import codes_of
from bot.domain.papers import Paper
from bot.domain.words import normalized
from bot.engine.profile import Background
from bot.ports import Filters, PaperIndex, Rows, Scores, Vectors

MATCH = 0.5
"""The probability from which on a paper is about a topic."""

_IN_TITLE, _OFTEN, _ONCE = 3.0, 1.5, 0.0
"""Log-odds of a paper that mentions a topic in its title, several times, or once, whose meaning is like any other's."""

_NEAR, _NEAR_MEANING = -4.5, 1.5
"""Log-odds of a near form, and what each standard deviation of nearness in meaning adds: three make it a match."""

_MEANING = 0.3
"""What each standard deviation of nearness in meaning adds for a mention."""

_NONE = -5.0
"""Log-odds of a paper that has no form of the topic."""

_OUTSIDE = -3.0
"""Log-odds of a paper of other fields than the one that a topic names."""

_FEWEST = 10
"""Papers of a field from which one can learn what it covers."""

_SAMPLE, _TRIED = 8192, 1024
"""Papers of a field that it is learned from, with twice as many others, and those of each kind that its cut is from."""

_HOPELESS = 0.05
"""Share of a field's papers that lie so low along its direction that those near them are not looked at."""

_NEAREST, _NEAREST_WEIGHT = 50, 0.5
"""Near papers that count, and what they count beside the direction."""

_AT_ONCE = 256
"""Papers compared with a sample at once: a matrix of 25 MB."""

_MOST_ODDS = 30.0
"""Log-odds beyond which nothing changes."""

_BETA = 0.5
"""How much recall counts beside precision in the F of a field: a post with a wrong paper is worse than one without."""

_FOLDS = 5
"""Parts of a field's sample, each scored by what the others teach, to find where the F of the field is best."""

_WORD = re.compile(r"[a-z0-9]+")
_MARKS = re.compile("[\u0300-\u036f]+")


class Said(NamedTuple):
    """A paper's title and abstract as topics are looked for in them, and as they are written."""

    title: str
    abstract: str
    written: str


def said(paper: Paper) -> Said:
    """A paper's words in lower case and singular, apart by single spaces, with one at each end."""
    return Said(_joined(folded(paper.title)), _joined(folded(paper.abstract)), paper.text)


def folded(text: str) -> list[str]:
    """The words of a text without case, accents and plural; a compound (`few-shot`) is several."""
    plain = _MARKS.sub("", normalized("NFKD", text.lower()))
    return [_singular(word) for word in _WORD.findall(plain)]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _joined(words: Sequence[str]) -> str:
    return f" {' '.join(words)} "


@dataclass(frozen=True, eq=False)
class Papers:
    """Papers to be compared with topics: their words, and their vectors [n, dim] of unit length."""

    papers: Sequence[Paper]
    said: Sequence[Said]
    vectors: Vectors

    @cached_property
    def holding(self) -> Mapping[str, set[int]]:
        """Which papers (positions) have a word."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        for position, words in enumerate(self.said):
            for word in {*words.title.split(), *words.abstract.split()}:
                found[word].add(position)
        return found

    def glued(self, letters: str) -> set[int]:
        """Which papers' titles, written without spaces, have some letters side by side."""
        text, starts = self._glued_titles
        found: set[int] = set()
        place = text.find(letters)
        while place >= 0:
            position = bisect(starts, place)
            found.add(position - 1)
            place = text.find(letters, starts[position])
        return found

    @cached_property
    def _glued_titles(self) -> tuple[str, list[int]]:
        """The titles without spaces as one text, which is quickly looked through, and where each begins and all end."""
        lines = [f"{words.title.replace(' ', '')}\n" for words in self.said]
        return "".join(lines), list(accumulate(map(len, lines), initial=0))


class TopicModel:
    """Tells what papers are about, with the words, the meaning and the fields of the papers of one index."""

    def __init__(self, index: PaperIndex, known: Background) -> None:
        self._index = index
        self.known = known
        self._fields: dict[tuple[str, ...], _Field | None] = {}

    def probabilities(self, topic: str, papers: Papers) -> Scores:
        """How probable it is that each paper is about a topic in words, [n]."""
        odds = self._by_words(topic, papers)
        if codes := codes_of(topic):
            titled = _Forms.of(topic).titled(papers)
            odds = self._by_field(codes, odds, titled, papers)
        return (1 / (1 + np.exp(-odds))).astype(np.float32)

    def _by_words(self, topic: str, papers: Papers) -> NDArray[np.float64]:
        """Log-odds from mentions and nearness in meaning, [n]."""
        forms = _Forms.of(topic)
        meaning = np.clip(self._meaning(topic, papers.vectors), -3, 5)
        odds = np.full(len(papers.papers), _NONE)
        for position in forms.candidates(papers):
            words = papers.said[position]
            mention = forms.mention(words)
            if mention is not None:
                odds[position] = mention + _MEANING * meaning[position]
            elif forms.is_near(words):
                odds[position] = _NEAR + _NEAR_MEANING * meaning[position]
        return odds

    def _meaning(self, topic: str, vectors: Vectors) -> Scores:
        """How much nearer each paper is to a topic than papers at large, in their standard deviations, [n]."""
        wanted = self._index.encoder.encode([topic])[0]
        spread = float(np.sqrt(max(wanted @ self.known.covariance @ wanted, 0.0)))
        if spread < 1e-6:
            return np.zeros(len(vectors), np.float32)
        nearness: Scores = (vectors @ wanted - self.known.mean @ wanted) / np.float32(spread)
        return nearness

    def _by_field(
        self, codes: tuple[str, ...], by_words: NDArray[np.float64], titled: NDArray[np.bool_], papers: Papers
    ) -> NDArray[np.float64]:
        """Log-odds for the name of a field: the categories decide; what has none, its title or its likeness."""
        field = self._field(codes)
        placed = np.array([bool(paper.categories) for paper in papers.papers], bool)
        within = np.array([not set(codes).isdisjoint(paper.categories) for paper in papers.papers], bool)
        outside = np.where(titled, by_words, _OUTSIDE)
        likely = by_words
        if field:
            likeness = field.odds(papers.vectors)
            likely = np.where(titled, np.maximum(by_words, likeness), likeness)
        return np.where(placed, np.where(within, _IN_TITLE, outside), likely)

    def _field(self, codes: tuple[str, ...]) -> "_Field | None":
        if codes not in self._fields:
            members = self._index.match_words({}, len(self._index), filters=Filters(categories=codes)).rows
            enough = len(members) >= _FEWEST
            self._fields[codes] = _Field(self._index, members, self._placed, self.known) if enough else None
        return self._fields[codes]

    @cached_property
    def _placed(self) -> Rows:
        """The papers that have a category: of the others nobody knows whether they are of a field."""
        archives = tuple(code for code in self._index.values("category") if "." not in code)
        return self._index.match_words({}, len(self._index), filters=Filters(categories=archives)).rows


class _Forms:
    """The forms in which a topic may stand in a paper."""

    def __init__(self, words: Sequence[str]) -> None:
        self._whole = _joined(words)
        self._words = words

    @classmethod
    def of(cls, topic: str) -> "_Forms":
        return cls(folded(topic))

    def candidates(self, papers: Papers) -> set[int]:
        """The papers (positions) that may have a form of the topic; all others have none."""
        if not self._words:
            return set()
        nowhere: set[int] = set()
        letters = "".join(self._words)
        parted = papers.glued(letters)
        initials = "".join(word[0] for word in self._words)
        shortened = papers.holding.get(initials, nowhere) | papers.holding.get(f"{initials}s", nowhere)
        return set.intersection(*(papers.holding.get(word, nowhere) for word in self._words)) | parted | shortened

    def titled(self, papers: Papers) -> NDArray[np.bool_]:
        """Which papers' titles mention the topic, [n]."""
        return np.array([self._whole in words.title for words in papers.said], bool)

    def mention(self, words: Said) -> float | None:
        """Log-odds by how prominently a paper mentions the topic itself; None where it does not."""
        if self._whole in words.title:
            return _IN_TITLE
        count = words.abstract.count(self._whole)
        return None if not count else _ONCE if count == 1 else _OFTEN

    def is_near(self, words: Said) -> bool:
        """Whether a title has the topic in another form, or the text its acronym more than once."""
        if len(self._words) > 1 and all(f" {word} " in words.title for word in self._words):
            return True
        return self._is_parted(words.title) or self._is_shortened(words.written)

    def _is_parted(self, title: str) -> bool:
        """Whether a title has the topic with its words joined or parted: `pretraining` and `pre training`."""
        letters, glued = "".join(self._words), title.replace(" ", "")
        if len(letters) <= 4 or letters not in glued:
            return False
        ends = list(accumulate(map(len, title.split()), initial=0))
        return any(glued.startswith(letters, start) and start + len(letters) in ends for start in ends)

    def _is_shortened(self, written: str) -> bool:
        """Whether a text has the first letters of three words or more, as `GAN` and `GANs`, more than once."""
        letters = "".join(word[0] for word in self._words).upper()
        return len(letters) > 2 and written.count(letters) > 1 and len(re.findall(rf"\b{letters}s?\b", written)) > 1


class _Field:
    """What the papers of a field are like: linear discriminant analysis, and the share of the nearest papers.

    The odds are even at the score from which on the F of the field is best (`_BETA`; Yang's SCut, 2001), not where one
    paper in two is a member: for a rare field no score is that high.
    """

    def __init__(self, index: PaperIndex, members: Rows, placed: Rows, known: Background) -> None:
        others = np.setdiff1d(placed, members)
        sampled = _spread(members, _SAMPLE), _spread(others, 2 * _SAMPLE)
        self._index, self._known = index, known
        self._rows = np.concatenate(sampled)
        self._is_member = np.arange(len(self._rows)) < len(sampled[0])
        self._stands_for = np.where(
            self._is_member, len(members) / max(len(sampled[0]), 1), len(others) / max(len(sampled[1]), 1)
        )
        vectors = index.vectors(self._rows)
        self._direction = _towards(vectors[self._is_member], known)
        along = _unseen_scores(vectors, self._is_member, known)
        self._floor = float(np.quantile(along[self._is_member], _HOPELESS))
        self._centre = float(np.average(along, weights=self._stands_for))
        self._spread = float(np.sqrt(np.average((along - self._centre) ** 2, weights=self._stands_for))) or 1.0
        self._slope, self._cut = self._calibrated(vectors, along)

    def odds(self, vectors: Vectors) -> NDArray[np.float64]:
        """Log-odds that papers without categories are of the field, [n]."""
        along = vectors @ self._direction
        hopeful = along >= self._floor
        odds = np.full(len(vectors), -_MOST_ODDS)
        if hopeful.any():
            share = self._share_of_nearest(vectors[hopeful], self._index.vectors(self._rows))
            score = self._score(along[hopeful], share)
            odds[hopeful] = np.clip(self._slope * (score - self._cut), -_MOST_ODDS, _MOST_ODDS)
        return odds

    def _calibrated(self, vectors: Vectors, along: Scores) -> tuple[float, float]:
        """Slope of the log-odds, and the score where they are even, from papers of the sample that have hope."""
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
        scores = self._score(along[rows], share)
        slope, _ = _logistic(scores, truth, weights / self._stands_for.sum() * len(self._rows))
        return max(slope, 0.0), _best_cut(scores, truth, weights)

    def _score(self, along: Scores, share: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far papers are along the direction and how many of the nearest are members, in deviations of papers."""
        score: NDArray[np.float64] = (along - self._centre) / self._spread + _NEAREST_WEIGHT * share / self._usual_share
        return score

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


def _best_cut(scores: NDArray[np.floating], truth: NDArray[np.bool_], weights: NDArray[np.float64]) -> float:
    """The score from which on calling papers members gives the best F (`_BETA`), each paper counting by its weight."""
    order = np.argsort(-scores)
    hits = np.cumsum((weights * truth)[order])
    called = np.cumsum(weights[order])
    return float(scores[order[(hits / (called + _BETA**2 * hits[-1])).argmax()]])


def _logistic(
    scores: NDArray[np.floating], truth: NDArray[np.bool_], weights: NDArray[np.float64]
) -> tuple[float, float]:
    """Slope and intercept of the log-odds as a line of scores, by Newton's method (Platt, 1999)."""
    centre, spread = float(scores.mean()), float(scores.std()) or 1.0
    features = np.stack([(scores - centre) / spread, np.ones(len(scores))], axis=1).astype(np.float64)
    line = np.array([1.0, -3.0])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-np.clip(features @ line, -30, 30)))
        slope = features.T @ (weights * (truth - chance)) - 1e-3 * line
        bend = (features * (weights * chance * (1 - chance))[:, None]).T @ features + 1e-3 * np.eye(2)
        line = line + np.linalg.solve(bend, slope)
    return float(line[0] / spread), float(line[1] - line[0] * centre / spread)
