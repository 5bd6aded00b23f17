"""Fields of papers, and how much is expected of a paper beside the others of its field.

Who votes reads some fields and not others, so that what is expected from votes says as much about a field as about a
paper. Of papers that nobody voted on it is therefore standardised within their field. Where hardly any paper of a field
is voted on, what is expected goes by the records of the authors as well.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.domain.counts import counted
from bot.domain.papers import Paper
from bot.engine.records import Records

Floats = NDArray[np.float64]

_SHRINKAGE = 10.0
"""All papers count as much as this many of a field, for its mean and its spread."""

_VOTED = 0.02
"""Fields of which a smaller share has votes are not voted on: what votes say of their papers was learned elsewhere."""

_PAPERS, _CITATIONS = 1.0, 0.5
"""Weights of the authors' papers and of their citations, beside 1 for what votes elsewhere say, all standardised."""

_SPREAD = 0.5
"""The spread of log(1 + upvotes) in a field of whose papers votes say nothing: about that of fields with votes."""

_LEAST = 1e-9
"""Values of a smaller spread are alike."""

_FEWEST = 20
"""Papers of a field from which on a place among them is worth saying."""


def field_of(paper: Paper) -> str:
    """The archive of a paper's first category (`q-bio.NC` -> `q-bio`); empty where it has none."""
    return paper.categories[0].partition(".")[0] if paper.categories else ""


def unvoted_fields(fields: Sequence[str], voted: Sequence[bool] | NDArray[np.bool_]) -> frozenset[str]:
    """The fields that are not voted on; `voted` says which papers have votes, [n]."""
    has_votes = np.asarray(voted, bool)
    return frozenset(field for field, at in _members(fields).items() if has_votes[at].mean() < _VOTED)


def with_records(expected: Floats, records: Records, fields: Sequence[str], unread: Collection[str]) -> Floats:
    """Upvotes expected of papers, [n], with the records of their authors in the fields `unread`, not voted on.

    Mean and spread of log(1 + upvotes) in a field stay as they were.
    """
    grown = np.log1p(expected)
    for field, at in _members(fields).items():
        if field in unread:
            own = grown[at]
            score = _unit(own) + _PAPERS * _unit(records.papers[at]) + _CITATIONS * _unit(records.citations[at])
            spread = float(own.std())
            grown[at] = own.mean() + (spread if spread > _LEAST else _SPREAD) * _unit(score)
    return np.expm1(np.maximum(grown, 0.0))


def _unit(values: Floats) -> Floats:
    """Values with mean 0 and standard deviation 1; all 0 where they are alike."""
    spread = float(values.std())
    return (values - values.mean()) / spread if spread > _LEAST else np.zeros(len(values))


def standardised(expected: Floats, fields: Sequence[str]) -> Floats:
    """Upvotes expected of papers, [n], as if all fields were voted on alike, [n].

    With x = log(1 + upvotes), each paper is as many standard deviations above the mean of all papers as it is above
    that of its own field. Mean and variance of a field are shrunk towards those of all papers; where all papers are of
    one field, nothing changes.
    """
    if not len(expected):
        return expected
    grown = np.log1p(expected)
    mean, variance = grown.mean(), grown.var()
    wanted = grown.copy()
    for positions in _members(fields).values():
        own, size = grown[positions], len(positions)
        centre = (own.sum() + _SHRINKAGE * mean) / (size + _SHRINKAGE)
        spread = (size * own.var() + _SHRINKAGE * variance) / (size + _SHRINKAGE)
        scale = np.sqrt(variance / spread) if spread > 0 else 1.0
        wanted[positions] = mean + (own - centre) * scale
    return np.expm1(np.maximum(wanted, 0.0))


def standings(expected: Floats, fields: Sequence[str], names: Mapping[str, str]) -> list[str]:
    """For each of the best tenth of a field's papers, that it is among them: `in the first tenth of 40 new papers of
    Physics`; empty for others, and in fields of few papers. `names` are those of the fields.

    Papers of which the same is expected share the last of their places: where nothing is known of any, none is first.
    """
    said = [""] * len(fields)
    for field, positions in _members(fields).items():
        if len(positions) < _FEWEST or not names.get(field):
            continue
        own = expected[positions]
        places = len(own) - np.searchsorted(np.sort(own), own, side="left")
        for position in positions[places <= len(own) // 10]:
            said[position] = f"in the first tenth of {counted(len(positions), 'new paper')} of {names[field]}"
    return said


def _members(fields: Sequence[str]) -> dict[str, NDArray[np.int64]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for position, field in enumerate(fields):
        found[field].append(position)
    return {field: np.array(positions, np.int64) for field, positions in found.items()}
