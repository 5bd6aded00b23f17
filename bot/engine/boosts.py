"""What raises a paper beside its text: people who saved the same papers, and what somebody follows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bot.domain.papers import Paper
from bot.engine.profile import Rating, faded
from bot.engine.query import Query, parse_query
from bot.engine.search import search
from bot.errors import QueryError
from bot.ports import CoSave, Filters, PaperIndex

if TYPE_CHECKING:
    from bot.domain.people import Topic

FOLLOWED = 1.0
"""What a paper of a followed author or topic gains, in standard deviations of scores (see `Profile`)."""

COMMUNITY = 2.0
"""The most a paper can gain from others who saved the same papers."""

_SHRINKAGE = 5.0
"""With this many people who saved both papers, their similarity counts half."""

_PER_TOPIC = 100
_MOST_AUTHORS = 12


class Boost(NamedTuple):
    """What a paper gains in score, and why, in words."""

    worth: float
    reason: str


def by_community(together: Iterable[CoSave], ratings: Sequence[Rating], now: datetime) -> dict[int, Boost]:
    """Papers (rows) saved by people who saved what somebody wants.

    The item-to-item cosine c / sqrt(a b) of two papers with a and b savers, c of them the same (Deshpande and Karypis,
    2004), shrunk by c / (c + 5) (Bell and Koren, 2007), weighted by rating and added up, at most 1.
    """
    wanted = {rating.row: rating for rating in ratings}
    affinity: dict[int, float] = defaultdict(float)
    closest: dict[int, tuple[float, str]] = {}
    for row, other, both, savers, other_savers in together:
        rating = wanted[row]
        shared = faded(rating, now) * both / sqrt(savers * other_savers) * both / (both + _SHRINKAGE)
        affinity[other] += shared
        reason = f"saved by {both} people who also saved “{rating.paper.title}”"
        closest[other] = max(closest.get(other, (0.0, "")), (shared, reason))
    return {row: Boost(COMMUNITY * min(1.0, sum_), closest[row][1]) for row, sum_ in affinity.items() if sum_ > 0}


def by_authors(index: PaperIndex, papers: Iterable[Paper]) -> dict[int, Boost]:
    """Papers (rows) by the first two and the last author of each given paper; the newest ones of each author."""
    names = {name: None for paper in papers for name in (paper.authors[:2] + paper.authors[-1:])}
    found: dict[int, Boost] = {}
    for name in list(names)[:_MOST_AUTHORS]:
        hits = index.match_words({}, _PER_TOPIC, filters=Filters(authors=(name,)))
        found |= dict.fromkeys(hits.rows.tolist(), Boost(FOLLOWED, f"also by {name}"))
    return found


def by_topics(index: PaperIndex, topics: Sequence["Topic"]) -> dict[int, Boost]:
    """Papers (rows) about topics somebody follows, or by authors they follow; one that cannot be parsed is left out."""
    boosts: dict[int, Boost] = {}
    for topic in topics:
        try:
            query = parse_query(topic.text)
        except QueryError:
            continue
        for row, boost in _by_topic(index, query, topic.called).items():
            boosts[row] = max(boost, boosts.get(row, boost))
    return boosts


def _by_topic(index: PaperIndex, query: Query, called: str) -> dict[int, Boost]:
    found = search(index, query, _PER_TOPIC)
    if query.text:
        shares = np.maximum(found.scores, 0) / max(float(found.scores.max(initial=0.0)), 1e-6)
        reason = f"found for “{called}”, which you follow"
    else:
        shares = np.ones(len(found), np.float32)
        names = " and ".join(query.filters.authors)
        reason = f"by {names}, whom you follow" if names else f"matches “{called}”, which you follow"
    return {int(row): Boost(FOLLOWED * float(s), reason) for row, s in zip(found.rows, shares, strict=True)}


def added(*several: Mapping[int, Boost]) -> dict[int, Boost]:
    """Boosts of several kinds as one: their worth is added up, and the largest gives the reason."""
    total: dict[int, Boost] = {}
    for boosts in several:
        for row, boost in boosts.items():
            known = total.get(row, Boost(0.0, ""))
            total[row] = Boost(known.worth + boost.worth, max(known, boost).reason)
    return total
