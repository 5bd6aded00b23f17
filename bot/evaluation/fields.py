"""The sets of fields nobody votes on: which of their papers were cited or saved most later."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.engine.fields import with_records
from bot.engine.prior import Prior
from bot.engine.records import REACH, AuthorRecords
from bot.engine.trending import Floats, Reading, rank
from bot.errors import UserError
from bot.evaluation.metrics import dcg, estimate, ndcg, recall
from bot.evaluation.sets import lines
from bot.ports import Encoder

DEPTH = 0.2
"""The share of a field's papers that is looked at."""

_BEST = 0.1
"""The share of a field's papers, those with the largest `later`, that should be found."""

_FEWEST = 20
"""Papers of a period of a field that are needed to measure it."""

ENGINE = "engine"
RANKERS = (ENGINE, "votes alone", "newest", "random")
"""`votes alone` is the engine without the records of authors."""

Record = Mapping[str, Any]


class Score(NamedTuple):
    """How well the best papers of a field are found: recall and nDCG among the first fifth."""

    recall: float
    ndcg: float


@dataclass(frozen=True, slots=True)
class FieldReport:
    """How well each ranker finds each field's best papers; `rankings` are the engine's, a field's periods in a row."""

    sizes: Mapping[str, int]
    scores: Mapping[str, Mapping[str, Score]]
    rankings: Mapping[str, Sequence[str]]

    def summary(self) -> dict[str, Any]:
        """Means over fields, the intervals of the engine's, and its leads over the others."""
        told: dict[str, Any] = {"fields": len(self.sizes), "papers": sum(self.sizes.values())}
        for at, metric in enumerate(("recall@20%", "ndcg@20%")):
            own = [score[at] for score in self.scores[ENGINE].values()]
            mean, low, high = estimate(own)
            baselines = {}
            for name in RANKERS[1:]:
                theirs = [score[at] for score in self.scores[name].values()]
                lead = estimate([one - other for one, other in zip(own, theirs, strict=True)])
                baselines[name] = {
                    "mean": round(estimate(theirs).mean, 4),
                    "difference": [round(value, 4) for value in lead],
                }
            told[metric] = {"mean": round(mean, 4), "interval": [round(low, 4), round(high, 4)], "baselines": baselines}
        return told

    def each(self) -> list[dict[str, Any]]:
        """A record for every field: recall and nDCG of every ranker."""
        return [
            {"_id": name, "papers": size}
            | {ranker: [round(value, 4) for value in self.scores[ranker][name]] for ranker in RANKERS}
            for name, size in self.sizes.items()
        ]


def fields(directory: Path, encoder: Encoder) -> FieldReport:
    """Papers of fields without votes, ranked by what is expected of them -> those cited or saved most later.

    `papers.jsonl.xz` has `id, title, abstract, authors, field, published` (a day) and `later`, a count; those of one
    `period`, where that is given, are ranked together. `voted.jsonl.xz` has `id, title, abstract, authors, upvotes` of
    earlier papers, the first ones first, which the prior is learned from. `earlier.jsonl.xz`, where there is one, has
    `authors, published` and `cited`, the days on which it was cited, of papers for the records of authors: of each
    period they hold what was known on the day of its first paper. Raises UserError where a record is wrong or no field
    has 20 papers.
    """
    groups: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in lines(directory / "papers.jsonl.xz", "id", "title", "abstract", "authors", "field", "later"):
        groups[record["field"], record.get("period", "")].append(record)
    measured = {key: groups[key] for key in sorted(groups) if len(groups[key]) >= _FEWEST and _best(groups[key])}
    if not measured:
        raise UserError(f"No field in {directory / 'papers.jsonl.xz'} has {_FEWEST} papers.")
    prior, history = _learned(directory / "voted.jsonl.xz", encoder), _History(directory / "earlier.jsonl.xz")
    tallies: defaultdict[str, _Tally] = defaultdict(_Tally)
    for (name, _), records in measured.items():
        tallies[name].add(records, _Expected(records, prior, history, encoder))
    return FieldReport(
        {name: tally.papers for name, tally in tallies.items()},
        {ranker: {name: tally.score(ranker) for name, tally in tallies.items()} for ranker in RANKERS},
        {name: tally.ranking for name, tally in tallies.items()},
    )


