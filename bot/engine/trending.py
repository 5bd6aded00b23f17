"""How interesting a paper will turn out to be, from what is known of it so far, and in words why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from bot.papers import Paper, PaperId, Signal, SignalKind

Floats = NDArray[np.float64]

HALF_VOTED = 11.0
"""Hours after which a paper has about half of the upvotes it will ever get: share(h) = h / (h + HALF_VOTED)."""

EVIDENCE = 2.0
"""How many upvotes the prior is worth."""

AGE_CORRECTION = 0.5
"""Exponent on the share of votes already in: 1 would correct for age fully, 0 not at all."""

_SHRINKAGE = 4.0
"""How many papers the overall mean is worth against an author's or organisation's own record."""


def expected_votes(votes: Floats, age: Floats, prior: Floats) -> Floats:
    """Upvotes each paper is expected to end with, [n].

    `votes` so far, [n], NaN where none are known; `age` in hours since the paper was first seen, [n]; `prior` in
    upvotes, [n]. With s the share of votes usually in at that age,

        expected = (votes + A) / (s^0.5 + A / prior)

    the posterior mean of a Gamma prior worth A votes under a Poisson count, with the age only half corrected: a
    young paper can still be posted tomorrow. Without votes it is the prior.
    """
    share = np.maximum(age, 0.0) / (np.maximum(age, 0.0) + HALF_VOTED)
    prior = np.maximum(prior, 0.5)
    expected = (votes + EVIDENCE) / (share**AGE_CORRECTION + EVIDENCE / prior)
    return np.where(np.isnan(votes), prior, expected)


@dataclass(slots=True)
class _Tally:
    count: int = 0
    total: float = 0.0


class Prior:
    """What papers of the same authors, organisation and submitter came to before.

    Means are taken over log(1 + votes) and shrunk towards the mean of all papers.
    """

    def __init__(self) -> None:
        self._overall = _Tally()
        self._records: dict[tuple[str, str], _Tally] = defaultdict(_Tally)

    def learn(self, paper: Paper, votes: float) -> None:
        """Take in how many votes a paper ended with."""
        gained = float(np.log1p(votes))
        for tally in (self._overall, *(self._records[key] for key in _keys(paper))):
            tally.count += 1
            tally.total += gained

    def expect(self, paper: Paper) -> float:
        """Upvotes to expect of a paper of which only its origin is known."""
        overall = self._overall.total / self._overall.count if self._overall.count else float(np.log1p(5.0))
        shifts = [self._shift(key, overall) for key in _keys(paper)]
        best = max(shifts, default=0.0)
        mean = sum(shifts) / len(shifts) if shifts else 0.0
        return float(np.expm1(overall + 0.5 * (best + mean)))

    def _shift(self, key: tuple[str, str], overall: float) -> float:
        tally = self._records.get(key)
        return (tally.total - tally.count * overall) / (tally.count + _SHRINKAGE) if tally else 0.0


def learned(papers: Iterable[Paper], series: Mapping[PaperId, Sequence[Signal]]) -> Prior:
    """A prior from papers and their signals: each paper's largest count of upvotes is what it came to."""
    prior = Prior()
    for paper in papers:
        votes = [signal.value for signal in series[paper.id] if signal.kind is SignalKind.UPVOTES]
        if votes:
            prior.learn(paper, max(votes))
    return prior


