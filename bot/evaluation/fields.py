"""The sets of fields nobody votes on: which of their papers were cited or saved most later."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.engine.fields import standardised
from bot.engine.prior import Prior
from bot.engine.trending import Reading, rank
from bot.errors import UserError
from bot.evaluation.metrics import estimate, recall
from bot.evaluation.sets import lines
from bot.ports import Encoder, Vectors

DEPTH = 0.2
"""The share of a field's papers that is looked at."""

_BEST = 0.1
"""The share of a field's papers, those with the largest `later`, that should be found."""

_FEWEST = 20
"""Papers that a field needs to be measured."""

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FieldReport:
    """The recall of each field's best papers among the first fifth, by the engine, newest first, and at random."""

    sizes: Mapping[str, int]
    engine: Mapping[str, float]
    newest: Mapping[str, float]
    random: Mapping[str, float]
    rankings: Mapping[str, Sequence[str]]

    def summary(self) -> dict[str, Any]:
        """Means over fields, the interval of the engine's, and its lead over both baselines."""
        own = estimate(list(self.engine.values()))
        baselines = {"newest": self.newest, "random": self.random}
        return {
            "recall@20%": round(own.mean, 4),
            "fields": len(self.sizes),
            "papers": sum(self.sizes.values()),
            "interval": [round(own.low, 4), round(own.high, 4)],
            "baselines": {name: self._against(values) for name, values in baselines.items()},
        }

    def _against(self, theirs: Mapping[str, float]) -> dict[str, Any]:
        known = estimate([self.engine[field] - value for field, value in theirs.items()])
        mean = round(estimate(list(theirs.values())).mean, 4)
        return {"recall@20%": mean, "difference": [round(value, 4) for value in known]}

    def each(self) -> list[dict[str, Any]]:
        """A record for every field."""
        return [
            {"_id": field, "papers": self.sizes[field]}
            | {"recall@20%": self.engine[field], "newest": self.newest[field], "random": self.random[field]}
            for field in self.sizes
        ]


def fields(directory: Path, encoder: Encoder) -> FieldReport:
    """Papers of fields without votes, ranked by what is expected of them -> those cited or saved most later.

    `papers.jsonl.xz` has `id, title, abstract, authors, field, published` (a day) and `later`, a count;
    `voted.jsonl.xz` has `id, title, abstract, authors, upvotes` of earlier papers, the first ones first, which the
    prior is learned from. Raises UserError where a record is wrong or no field has 20 papers.
    """
    by_field: defaultdict[str, list[Record]] = defaultdict(list)
    for record in lines(directory / "papers.jsonl.xz", "id", "title", "abstract", "authors", "field", "later"):
        by_field[record["field"]].append(record)
    measured = {name: records for name, records in sorted(by_field.items()) if len(records) >= _FEWEST}
    if not measured:
        raise UserError(f"No field in {directory / 'papers.jsonl.xz'} has {_FEWEST} papers.")
    ranked = _ranked(measured, _learned(directory / "voted.jsonl.xz", encoder), encoder)
    gains = {name: _best(records) for name, records in measured.items()}
    sizes = {name: len(records) for name, records in measured.items()}
    depths = {name: max(1, round(DEPTH * size)) for name, size in sizes.items()}
    newest = {name: _newest_first(records) for name, records in measured.items()}
    return FieldReport(
        sizes,
        {name: recall(ranked[name], gains[name], depths[name]) for name in measured},
        {name: recall(newest[name], gains[name], depths[name]) for name in measured},
        {name: depths[name] / sizes[name] for name in measured},
        ranked,
    )


def _learned(path: Path, encoder: Encoder) -> Prior:
    """The prior, from papers whose votes ended."""
    records = list(lines(path, "id", "title", "abstract", "authors", "upvotes"))
    papers = [_paper(record) for record in records]
    prior = Prior()
    prior.learn(papers, _vectors(papers, encoder), [record["upvotes"] for record in records])
    return prior


def _ranked(measured: Mapping[str, Sequence[Record]], prior: Prior, encoder: Encoder) -> dict[str, list[str]]:
    """Each field's papers in the order of all, best first."""
    records = [record for each in measured.values() for record in each]
    field = {f"eval:{record['id']}": record["field"] for record in records}
    papers = [_paper(record) for record in records]
    expected = prior.expect(papers, _vectors(papers, encoder))
    expected = standardised(expected, [field[paper.id] for paper in papers])
    day = max((paper.published for paper in papers if paper.published), default=date.min)
    as_of = datetime.combine(day, time(), UTC) + timedelta(days=1)
    ranked: dict[str, list[str]] = {name: [] for name in measured}
    for trend in rank(papers, [Reading()] * len(papers), as_of, expected):
        ranked[field[trend.paper.id]].append(trend.paper.id.removeprefix("eval:"))
    return ranked


def _best(records: Sequence[Record]) -> dict[str, float]:
    """The tenth of a field's papers with the largest counts; of equals those that come first in the set."""
    best = sorted(records, key=lambda record: -record["later"])[: max(1, round(_BEST * len(records)))]
    return {str(record["id"]): 1.0 for record in best}


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


def _vectors(papers: Sequence[Paper], encoder: Encoder) -> Vectors:
    return encoder.encode_papers([paper.title for paper in papers], [paper.abstract for paper in papers])
