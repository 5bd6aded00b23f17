"""Recommendations: papers like these, and papers for somebody with this profile."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

import numpy as np

from bot.domain.papers import Paper
from bot.engine.boosts import Boost
from bot.engine.diversity import diversify
from bot.engine.profile import Background, Profile, Rating, each_once, learn, strongest_terms, unit
from bot.engine.search import BESIDE, FAINT, FIELDS, Ranking, fuse, tf_idf, with_words_of, without_faint
from bot.ports import PaperIndex, Rows, Vectors

TERMS = 40
"""How many of a paper's terms are searched for."""

SIMILAR_WORDS = 0.15
"""Weight of words against meaning between papers: for whole texts meaning is more reliable than for a query."""

SIMILAR_BOOSTS = 0.05
"""What a boost counts among similar papers, whose scores are shares of the best."""

BY_MEANING, BY_WORDS = 300, 800
"""How many papers each side brings to be scored for a profile."""

PROFILE_TERMS = 20
"""How many of a profile's terms are searched for."""

_SURPRISE = 5
"""One place of this many shows a paper from further down, so that a profile can grow in new directions."""

_FEW = BY_MEANING + BY_WORDS
"""Up to so many papers are all scored."""


def similar(
    index: PaperIndex,
    papers: Mapping[int, Paper],
    limit: int,
    *,
    among: Rows | None = None,
    boosts: Mapping[int, Boost] = MappingProxyType({}),
) -> Ranking:
    """Papers like the given ones (row -> paper), best first, without them; `boosts` raise some of them."""
    rows = np.array(list(papers), np.int64)
    vector = unit(index.vectors(rows).mean(axis=0))
    terms = tf_idf(index, {paper.text: 1.0 for paper in papers.values()}, TERMS)
    depth = max(200, 2 * limit) + len(rows)
    meaning = index.nearest(vector, depth, among=among)
    words = index.match_words(terms, depth, fields=FIELDS, among=among)
    ranking = fuse(index, vector, with_words_of(index, terms, words, meaning.rows), meaning, SIMILAR_WORDS)
    if among is None:
        ranking = without_faint(ranking)
    gained = [SIMILAR_BOOSTS * boosts[row].worth if row in boosts else 0.0 for row in ranking.rows.tolist()]
    ranking = replace(ranking, scores=ranking.scores + np.array(gained, np.float32))
    ranking = ranking.take(np.lexsort((ranking.rows, -ranking.scores)))
    return ranking.take(np.flatnonzero(~np.isin(ranking.rows, rows))[:limit])


def recommend(
    index: PaperIndex,
    ratings: Sequence[Rating],
    known: Background,
    limit: int,
    *,
    now: datetime,
    exclude: Iterable[int] = (),
    among: Rows | None = None,
    boosts: Mapping[int, Boost] = MappingProxyType({}),
    explore: int | None = None,
) -> Ranking:
    """Papers for somebody with these ratings, best first and unlike each other.

    Those already rated and those in `exclude` (rows) are left out; `among` restricts the answer to some rows. `boosts`
    (by row) raise some of them. With `explore`, a seed, every fifth place goes to a paper further down.
    """
    profile = learn(index, ratings, known, now)
    rated = [rating.row for rating in ratings]
    hidden = np.union1d(np.array(rated, np.int64), np.fromiter(exclude, np.int64))
    rows = _candidates(index, profile, ratings, len(hidden), among)
    if among is None:
        rows = np.concatenate([rows, np.fromiter(boosts, np.int64)])
    rows = each_once(rows)
    rows = rows[~np.isin(rows, hidden, assume_unique=True)]
    scores, words, meaning = profile.score(index, rows)
    if boosts:
        scores += np.array([boosts[row].worth if row in boosts else 0.0 for row in rows.tolist()], np.float32)
    best = np.lexsort((rows, -scores))[: 4 * limit]
    ranking = Ranking(rows, scores, words, meaning).take(best)
    chosen = diversify(ranking, index.vectors(ranking.rows), limit)
    return chosen if explore is None else _with_surprises(chosen, ranking, np.random.default_rng(explore))


def _with_surprises(chosen: Ranking, ranking: Ranking, random: "np.random.Generator") -> Ranking:
    """A list in which every fifth paper is drawn from those not chosen; a better score makes a paper more likely.

    Drawn with probabilities in proportion to exp(score) (Boltzmann exploration), without repetition (Gumbel-max).
    """
    places = np.arange(_SURPRISE - 1, len(chosen), _SURPRISE)
    left = np.flatnonzero(~np.isin(ranking.rows, chosen.rows))
    drawn = left[np.argsort(-(ranking.scores[left] + random.gumbel(size=len(left))))][: len(places)]
    positions = {int(row): position for position, row in enumerate(ranking.rows)}
    order = np.array([positions[int(row)] for row in chosen.rows], np.int64)
    order[places[: len(drawn)]] = drawn
    return ranking.take(order)


def _candidates(index: PaperIndex, profile: Profile, ratings: Sequence[Rating], spare: int, among: Rows | None) -> Rows:
    """Candidates: the papers nearest in meaning, and those with the profile's strongest words; some of them twice."""
    if among is not None and len(among) <= _FEW:
        return among
    terms = strongest_terms(index, profile, ratings, PROFILE_TERMS)
    words = BESIDE.submit(index.match_words, terms, BY_WORDS + spare, among=among)
    meaning = index.nearest(profile.direction, BY_MEANING + spare, among=among)
    return np.concatenate([meaning.rows, words.result().rows])


def closest_rating(vector: Vectors, vectors: Vectors, ratings: Sequence[Rating]) -> Rating | None:
    """The wanted paper that a recommendation resembles most, if it resembles any.

    `vectors`, [n, dim], belong to `ratings`.
    """
    wanted = [i for i, rating in enumerate(ratings) if rating.weight > 0]
    if not wanted:
        return None
    closeness = vectors[wanted] @ vector
    return ratings[wanted[int(closeness.argmax())]] if closeness.max() >= FAINT else None
