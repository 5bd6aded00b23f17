"""How much interest a paper will get, from what is known of it so far, and why, in words."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from bot.domain.counts import compact, plural
from bot.domain.papers import Paper, Signal, SignalKind

Floats = NDArray[np.float64]

HALF_VOTED = 11.0
"""Hours after which a paper has about half of the upvotes it will ever get: share(h) = h / (h + HALF_VOTED)."""

EVIDENCE = 2.0
"""How many upvotes the prior is worth."""

AGE_CORRECTION = 0.5
"""Exponent on the share of votes already in: 1 would correct for age fully, 0 not at all."""

SAVE_WORTH = 3.0
"""A save by somebody here counts as much as this many upvotes."""

COMMENT_WORTH = 0.5
"""A comment counts as much as this many upvotes."""

CITATION_WORTH = 2.0
"""Citations count as much as this many upvotes for each time that they, and one more, are e-fold."""

STAR_WORTH = 0.1
"""A star gained within a day counts as much as this many upvotes."""


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


@dataclass(frozen=True, slots=True)
class Reading:
    """What the signals of one paper say at a moment; None where nothing was counted."""

    upvotes: int | None = None
    upvotes_day_before: int | None = None
    upvotes_at: datetime | None = None
    comments: int | None = None
    stars: int | None = None
    stars_day_before: int | None = None
    rank: int | None = None
    rank_at: datetime | None = None
    citations: int | None = None
    saves: int = 0
    """Saves by people here."""

    @property
    def new_stars(self) -> int:
        """Stars gained within a day; 0 where that is not known."""
        known = self.stars is not None and self.stars_day_before is not None
        return max(0, (self.stars or 0) - (self.stars_day_before or 0)) if known else 0


def read(signals: Sequence[Signal], as_of: datetime, *, saves: int = 0) -> Reading:
    """The newest count of each kind at a moment, and the upvotes and stars a day earlier.

    `signals` are in order of time.
    """
    newest = {signal.kind: signal for signal in signals if signal.at <= as_of}
    day_before = {signal.kind: signal.value for signal in signals if signal.at <= as_of - timedelta(days=1)}
    counts = {kind: signal.value for kind, signal in newest.items()}
    upvotes, rank = newest.get(SignalKind.UPVOTES), newest.get(SignalKind.RANK)
    return Reading(
        upvotes=counts.get(SignalKind.UPVOTES),
        upvotes_at=upvotes.at if upvotes else None,
        upvotes_day_before=day_before.get(SignalKind.UPVOTES),
        comments=counts.get(SignalKind.COMMENTS),
        stars=counts.get(SignalKind.STARS),
        stars_day_before=day_before.get(SignalKind.STARS),
        rank=counts.get(SignalKind.RANK),
        rank_at=rank.at if rank else None,
        citations=counts.get(SignalKind.CITATIONS),
        saves=saves,
    )


def votes_so_far(readings: Sequence[Reading]) -> Floats:
    """Upvotes of each paper, [n], NaN where unknown; where a page is newer than a count, its order is used instead.

    Daily pages are ordered by upvotes, so the paper at rank r of a page has about the r-th largest count of those
    listed on it.
    """
    counted = np.array([np.nan if r.upvotes is None else float(r.upvotes) for r in readings])
    votes = counted.copy()
    pages: dict[datetime, list[int]] = defaultdict(list)
    for i, reading in enumerate(readings):
        if reading.rank is not None and reading.rank_at is not None:
            pages[reading.rank_at].append(i)
    for at, listed in pages.items():
        ladder = np.sort(counted[listed])[::-1]
        ladder = ladder[~np.isnan(ladder)]
        for i in listed:
            counted_at = readings[i].upvotes_at
            if len(ladder) and (counted_at is None or at > counted_at):
                votes[i] = ladder[min((readings[i].rank or 1) - 1, len(ladder) - 1)]
    return votes


@dataclass(frozen=True, slots=True)
class Trend:
    """A paper, its `expected` final interest in upvotes, and what is known so far."""

    paper: Paper
    expected: float
    reading: Reading
    forecast_reason: str = ""
    """Why much is expected of it although no vote is known."""


def rank(papers: Sequence[Paper], readings: Sequence[Reading], as_of: datetime, prior: Floats) -> list[Trend]:
    """Papers by expected final interest, best first; ties go to the younger paper, then by id.

    `prior`, [n], are the upvotes expected of papers of which no vote is known. Interest is the upvotes expected, and
    what comments, citations, saves here and stars gained within a day are worth in upvotes, where they are known.
    """
    if not papers:
        return []
    age = np.array([_age_hours(paper, as_of) for paper in papers])
    interest = expected_votes(votes_so_far(readings), age, prior) + np.array([_beside_votes(r) for r in readings])
    order = sorted(range(len(papers)), key=lambda i: (-interest[i], age[i], papers[i].id))
    return [Trend(papers[i], float(interest[i]), readings[i]) for i in order]


def _beside_votes(reading: Reading) -> float:
    cited = CITATION_WORTH * float(np.log1p(max(reading.citations or 0, 0)))
    talked_of = COMMENT_WORTH * (reading.comments or 0) + STAR_WORTH * reading.new_stars
    return SAVE_WORTH * reading.saves + cited + talked_of


def _age_hours(paper: Paper, as_of: datetime) -> float:
    if paper.first_seen:
        return max(0.0, (as_of - paper.first_seen) / timedelta(hours=1))
    if paper.published:
        return max(0.0, (as_of.date() - paper.published).days * 24.0)
    return 24.0 * 365


def explain(reading: Reading) -> str:
    """The signals in words: `▲ 83 upvotes on Hugging Face, +41 today, cited 12 times, 3 saves in all`; else empty."""
    parts = []
    if reading.upvotes is not None:
        parts.append(f"▲ {compact(reading.upvotes)} {plural(reading.upvotes, 'upvote')} on Hugging Face")
        gained = reading.upvotes - (reading.upvotes_day_before or 0)
        if reading.upvotes_day_before is not None and gained > 0:
            parts.append(f"+{compact(gained)} today")
    if reading.stars:
        grown = f", +{compact(reading.new_stars)} today" if reading.new_stars else ""
        parts.append(f"★ {compact(reading.stars)}{grown}")
    if reading.comments:
        parts.append(f"{compact(reading.comments)} {plural(reading.comments, 'comment')}")
    if reading.citations:
        parts.append(f"cited {compact(reading.citations)} {plural(reading.citations, 'time')}")
    if reading.saves:
        parts.append(f"{reading.saves} {plural(reading.saves, 'save')} in all")
    return ", ".join(parts)
