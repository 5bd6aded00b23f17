"""The set of digest moments: what is known then, ranked by how the votes will end."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper, Signal, SignalKind
from bot.engine.prior import SETTLED, Prior
from bot.engine.trending import Reading, rank, read
from bot.evaluation.baselines import VOTE_RULES, by_rule
from bot.evaluation.report import Answers, EvaluationReport
from bot.evaluation.sets import Feedback, Ranked, lines
from bot.ports import Encoder, Vectors

_FEWEST = 10
"""New papers that a moment needs to be scored."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Rankings of every moment in order, and a report for each track of those that are scored."""

    rankings: Sequence[Mapping[str, Any]]
    reports: Mapping[str, EvaluationReport]
    milliseconds: float
    """For one moment."""


def trending(cases: Path, encoder: Encoder, *, hide_votes: bool) -> Moments:
    """Rank every moment with what was known by then; `hide_votes` shows nobody the votes of what is ranked."""
    finals = _finals(cases)
    stream = _Stream(encoder, hide_votes=hide_votes)
    tracks: dict[str, _Track] = {}
    rankings = []
    started = perf_counter()
    for case in lines(cases, "t", "track", "new", "updates", "candidates"):
        ranked = stream.ranked(case)
        rankings.append({"t": case["t"], "track": case["track"], "ids": [paper_id for paper_id, _ in ranked]})
        gains = {paper_id: finals[paper_id] for paper_id in case["new"] if paper_id in finals}
        if len(gains) >= _FEWEST:
            tracks.setdefault(case["track"], _Track()).add(case["t"], gains, ranked, stream.by_rules())
    milliseconds = 1000 * (perf_counter() - started) / max(len(rankings), 1)
    return Moments(rankings, {name: track.report() for name, track in tracks.items()}, milliseconds)


@dataclass(slots=True)
class _Track:
    """The scored moments of one time of day; of the rankings only new papers count."""

    judged: Feedback = field(default_factory=dict)
    engine: dict[str, Ranked] = field(default_factory=dict)
    baselines: dict[str, dict[str, Ranked]] = field(default_factory=lambda: {name: {} for name in VOTE_RULES})

    def add(self, moment: str, gains: dict[str, float], ranked: Ranked, others: Mapping[str, Ranked]) -> None:
        self.judged[moment] = gains
        self.engine[moment] = [item for item in ranked if item[0] in gains]
        for name, theirs in others.items():
            self.baselines[name][moment] = [item for item in theirs if item[0] in gains]

    def report(self) -> EvaluationReport:
        baselines = {name: Answers(rankings) for name, rankings in self.baselines.items()}
        return EvaluationReport(Answers(self.engine), baselines, self.judged, ("ndcg@5", "p@5"), "days")


class _Stream:
    """Digest moments read in time order: each is ranked with what was known by then, and nothing later."""

    def __init__(self, encoder: Encoder, *, hide_votes: bool) -> None:
        self._encoder = encoder
        self._hide_votes = hide_votes
        self._prior = Prior()
        self._count: dict[str, int] = {}
        self._open: dict[PaperId, tuple[Paper, Vectors]] = {}
        self._now = datetime.min
        self._papers: list[Paper] = []
        self._readings: list[Reading] = []

    def ranked(self, case: Mapping[str, Any]) -> Ranked:
        """The candidates of the next moment, best first."""
        self._now = _moment(case["t"])
        self._count |= {paper_id: count for paper_id, _, count in case["updates"]}
        self._learn_settled()
        self._papers = [_candidate(fields) for fields in case["candidates"]]
        readings = [read(_signals(fields), self._now) for fields in case["candidates"]]
        self._readings = [_hidden(reading) for reading in readings] if self._hide_votes else readings
        vectors = np.array([self._vector(paper) for paper in self._papers], np.float32)
        prior = self._prior.expect(self._papers, vectors)
        self._note_counts(readings)
        return [(trend.paper.id, trend.expected) for trend in rank(self._papers, self._readings, self._now, prior)]

    def by_rules(self) -> dict[str, Ranked]:
        """The same candidates in the order of each baseline, which sees what the engine saw."""
        ordered = {name: by_rule(rule, self._papers, self._readings, self._now) for name, rule in VOTE_RULES.items()}
        return {name: [(paper.id, 0.0) for paper in papers] for name, papers in ordered.items()}

    def _vector(self, paper: Paper) -> Vectors:
        if paper.id not in self._open:
            self._open[paper.id] = (paper, self._encoder.encode_papers([paper.title], [paper.abstract])[0])
        return self._open[paper.id][1]

    def _note_counts(self, readings: Sequence[Reading]) -> None:
        for paper, reading in zip(self._papers, readings, strict=True):
            if reading.upvotes is not None:
                self._count[paper.id] = reading.upvotes

    def _learn_settled(self) -> None:
        settled = [entry for entry in self._open.values() if self._now - _first_seen(entry[0]) > SETTLED]
        for paper, _ in settled:
            del self._open[paper.id]
        known = sorted((e for e in settled if e[0].id in self._count), key=lambda entry: _first_seen(entry[0]))
        vectors = np.array([vector for _, vector in known], np.float32)
        self._prior.learn([paper for paper, _ in known], vectors, [self._count[paper.id] for paper, _ in known])


def _hidden(reading: Reading) -> Reading:
    """A reading without all that people did about the paper."""
    return replace(reading, upvotes=None, upvotes_at=None, upvotes_day_before=None, comments=None, rank=None)


def _first_seen(paper: Paper) -> datetime:
    assert paper.first_seen is not None  # as every candidate has it
    return paper.first_seen


def _candidate(fields: Mapping[str, Any]) -> Paper:
    return Paper(
        id=PaperId(fields["id"]),
        title=fields["title"],
        abstract=fields["abstract"],
        authors=tuple(fields["authors"]),
        first_seen=_moment(fields["first_seen"]),
        organization=fields["organization"] or "",
        submitted_by=fields["submitted_by"] or "",
        code=fields.get("github_repo") or "",
    )


def _signals(fields: Mapping[str, Any]) -> list[Signal]:
    return sorted(_read_signals(fields), key=lambda signal: signal.at)


def _read_signals(fields: Mapping[str, Any]) -> Iterator[Signal]:
    paper_id = PaperId(fields["id"])
    for at, count in fields["upvotes_history"]:
        yield Signal(paper_id, SignalKind.UPVOTES, _moment(at), count)
    for at, place, *_ in fields["page_ranks"]:
        yield Signal(paper_id, SignalKind.RANK, _moment(at), place)


def _moment(iso: str) -> datetime:
    return datetime.fromisoformat(iso)


def _finals(cases: Path) -> dict[str, float]:
    """How the votes ended, from the labels beside the cases; empty when they are kept elsewhere."""
    beside = cases.with_name(cases.name.replace("cases", "labels"))
    if beside == cases or not beside.exists():
        return {}
    return {label["id"]: label["final"] for label in lines(beside, "id", "final")}
