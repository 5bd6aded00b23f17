"""Charts of what is here: papers over time, a map of the library, what somebody read."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date, datetime, timedelta

import numpy as np

from bot.domain.categories import called
from bot.domain.charts import OTHERS, HistoryChart, MapChart, Series, TrendChart
from bot.domain.notes import READ
from bot.domain.papers import Paper, SignalKind
from bot.domain.people import FeedbackKind, person_key
from bot.errors import UserError
from bot.library.app import App
from bot.library.cards import trending_title
from bot.library.library import Window
from bot.ports import PaperIndex, StoredPaper, Vectors

COLOURS, _LEAST = 6, 2
"""Topics that a picture tells apart, and papers that make one of these; the others are one."""

_LINES, _DOTS, _POOL, _BATCH = 5, 5_000, 1_000, 1_000
"""Papers whose votes are drawn, papers of a map, and papers among which likes are looked for."""

_LIKE = 7
"""The nearest papers that say what one without a category is about."""


async def topics_of(app: App, papers: Sequence[StoredPaper]) -> list[str]:
    """What papers are about: the first category of each by name, `Machine Learning`; without one, that of its like."""
    topics = [_category(stored.paper) for stored in papers]
    if OTHERS not in topics:
        return topics
    known = [stored async for stored in _newest(app, _POOL) if _category(stored.paper) != OTHERS]
    return await asyncio.to_thread(_placed, app.index, papers, topics, known)


def _category(paper: Paper) -> str:
    return next(filter(None, map(called, paper.categories[:1])), OTHERS)


def _placed(
    index: PaperIndex, papers: Sequence[StoredPaper], topics: Sequence[str], known: Sequence[StoredPaper]
) -> list[str]:
    """The topics, where there is none that of most of the nearest papers that have one; for a thread."""
    if not known:
        return list(topics)
    names = [_category(stored.paper) for stored in known]
    others = index.vectors(np.array([stored.row for stored in known], np.int64))
    nearness = index.vectors(np.array([stored.row for stored in papers], np.int64)) @ others.T
    nearest = np.argsort(-nearness, axis=1)[:, :_LIKE]
    return [
        Counter(names[at] for at in near).most_common(1)[0][0] if topic == OTHERS else topic
        for topic, near in zip(topics, nearest, strict=True)
    ]


async def trend_chart(app: App, window: Window) -> TrendChart:
    """The upvotes of the papers that trend most, over time. Raises UserError where nobody counted votes."""
    now = app.clock.now()
    found = [result.stored.paper for result in await app.library.trending(window, 10 * _LINES)]
    signals = await app.store.signals([paper.id for paper in found], until=now)
    series = [
        Series(paper.name, [(each.at, each.value) for each in signals[paper.id] if each.kind is SignalKind.UPVOTES])
        for paper in found
    ]
    counted = tuple(each for each in series if each.points and each.points[-1][1])[:_LINES]
    if not counted:
        raise UserError("No trending paper has upvotes yet; `paperboy sync` fetches them.")
    return TrendChart(trending_title(window), counted)


async def map_chart(app: App) -> MapChart:
    """The newest papers in two dimensions, by topic. Raises UserError where there are too few for a map."""
    stored = [each async for each in _newest(app, _DOTS)]
    if len(stored) < 3:
        raise UserError("There are too few papers for a map; `paperboy sync` fetches some.")
    rows = np.array([each.row for each in stored], np.int64)
    places = await asyncio.to_thread(lambda: flattened(app.index.vectors(rows)))
    names = await topics_of(app, stored)
    shown = leading(names)
    points: dict[str, list[tuple[float, float]]] = {name: [] for name in shown}
    for name, (x, y) in zip(names, places.tolist(), strict=True):
        points[name if name in points else OTHERS].append((x, y))
    return MapChart("The library", points)


async def history_chart(app: App, person: int, name: str) -> HistoryChart:
    """What somebody saved, week by week. Raises UserError for who saved nothing."""
    feedback = [each for each in await app.store.feedback_of(person) if each.kind is FeedbackKind.SAVE]
    if not feedback:
        raise UserError(f"Nothing is saved by {name} yet; `save PAPER` in `paperboy chat` saves a paper.")
    found = await app.store.papers([each.paper_id for each in feedback])
    topic_of = {stored.paper.id: topic for stored, topic in zip(found, await topics_of(app, found), strict=True)}
    tags = (await app.store.shelf(person_key(person))).tags
    moments = [each.at for each in feedback]
    weeks = list(_weeks(min(moments), max(moments)))
    names = [topic_of.get(each.paper_id, OTHERS) for each in feedback]
    topics = {topic: [0] * len(weeks) for topic in leading(names)}
    for each, topic in zip(feedback, names, strict=True):
        topics[topic if topic in topics else OTHERS][weeks.index(_monday(each.at))] += 1
    read = sum(READ in tags.get(each.paper_id, ()) for each in feedback)
    return HistoryChart(f"What {name} saved", weeks, topics, read)


async def _newest(app: App, most: int) -> AsyncIterator[StoredPaper]:
    """The papers that came last and are indexed, at most so many."""
    last = len(app.index)
    for start in range(max(1, last - most + 1), last + 1, _BATCH):
        for stored in await app.store.papers_by_row(list(range(start, min(last, start + _BATCH - 1) + 1))):
            yield stored


def flattened(vectors: Vectors) -> Vectors:
    """Vectors [n, dim] in two dimensions [n, 2]: along the two directions in which they differ most (PCA)."""
    centred = vectors - vectors.mean(axis=0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    flat: Vectors = (centred @ directions[:, :-3:-1]).astype(np.float32)
    return flat


def leading(names: Sequence[str]) -> list[str]:
    """The names that come most often, as many as can be told apart, and one for the others where there are any."""
    counts = Counter(name for name in names if name != OTHERS)
    most = [name for name, count in counts.most_common(COLOURS) if count >= _LEAST]
    return [*most, OTHERS] if set(names) - set(most) else most


def _monday(moment: datetime) -> date:
    return moment.date() - timedelta(days=moment.weekday())


def _weeks(first: datetime, last: datetime) -> Iterable[date]:
    """The Mondays of all weeks between two moments."""
    week = _monday(first)
    while week <= _monday(last):
        yield week
        week += timedelta(days=7)
