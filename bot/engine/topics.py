"""How probable it is that a paper is about a topic: from its words, its meaning, and the fields that papers are in.

A mention of the topic itself tells most: its words side by side, whatever their number, hyphens and case. Near forms
(written as one word or as several, an acronym, the words apart in the title) count where the meaning agrees. The name
of a field (`robotics`) means the field: a paper's categories, or where it has none, what papers in them are like.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import accumulate
from operator import and_
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.domain.categories import codes_of
from bot.domain.papers import Paper
from bot.domain.words import normalized
from bot.engine.membership import Membership
from bot.engine.profile import Background
from bot.engine.records import AuthorRecords
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

_TITLED = 0.2
"""Log-odds of a paper without categories whose title has the name of a field: 106 of 193 were in it."""

_FEWEST_PARTED = 5
"""Letters of a topic from which on it is found with its words joined or parted."""

_FEWEST = 10
"""Papers of a field from which one can learn what it covers."""

_NOWHERE: frozenset[int] = frozenset()

_WORD = re.compile(r"[a-z0-9]+")
_ACRONYM = re.compile(r"\b([A-Z0-9]{3,})s?\b")
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
        return _holders({*words.title.split(), *words.abstract.split()} for words in self.said)

    @cached_property
    def titled(self) -> Mapping[str, set[int]]:
        """Which papers (positions) have a word in their titles."""
        return _holders(words.title.split() for words in self.said)

    @cached_property
    def begun(self) -> Mapping[str, list[tuple[int, str]]]:
        """The first `_FEWEST_PARTED` letters of what a title has from one of its words on, without spaces -> the papers
        (positions) and all that is there.
        """
        found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for position, words in enumerate(self.said):
            for rest in _from_each_word(words.title):
                found[rest[:_FEWEST_PARTED]].append((position, rest))
        return found

    @cached_property
    def shortened(self) -> Mapping[str, set[int]]:
        """Which papers (positions) have an acronym of three letters or more, as `GAN` and `GANs`, more than once."""
        counts = (Counter(_ACRONYM.findall(words.written)) for words in self.said)
        return _holders([acronym for acronym, count in each.items() if count > 1] for each in counts)

    @cached_property
    def nowhere(self) -> Scores:
        """How probable it is that each paper is about a topic of which none has a form, [n]: one array for all."""
        scores = np.full(len(self.papers), _probability(np.array(_NONE)), np.float32)
        scores.flags.writeable = False
        return scores


def _holders(pieces: Iterable[Iterable[str]]) -> Mapping[str, set[int]]:
    """Piece -> the positions of those that have it."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for position, its in enumerate(pieces):
        for piece in its:
            found[piece].add(position)
    return found


def _from_each_word(title: str) -> Iterator[str]:
    """What a title has from each of its words on, written without spaces."""
    words = title.split()
    return ("".join(words[place:]) for place in range(len(words)))


class TopicModel:
    """Tells what papers are about, with the words, the meaning and the fields of the papers of one index.

    `records` say what authors have written.
    """

    def __init__(self, index: PaperIndex, known: Background, records: AuthorRecords) -> None:
        self._index = index
        self.known = known
        self.records = records
        self._fields: dict[tuple[str, ...], Membership | None] = {}

    def probabilities(self, topic: str, papers: Papers) -> Scores:
        """How probable it is that each paper is about a topic in words, [n]."""
        forms = _Forms.of(topic)
        weighed = forms.weighed(papers)
        codes = codes_of(topic)
        if not weighed and not codes:
            return papers.nowhere
        odds = np.full(len(papers.papers), _NONE)
        if weighed:
            places = np.fromiter(weighed, np.int64)
            base, slope = np.array(list(weighed.values())).T
            odds[places] = base + slope * np.clip(self._meaning(topic, papers.vectors[places]), -3, 5)
        return _probability(self._by_field(codes, odds, forms.titled(papers), papers) if codes else odds)

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
            likeness = field.odds(papers.papers, papers.vectors)
            likely = np.where(titled, np.maximum(_TITLED, likeness), likeness)
        return np.where(placed, np.where(within, _IN_TITLE, outside), likely)

    def _field(self, codes: tuple[str, ...]) -> Membership | None:
        if codes not in self._fields:
            members = self._index.match_words({}, len(self._index), filters=Filters(categories=codes)).rows
            enough = len(members) >= _FEWEST
            self._fields[codes] = self._learned(members) if enough else None
        return self._fields[codes]

    def _learned(self, members: Rows) -> Membership:
        return Membership(self._index, members, self._placed, self.known, self.records)

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
        self._letters = "".join(words)
        self._acronym = "".join(word[0] for word in words).upper()

    @classmethod
    def of(cls, topic: str) -> "_Forms":
        return cls(folded(topic))

    def weighed(self, papers: Papers) -> dict[int, tuple[float, float]]:
        """Log-odds by how each paper (position) has the topic, and what nearness in meaning adds; others have no form
        of it."""
        found = dict.fromkeys(self._near(papers), (_NEAR, _NEAR_MEANING))
        for position in _with_all(self._words, papers.holding):
            words = papers.said[position]
            if self._whole in words.title:
                found[position] = (_IN_TITLE, _MEANING)
            elif count := words.abstract.count(self._whole):
                found[position] = (_ONCE if count == 1 else _OFTEN, _MEANING)
        return found

    def titled(self, papers: Papers) -> NDArray[np.bool_]:
        """Which papers' titles mention the topic, [n]."""
        return np.array([self._whole in words.title for words in papers.said], bool)

    def _near(self, papers: Papers) -> Set[int]:
        """The papers (positions) that have the acronym, or in their titles the words apart, joined or parted."""
        apart = _with_all(self._words, papers.titled) if len(self._words) > 1 else _NOWHERE
        begun = papers.begun.get(self._letters[:_FEWEST_PARTED], ())
        found = (position for position, rest in begun if rest.startswith(self._letters))
        parted = {position for position in found if self._is_parted(papers.said[position].title)}
        return papers.shortened.get(self._acronym, _NOWHERE) | apart | parted

    def _is_parted(self, title: str) -> bool:
        """Whether a title has the topic with its words joined or parted: `pretraining` and `pre training`."""
        letters, glued = self._letters, title.replace(" ", "")
        if len(letters) < _FEWEST_PARTED:
            return False
        ends = list(accumulate(map(len, title.split()), initial=0))
        return any(glued.startswith(letters, start) and start + len(letters) in ends for start in ends)


def _with_all(words: Sequence[str], holding: Mapping[str, Set[int]]) -> Set[int]:
    """Those that have all of some words; none without words."""
    rarest, *others = sorted((holding.get(word, _NOWHERE) for word in words), key=len) or [_NOWHERE]
    return reduce(and_, others, rarest)


def _probability(odds: NDArray[np.float64]) -> Scores:
    """Probabilities of log-odds."""
    return (1 / (1 + np.exp(-odds))).astype(np.float32)
