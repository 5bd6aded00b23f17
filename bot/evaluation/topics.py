"""The sets of topics: which papers are about each, by what their authors say."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bot.bootstrap import open_index
from bot.domain.categories import called
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.engine.profile import background
from bot.engine.records import AuthorRecords
from bot.engine.topics import MATCH, Papers, TopicModel, folded, said
from bot.errors import UserError
from bot.evaluation.metrics import estimate
from bot.evaluation.sets import Corpus, lines
from bot.ports import PaperIndex, Scores, StoredPaper, Vectors

Names = frozenset[str]
Decide = Callable[[str], Names]
"""A topic -> the papers that are about it."""

_NEAR = 0.55
_FEWEST = 15
"""Papers of a category, hidden or shown, that make it a topic to measure."""


class Score(NamedTuple):
    """How well the papers said to be about one topic are those that are."""

    precision: float
    recall: float
    f1: float


class Bin(NamedTuple):
    """Of how many pairs of a topic and a paper the probability lies between two tenths, and what came true."""

    pairs: int
    probability: float
    share: float


@dataclass(frozen=True, slots=True)
class TopicReport:
    """The papers said to be about each topic, by the engine and by the baselines, and those that are."""

    topics: Mapping[str, str]
    engine: Mapping[str, Names]
    baselines: Mapping[str, Mapping[str, Names]]
    about: Mapping[str, Names]
    unjudged: Mapping[str, Names]
    reliability: Sequence["Bin"] = ()

    def scores(self, answers: Mapping[str, Names]) -> list[Score]:
        """Precision, recall and F1 of each topic; papers that are not judged do not count."""
        return [
            score(answers[topic] - self.unjudged.get(topic, frozenset()), self.about[topic]) for topic in self.topics
        ]

    def summary(self) -> dict[str, Any]:
        """Means over topics, the interval of the F1, and every baseline with the difference of its F1."""
        own = self.scores(self.engine)
        known = estimate([each.f1 for each in own])
        return {
            **_means(own),
            "topics": len(own),
            "interval": [round(known.low, 4), round(known.high, 4)],
            "baselines": {name: self._against(own, self.scores(them)) for name, them in self.baselines.items()},
            "reliability": [each._asdict() for each in self.reliability],
        }

    def _against(self, own: Sequence[Score], theirs: Sequence[Score]) -> dict[str, Any]:
        known = estimate([a.f1 - b.f1 for a, b in zip(own, theirs, strict=True)])
        return {**_means(theirs), "difference": [round(value, 4) for value in known]}


def score(found: Names, wanted: Names) -> Score:
    """Precision, recall and F1 of some papers; nothing found has a precision of 0."""
    hits = len(found & wanted)
    precision, recall = hits / max(len(found), 1), hits / max(len(wanted), 1)
    return Score(precision, recall, 2 * precision * recall / (precision + recall) if hits else 0.0)


def _means(scores: Sequence[Score]) -> dict[str, float]:
    means = np.mean(np.array(scores).reshape(-1, 3), axis=0)
    return {name: round(float(mean), 4) for name, mean in zip(Score._fields, means, strict=True)}


def topics(directory: Path) -> TopicReport:
    """Topics as authors write them -> the papers that are about them."""
    named = {each["_id"]: each["text"] for each in lines(directory / "topics.jsonl", "_id", "text")}
    about, unjudged = _judged(directory / "about.tsv")
    named = {topic: text for topic, text in named.items() if topic in about}
    with Corpus(directory) as corpus:
        papers = list(corpus.papers.values())
        compared = _Compared(corpus.index, list(corpus.papers), papers)
        deciders = {"phrase": compared.phrase, "all_words": compared.all_words, "words_or_meaning": compared.either}
        return TopicReport(
            named,
            {topic: compared.engine(text) for topic, text in named.items()},
            {name: {topic: decide(text) for topic, text in named.items()} for name, decide in deciders.items()},
            about,
            unjudged,
        )


def _judged(path: Path) -> tuple[dict[str, Names], dict[str, Names]]:
    """The papers that are about each topic, and those nobody judged. Raises UserError when there is no such file."""
    if not path.exists():
        raise UserError(f"There is no {path}.")
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: {"1": set(), "unjudged": set()})
    with path.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            found[row["topic-id"]].setdefault(row["about"], set()).add(row["paper-id"])
    about = {topic: frozenset(papers["1"]) for topic, papers in found.items() if papers["1"]}
    return about, {topic: frozenset(papers["unjudged"]) for topic, papers in found.items()}


class _Compared:
    """The same papers, decided about in several ways."""

    def __init__(
        self, index: PaperIndex, names: Sequence[str], papers: Sequence[Paper], shown: Sequence[Paper] = ()
    ) -> None:
        """`shown` are the papers in the index before these: their authors are known."""
        rows = np.arange(len(shown) + 1, len(shown) + 1 + len(papers))
        self._index = index
        self._names = names
        self._known: dict[str, Scores] = {}
        self._papers = Papers(papers, [said(paper) for paper in papers], index.vectors(rows))
        self._terms = [set(index.analyze(paper.text)) for paper in papers]
        records = AuthorRecords((row, paper.authors, 0) for row, paper in enumerate(shown, start=1))
        self._model = TopicModel(index, background(index), records)

    def engine(self, topic: str) -> Names:
        """Papers whose probability is at least one half: those that posts keep."""
        return self.kept(self.probabilities(topic) >= MATCH)

    def likeliest(self, topic: str) -> Names:
        """So many of the likeliest papers as are expected, by their probabilities, to have the best F1."""
        chances = self.probabilities(topic).astype(np.float64)
        order = np.argsort(-chances)
        expected = np.cumsum(chances[order]) / (np.arange(1, len(order) + 1) + chances.sum())
        return self.kept(np.isin(np.arange(len(order)), order[: expected.argmax() + 1]))

    def probabilities(self, topic: str) -> Scores:
        """How probable it is that each paper is about a topic, [n]."""
        if topic not in self._known:
            self._known[topic] = self._model.probabilities(topic, self._papers)
        return self._known[topic]

    def reliability(self, about: Mapping[str, Names]) -> list[Bin]:
        """What comes true of probabilities, by tenths, of all topics together."""
        chances = np.concatenate([self.probabilities(topic) for topic in about])
        true = np.array([name in wanted for wanted in about.values() for name in self._names], bool)
        tenth = np.minimum((chances * 10).astype(np.int64), 9)
        bins = [(chances[tenth == each], true[tenth == each]) for each in range(10)]
        return [
            Bin(len(those), round(float(those.mean()), 3), round(float(came.mean()), 3))
            for those, came in bins
            if len(those)
        ]

    def phrase(self, topic: str) -> Names:
        """Papers with the topic's words side by side, singular or plural."""
        whole = f" {' '.join(folded(topic))} "
        return self.kept(whole in words.title or whole in words.abstract for words in self._papers.said)

    def all_words(self, topic: str) -> Names:
        """Papers with all of the topic's words, stemmed."""
        terms = set(self._index.analyze(topic))
        return self.kept(terms <= each for each in self._terms)

    def either(self, topic: str) -> Names:
        """Papers with all of the words, with half of them, or near enough in meaning: how posts used to decide."""
        terms = set(self._index.analyze(topic))
        share = np.array([len(terms & each) / max(len(terms), 1) for each in self._terms])
        near = self.nearness(topic) >= _NEAR * 3 / 4
        return self.kept((share > 0.99) | near)

    def nearness(self, topic: str) -> Scores:
        """The cosine of each paper with a topic, [n]."""
        wanted: Vectors = self._index.encoder.encode([topic])[0]
        return self._papers.vectors @ wanted

    def kept(self, kept: Iterable[Any]) -> Names:
        """The names of the papers that are marked."""
        return frozenset(name for name, keep in zip(self._names, kept, strict=True) if keep)