def _keys(paper: Paper) -> Iterable[tuple[str, str]]:
    if paper.organization:
        yield "organization", paper.organization.casefold()
    if paper.submitted_by:
        yield "submitter", paper.submitted_by.casefold()
    for author in paper.authors:
        yield "author", author.casefold()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the signals of one paper say at a moment; None where nothing was counted."""

    upvotes: int | None = None
    upvotes_day_before: int | None = None
    upvotes_at: datetime | None = None
    comments: int | None = None
    stars: int | None = None
    rank: int | None = None
    rank_at: datetime | None = None
    saves: int = 0
    """Saves by people here."""


def read(signals: Sequence[Signal], as_of: datetime, *, saves: int = 0) -> Reading:
    """The newest count of each kind at a moment, and the upvotes a day earlier. `signals` stand in order of time."""
    newest = {signal.kind: signal for signal in signals if signal.at <= as_of}
    day_before = [
        signal.value
        for signal in signals
        if signal.kind is SignalKind.UPVOTES and signal.at <= as_of - timedelta(days=1)
    ]
    upvotes, rank = newest.get(SignalKind.UPVOTES), newest.get(SignalKind.RANK)
    return Reading(
        upvotes=upvotes.value if upvotes else None,
        upvotes_at=upvotes.at if upvotes else None,
        upvotes_day_before=day_before[-1] if day_before else None,
        comments=newest[SignalKind.COMMENTS].value if SignalKind.COMMENTS in newest else None,
        stars=newest[SignalKind.STARS].value if SignalKind.STARS in newest else None,
        rank=rank.value if rank else None,
        rank_at=rank.at if rank else None,
        saves=saves,
    )


def votes_so_far(readings: Sequence[Reading]) -> Floats:
    """Upvotes of each paper, [n], NaN where unknown; a page order newer than a count raises it.

    Daily pages are ordered by upvotes, so the paper at rank r has about the r-th largest count of those listed.
    """
    counted = np.array([np.nan if r.upvotes is None else float(r.upvotes) for r in readings])
    listed = [i for i, r in enumerate(readings) if r.rank is not None]
    ladder = np.sort(counted[listed])[::-1]
    ladder = ladder[~np.isnan(ladder)]
    for i in listed:
        reading = readings[i]
        stale = reading.upvotes_at is None or (reading.rank_at is not None and reading.rank_at > reading.upvotes_at)
        if stale and len(ladder):
            implied = ladder[min((reading.rank or 1) - 1, len(ladder) - 1)]
            counted[i] = np.fmax(counted[i], implied)
    return counted


@dataclass(frozen=True, slots=True)
class Trend:
    """One paper's place: `expected` upvotes in the end, and what is known so far."""

    paper: Paper
    expected: float
    reading: Reading


SAVE_WORTH = 3.0
"""A save by somebody here says as much as this many upvotes by strangers."""


def rank(
    papers: Sequence[Paper], readings: Sequence[Reading], as_of: datetime, prior: Mapping[PaperId, float]
) -> list[Trend]:
    """Papers by expected final interest, best first; ties go to the younger paper, then by id."""
    if not papers:
        return []
    votes = votes_so_far(readings)
    saves = SAVE_WORTH * np.array([r.saves for r in readings], dtype=float)
    age = np.array([_age_hours(paper, as_of) for paper in papers])
    expected = expected_votes(votes, age, np.array([prior[paper.id] for paper in papers])) + saves
    order = sorted(range(len(papers)), key=lambda i: (-expected[i], age[i], papers[i].id))
    return [Trend(papers[i], float(expected[i]), readings[i]) for i in order]


def _age_hours(paper: Paper, as_of: datetime) -> float:
    if paper.first_seen:
        return max(0.0, (as_of - paper.first_seen) / timedelta(hours=1))
    if paper.published:
        return max(0.0, (as_of.date() - paper.published).days * 24.0)
    return 24.0 * 365


def explain(reading: Reading) -> str:
    """The signals in words: `▲ 83 upvotes, +41 today, ★ 1.2k, 3 saves here`; empty when nothing was counted."""
    parts = []
    if reading.upvotes is not None:
        parts.append(f"▲ {compact(reading.upvotes)} {plural(reading.upvotes, 'upvote')}")
        gained = reading.upvotes - (reading.upvotes_day_before or 0)
        if reading.upvotes_day_before is not None and gained > 0:
            parts.append(f"+{compact(gained)} today")
    if reading.stars:
        parts.append(f"★ {compact(reading.stars)}")
    if reading.comments:
        parts.append(f"{compact(reading.comments)} {plural(reading.comments, 'comment')}")
    if reading.saves:
        parts.append(f"{reading.saves} {plural(reading.saves, 'save')} here")
    return ", ".join(parts)


def plural(count: int, noun: str) -> str:
    """`upvote` or `upvotes`, as the count asks."""
    return noun if count == 1 else noun + "s"


def compact(count: int) -> str:
    """A count as people write it: 950, 1.2k, 34k, 1.1M."""
    for size, suffix in ((1_000_000, "M"), (1_000, "k")):
        if count >= size:
            value = count / size
            return f"{value:.1f}".rstrip("0").rstrip(".") + suffix if value < 10 else f"{value:.0f}{suffix}"
    return str(count)
