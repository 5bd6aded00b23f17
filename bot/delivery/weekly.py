"""The weekly round-up: the most saved papers of a week, and a picture of it where pictures can be drawn."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.delivery.post import Edition, Post, round_up
from bot.domain.charts import Gain, WeekChart
from bot.domain.deliveries import Delivery
from bot.domain.mailboxes import PLATFORM as MAIL
from bot.domain.messages import Image
from bot.domain.paper_ids import PaperId
from bot.domain.people import Feedback, FeedbackKind
from bot.library.app import App
from bot.library.cards import card
from bot.library.charts import topics_of
from bot.ports import Plots, StoredPaper
from bot.runtime.lazy_log import log

_TOPICS, _GAINS = 4, 3
_GAINS_REACH = timedelta(days=31)
"""How long before a paper was saved for what it gains to count."""


async def weekly_post(app: App, delivery: Delivery, plots: Plots | None) -> Post:
    """The week's most saved papers of a place or a person."""
    destination, store = delivery.destination, app.store
    zone = ZoneInfo(destination.timezone)
    start = datetime.combine(delivery.day - timedelta(days=6), time(), tzinfo=zone).astimezone(UTC)
    if destination.person is None:
        feedback = await store.feedback_at(destination.place.key)
    else:
        feedback = await store.feedback_of(destination.person)
    saves = [entry for entry in feedback if entry.kind is FeedbackKind.SAVE and entry.at >= start]
    counts = Counter(entry.paper_id for entry in saves)
    found = await store.papers(list(counts))
    saved = {stored.paper.id: stored.paper for stored in found}
    most = [saved[paper_id] for paper_id, _ in counts.most_common(destination.count) if paper_id in saved]
    own = destination.person is not None
    cards = [
        card(paper, why=(_who_saved(counts[paper.id], own=own),), rank=rank) for rank, paper in enumerate(most, start=1)
    ]
    days = Counter(entry.at.astimezone(zone).date() for entry in saves)
    workspace = destination.place.workspace_key
    emoji = (await store.emoji([workspace]))[workspace]
    edition = Edition(delivery.day, own=own, quiet=destination.quiet, emoji=emoji)
    if plots is None or not cards:
        return round_up(edition, cards, days)
    name = "Your week" if own else f"The week in {destination.place.name or 'this channel'}"
    chart = WeekChart(
        name,
        {day: days.get(day, 0) for day in _days(delivery.day)},
        _topics(found, await topics_of(app, found), counts),
        await _gains(app, feedback, start),
    )
    picture = await _picture(plots, chart, also_dark=destination.place.platform == MAIL)
    return round_up(edition, cards, days, picture)


async def _picture(plots: Plots, chart: WeekChart, *, also_dark: bool) -> Image | None:
    """The picture; None where it cannot be drawn, without which the post is as good as it was.

    A mail program shows the one for its page. A chat does not tell how it looks at each reader's.
    """
    try:
        light = await asyncio.to_thread(plots.draw, chart)
        dark = await asyncio.to_thread(plots.draw, chart, dark=True) if also_dark else b""
    except Exception:
        log().exception("the picture of a week could not be drawn")
        return None
    return Image(light, chart.description, "week.png", dark)


def _days(last: date) -> list[date]:
    return [last - timedelta(days=back) for back in reversed(range(7))]


def _topics(papers: Sequence[StoredPaper], topics: Sequence[str], saves: Mapping[PaperId, int]) -> dict[str, int]:
    """How often papers of each topic were saved, those saved most often first."""
    counts = Counter[str]()
    for stored, topic in zip(papers, topics, strict=True):
        counts[topic] += saves[stored.paper.id]
    return dict(counts.most_common(_TOPICS))


async def _gains(app: App, feedback: Sequence[Feedback], start: datetime) -> list[Gain]:
    """The papers saved here lately that gained most upvotes in the week."""
    lately = start - _GAINS_REACH
    ids = list({entry.paper_id for entry in feedback if entry.kind is FeedbackKind.SAVE and entry.at >= lately})
    before = await app.library.readings(ids, start)
    now = await app.library.readings(ids, app.clock.now())
    papers = {stored.paper.id: stored.paper for stored in await app.store.papers(ids)}
    gains = [
        Gain(paper.name, (now[each].upvotes or 0) - (before[each].upvotes or 0), now[each].upvotes or 0)
        for each, paper in papers.items()
        # What an older paper had before it was first counted is not known.
        if before[each].upvotes is not None or (paper.first_seen and paper.first_seen >= start)
    ]
    most = sorted((gain for gain in gains if gain.gained > 0), key=lambda gain: (-gain.gained, gain.title))
    return most[:_GAINS]


def _who_saved(saves: int, *, own: bool) -> str:
    return "saved by you" if own else f"saved by {saves} {'person' if saves == 1 else 'people'}"