def categories(path: Path, most: int, folder: Path, *, whole: bool = False) -> TopicReport:
    """Names of arXiv's categories -> the papers in them, for every second of a sample, whose categories are hidden.

    The other half is what the names are learned from; with `whole`, so is all of the file beside the sample. At most
    `most` papers are in the sample, spread over the file. The index is made in `folder`. The engine's are as many of
    the likeliest papers as its probabilities expect to have the best F1; posts keep fewer, from even odds on.
    """
    papers = [_paper(record) for record in lines(path, "id", "title", "abstract", "categories")]
    sampled = range(len(papers))[:: max(1, len(papers) // most)][:most]
    asked = set(sampled[1::2])
    hidden = [papers[place] for place in sampled[1::2]]
    shown = [papers[place] for place in (range(len(papers)) if whole else sampled) if place not in asked]
    index = open_index(folder)
    with index.writer(bulk=True) as writer:
        bare = [replace(paper, categories=()) for paper in hidden]
        writer.add([StoredPaper(row, row, paper) for row, paper in enumerate([*shown, *bare], start=1)])
        writer.commit()
    compared = _Compared(index, [str(paper.id) for paper in bare], bare, shown)
    named = _measured(shown, hidden)
    deciders = {
        "in_posts": compared.engine,
        "phrase": compared.phrase,
        "all_words": compared.all_words,
        "meaning": _best_threshold(compared, named),
    }
    return TopicReport(
        {name: name for name in named},
        {name: compared.likeliest(name) for name in named},
        {label: {name: decide(name) for name in named} for label, decide in deciders.items()},
        named,
        {},
        compared.reliability(named) if named else (),
    )


def _best_threshold(compared: _Compared, named: Mapping[str, Names]) -> Decide:
    """The papers whose cosine is above the one threshold that suits all the topics best: more than one could know."""
    scores = {name: compared.nearness(name) for name in named}

    def at(threshold: float) -> Decide:
        return lambda name: compared.kept(scores[name] >= threshold)

    def f1(threshold: float) -> float:
        return sum(score(at(threshold)(name), wanted).f1 for name, wanted in named.items())

    return at(max(np.arange(0.1, 0.6, 0.05).tolist(), key=f1))


def _paper(record: Mapping[str, Any]) -> Paper:
    given = record["categories"]
    codes = given.split() if isinstance(given, str) else given
    return Paper(
        id=PaperId(f"eval:{record['id']}"),
        title=record["title"],
        abstract=record["abstract"],
        authors=tuple(record.get("authors", ())),
        categories=tuple(codes),
    )


def _measured(shown: Sequence[Paper], hidden: Sequence[Paper]) -> dict[str, Names]:
    """Names of categories that are in both halves often enough -> the hidden papers in them."""
    named: dict[str, set[str]] = defaultdict(set)
    known: dict[str, set[str]] = defaultdict(set)
    for half, found in ((hidden, named), (shown, known)):
        for paper in half:
            for code in paper.categories:
                if called(code):
                    found[called(code)].add(str(paper.id))
    return {
        name: frozenset(papers)
        for name, papers in sorted(named.items())
        if min(len(papers), len(known[name])) >= _FEWEST
    }