class _History:
    """Papers by day, for the records of authors at any day."""

    def __init__(self, path: Path) -> None:
        records = list(lines(path, "authors", "published", "cited")) if path.exists() else []
        self._records = sorted(records, key=lambda record: str(record["published"]))
        self._days = [str(record["published"]) for record in self._records]

    def records(self, day: date | None) -> AuthorRecords:
        """The records as they were on the morning of a day; without one nothing is known."""
        if day is None:
            return AuthorRecords(())
        first, last = (bisect_left(self._days, each.isoformat()) for each in (day - REACH, day))
        known = self._records[first:last]
        return AuthorRecords(
            (row, each["authors"], bisect_left(each["cited"], day.isoformat())) for row, each in enumerate(known)
        )


class _Expected:
    """What is expected of the papers of one period of a field, with and without the records of their authors."""

    def __init__(self, records: Sequence[Record], prior: Prior, history: _History, encoder: Encoder) -> None:
        self._papers = [_paper(record) for record in records]
        titles, abstracts = [paper.title for paper in self._papers], [paper.abstract for paper in self._papers]
        self._by_votes = prior.expect(self._papers, encoder.encode_papers(titles, abstracts))
        self._days = [paper.published for paper in self._papers if paper.published]
        known = history.records(min(self._days, default=None)).of(self._papers)
        self._with_records = with_records(self._by_votes, known, [""] * len(records), {""})

    def rankings(self) -> dict[str, list[str]]:
        """The set's ids, best first, by the engine and by votes alone."""
        return {ENGINE: self._ranked(self._with_records), "votes alone": self._ranked(self._by_votes)}

    def _ranked(self, expected: Floats) -> list[str]:
        as_of = datetime.combine(max(self._days, default=date.min), time(), UTC) + timedelta(days=1)
        trends = rank(self._papers, [Reading()] * len(self._papers), as_of, expected)
        return [trend.paper.id.removeprefix("eval:") for trend in trends]


@dataclass(slots=True)
class _Tally:
    """What was found of one field, over its periods; each counts by how many papers should be found."""

    papers: int = 0
    wanted: int = 0
    ranking: list[str] = field(default_factory=list)
    sums: dict[str, Score] = field(default_factory=lambda: dict.fromkeys(RANKERS, Score(0.0, 0.0)))

    def add(self, records: Sequence[Record], expected: _Expected) -> None:
        gains, depth = _best(records), max(1, round(DEPTH * len(records)))
        rankings = {**expected.rankings(), "newest": _newest_first(records)}
        found = {
            name: Score(recall(ranked, gains, depth), ndcg(ranked, gains, depth)) for name, ranked in rankings.items()
        }
        found["random"] = _by_chance(len(records), len(gains), depth)
        for name, score in found.items():
            self.sums[name] = Score(*(old + len(gains) * new for old, new in zip(self.sums[name], score, strict=True)))
        self.ranking += rankings[ENGINE]
        self.papers += len(records)
        self.wanted += len(gains)

    def score(self, ranker: str) -> Score:
        return Score(*(value / self.wanted for value in self.sums[ranker]))


def _by_chance(papers: int, wanted: int, depth: int) -> Score:
    """What is to be expected of any order."""
    discounts = float(np.sum(1 / np.log2(np.arange(depth) + 2)))
    return Score(depth / papers, wanted / papers * discounts / dcg([1.0] * min(wanted, depth)))


def _learned(path: Path, encoder: Encoder) -> Prior:
    """The prior, from papers whose votes ended."""
    records = list(lines(path, "id", "title", "abstract", "authors", "upvotes"))
    papers = [_paper(record) for record in records]
    vectors = encoder.encode_papers([paper.title for paper in papers], [paper.abstract for paper in papers])
    prior = Prior()
    prior.learn(papers, vectors, [record["upvotes"] for record in records])
    return prior


def _best(records: Sequence[Record]) -> dict[str, float]:
    """The tenth with the largest counts, of those that have any; of equals those that come first in the set."""
    best = sorted(records, key=lambda record: -record["later"])[: max(1, round(_BEST * len(records)))]
    return {str(record["id"]): 1.0 for record in best if record["later"] > 0}


def _newest_first(records: Sequence[Record]) -> list[str]:
    """The papers of a field by the day they were published; of equals those that come first in the set."""
    return [str(record["id"]) for record in sorted(records, key=lambda record: _day(record) or date.min, reverse=True)]


def _paper(record: Record) -> Paper:
    return Paper(
        id=PaperId(f"eval:{record['id']}"),
        title=record["title"],
        abstract=record["abstract"],
        authors=tuple(record["authors"]),
        published=_day(record),
    )


def _day(record: Record) -> date | None:
    """The day a paper was published. Raises UserError for what is no day."""
    try:
        return date.fromisoformat(record["published"]) if record.get("published") else None
    except (TypeError, ValueError):
        raise UserError(f"{record['id']}: published is {record['published']}, not a day such as 2026-01-31.") from None
