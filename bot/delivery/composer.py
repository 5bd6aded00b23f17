"""The editor: picks the papers of many posts at once and writes them.

What is the same for everybody (candidates, their trends, vectors and words) is computed once; what differs is read in
bulk.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from weakref import WeakKeyDictionary

import numpy as np

from bot.delivery.club_posts import club_posts
from bot.delivery.followed import MOST, awaited_papers, followed_papers, together
from bot.delivery.freshness import notice, pending, why_nothing
from bot.delivery.post import Edition, Post, compose, lay_out
from bot.delivery.weekly import weekly_post
from bot.domain.counts import counted
from bot.domain.deliveries import Delivery
from bot.domain.destinations import OF_A_CLUB, Destination, Kind, Scope
from bot.domain.emoji import EmojiSet
from bot.domain.mailboxes import PLATFORM as MAIL
from bot.domain.messages import Card, Message
from bot.domain.people import WEIGHTS
from bot.engine.personalize import Choice, Matched, Pick, Pool, Preferences
from bot.engine.profile import FADE, Background, discriminant
from bot.engine.summary import shorten
from bot.library.app import App
from bot.library.cards import card
from bot.library.library import FRESH
from bot.ports import Audience, PaperIndex, Plots, Rows, Scores, SourceState, Vectors

REACHES = (FRESH, timedelta(days=10), timedelta(days=31))
"""How far back papers are picked from: the shortest that covers everything since the last post, else the longest."""

ALIKE = 0.4
"""A cosine from which on two papers are called alike."""

_FOLLOWED_IN_PREVIEW = 3

_DRAWING = 15.0
"""Seconds for the pictures of posts that are composed at once: their leases end after a minute."""

_TITLE, _TOPICS = 60, 120
"""Characters of a title in a reason, and of the topics in a header."""

_BESIDE = {
    Scope.TOPICS_ONLY: "",
    Scope.TOPICS_FIRST: " What else is trending follows.",
    Scope.EVERYTHING: " What else is trending is here, too.",
}
"""What a header says of the papers beside those about the topics."""


@dataclass(frozen=True, slots=True)
class _Context:
    """What every post of one moment is made with."""

    now: datetime
    states: Sequence[SourceState]
    known: Background
    emoji: Mapping[str, EmojiSet]
    """What reactions mean, by workspace."""


class _Judged:
    """The papers that somebody gave feedback on: their rows, in order, and their vectors [n, dim]."""

    def __init__(self, index: PaperIndex, audiences: Sequence[Audience]) -> None:
        self._rows: Rows = np.array(sorted({row for each in audiences for row, _, _ in each.feedback}), np.int64)
        self._vectors = index.vectors(self._rows)

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """The vectors of some of them, [len(rows), dim]."""
        found: Vectors = self._vectors[np.searchsorted(self._rows, rows)]
        return found


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What a post shows: its papers, and for each the one (row) that its readers liked and that is like it, if any."""

    preferences: Preferences
    counts: Matched
    picks: Sequence[Pick]
    alike: Sequence[int | None]
    is_fresh: bool


class PostComposer:
    """Writes the posts of a library's papers; `every` is the time between two syncs of the sources.

    `daily_messages` says how many messages a platform takes for all posts to one place on a day, by its name. With
    `plots` the round-up has a picture.
    """

    def __init__(
        self,
        app: App,
        every: timedelta = timedelta(minutes=30),
        daily_messages: Mapping[str, int | None] = {},
        plots: Plots | None = None,
    ) -> None:
        self._app = app
        self._library = app.library
        self._every = every
        self._daily_messages = daily_messages
        self._plots = plots
        self._plain: WeakKeyDictionary[Pool, dict[int, Card]] = WeakKeyDictionary()

    async def awaits_papers(self, now: datetime) -> bool:
        """Whether papers are expected that are not here yet, because a sync is under way or late."""
        return bool(pending(await self._app.store.source_states(), now, self._every))

    async def compose(self, deliveries: Sequence[Delivery], now: datetime) -> Mapping[int, Post]:
        """A post for each delivery, by its number; an empty one where nothing is to be said."""
        weekly = [delivery for delivery in deliveries if delivery.kind is Kind.WEEKLY]
        posts = await self._round_ups(weekly)
        posts |= await club_posts(self._app.store, [each for each in deliveries if each.kind in OF_A_CLUB], now)
        papers = [each for each in deliveries if each.kind in {Kind.DAILY, Kind.FOLLOWED}]
        followed = await followed_papers(self._app, papers, now)
        posts |= {number: (section.message,) for number, section in followed.items()}
        at_once = [delivery for delivery in deliveries if delivery.kind is Kind.FOLLOWED]
        posts |= {delivery.number: () for delivery in at_once if delivery.number not in followed}
        daily = [delivery for delivery in deliveries if delivery.kind is Kind.DAILY]
        rows = [followed[each.number].rows if each.number in followed else frozenset[int]() for each in daily]
        issues = await self._issues([(delivery.destination, delivery.day) for delivery in daily], now, rows)
        for delivery, (edition, cards) in zip(daily, issues, strict=True):
            whole = _whole(posts.get(delivery.number, ()), edition, cards)
            is_mail = delivery.destination.place.platform == MAIL
            posts[delivery.number] = (together(*whole),) if is_mail and len(whole) == 2 else whole
        return posts

    async def _round_ups(self, weekly: Sequence[Delivery]) -> dict[int, Post]:
        """The round-ups; where there are many, those that would wait too long for a picture do without."""
        clock = asyncio.get_running_loop().time
        until = clock() + _DRAWING
        return {
            each.number: await weekly_post(self._app, each, self._plots if clock() < until else None) for each in weekly
        }

    async def preview(self, destination: Destination) -> Message:
        """What a destination's daily post would say now, in one message, with what is followed first.

        Of that a message in a chat shows a few papers, so that there is room for the others.
        """
        now = self._app.clock.now()
        most = MOST if destination.place.platform == MAIL else _FOLLOWED_IN_PREVIEW
        followed = await awaited_papers(self._app, destination, most)
        rows = followed.rows if followed else frozenset[int]()
        [(edition, cards)] = await self._issues([(destination, destination.local_day(now))], now, [rows])
        if followed is None:
            return compose(edition, cards)
        return together(followed.message, compose(edition, cards)) if cards else followed.message

    async def _issues(
        self, wanted: Sequence[tuple[Destination, date]], now: datetime, followed: Sequence[frozenset[int]]
    ) -> list[tuple[Edition, list[Card]]]:
        """An edition and its cards for each destination and day, without papers (rows) that it has as `followed`."""
        if not wanted:
            return []
        store = self._app.store
        known = await store.audiences([destination for destination, _ in wanted])
        audiences = [replace(each, shown=each.shown | rows) for each, rows in zip(known, followed, strict=True)]
        reaches = [_reach(audience, now) for audience in audiences]
        pools = {reach: await self._library.pool(reach) for reach in set(reaches)}
        emoji = await store.emoji(sorted({destination.place.workspace_key for destination, _ in wanted}))
        context = _Context(now, await store.source_states(), await self._library.known(), emoji)
        return await asyncio.to_thread(self._write, wanted, audiences, [pools[reach] for reach in reaches], context)

    def _write(
        self,
        wanted: Sequence[tuple[Destination, date]],
        audiences: Sequence[Audience],
        pools: Sequence[Pool],
        context: _Context,
    ) -> list[tuple[Edition, list[Card]]]:
        chosen = self._chosen([destination for destination, _ in wanted], audiences, pools, context)
        alike = {row for each in chosen for row in each.alike if row is not None}
        titles: dict[int | None, str] = {
            stored.row: stored.paper.title for stored in self._app.store.read_papers(sorted(alike))
        }
        late = notice(context.states, context.now, self._every)
        why = why_nothing(context.states, context.now, self._every)
        issues = []
        for (destination, day), audience, pool, post in zip(wanted, audiences, pools, chosen, strict=True):
            edition = Edition(
                day,
                subject="New papers" if _only_topics(post.preferences) else "Trending papers",
                about=_about(post.preferences, post.counts, post.picks),
                post=destination.post,
                layout=destination.layout,
                threads=destination.threads,
                quiet=destination.quiet,
                own=destination.person is not None,
                notice=late,
                nothing=(post.is_fresh and len(pool) and _unmatched(post.preferences, post.counts)) or why,
                emoji=context.emoji[destination.place.workspace_key],
                messages=self._most_messages(destination, audience.beside, day),
            )
            issues.append((edition, self._cards(pool, post, titles, own=edition.own)))
        return issues

    def _chosen(
        self,
        destinations: Sequence[Destination],
        audiences: Sequence[Audience],
        pools: Sequence[Pool],
        context: _Context,
    ) -> list[_Chosen]:
        """What each destination gets of its pool."""
        judged = _Judged(self._app.index, audiences)
        profiles = np.stack([_profile(audience, judged, context) for audience in audiences])
        fits = {pool: pool.fits(profiles) for pool in set(pools)}
        chosen = []
        for number, (destination, audience, pool) in enumerate(zip(destinations, audiences, pools, strict=True)):
            preferences = _preferences(destination, audience, fits[pool][number])
            choice, is_fresh = Choice(pool, preferences), _is_fresh(pool, audience, context)
            picks = choice.picks(destination.count) if is_fresh else []
            alike = _alike(pool.vectors[[pick.position for pick in picks]], audience, judged) if picks else []
            chosen.append(_Chosen(preferences, choice.matched(audience.covered_until), picks, alike, is_fresh))
        return chosen

    def _most_messages(self, destination: Destination, beside: int, day: date) -> int | None:
        """How many messages a daily post may have: `beside` it come others of its place, and perhaps the round-up."""
        most = self._daily_messages.get(destination.place.platform)
        return max(1, most // (1 + beside) - (day.weekday() == destination.weekly)) if most else None

    def _cards(self, pool: Pool, post: _Chosen, titles: Mapping[int | None, str], *, own: bool) -> list[Card]:
        """The cards of a post: what everybody sees of a paper is made once."""
        plain = self._plain.setdefault(pool, {})
        cards = []
        for rank, (pick, liked) in enumerate(zip(post.picks, post.alike, strict=True), start=1):
            if pick.position not in plain:
                plain[pick.position] = card(pool.papers[pick.position], reading=pool.readings[pick.position])
            why = _reasons(pool, pick, titles.get(liked, ""), own=own)
            cards.append(replace(plain[pick.position], rank=rank, why="; ".join(why)))
        return cards


def _profile(audience: Audience, judged: _Judged, context: _Context) -> Vectors:
    """The direction [dim] of an audience's profile; zero without feedback."""
    weights = [WEIGHTS[kind] * 0.5 ** ((context.now - since) / FADE) for _, kind, since in audience.feedback]
    vectors = judged.vectors([row for row, _, _ in audience.feedback])
    return discriminant(vectors, np.array(weights, np.float32), context.known)


def _alike(vectors: Vectors, audience: Audience, judged: _Judged) -> list[int | None]:
    """For each paper, by its vector, the paper (row) that an audience liked and that is most like it, if any is."""
    liked = [row for row, kind, _ in audience.feedback if WEIGHTS[kind] > 0]
    if not liked:
        return [None] * len(vectors)
    nearness = vectors @ judged.vectors(liked).T
    closest = nearness.argmax(axis=1).tolist()
    return [liked[at] if near >= ALIKE else None for at, near in zip(closest, nearness.max(axis=1), strict=True)]


def _reasons(pool: Pool, pick: Pick, liked: str, *, own: bool) -> list[str]:
    """Why a paper is in a post, of which it is like the one with the title `liked`, if that is not empty; votes are on
    its card already, and where there are none that is said."""
    about = f"about “{pick.topic}”" if pick.topic else ""
    like = f"like “{shorten(liked, _TITLE)}”, which {'you' if own else 'people here'} liked" if liked else ""
    return [reason for reason in (about, like, pool.forecast_reasons[pick.position]) if reason]


def _whole(followed: Post, edition: Edition, cards: Sequence[Card]) -> Post:
    """A daily post with what is followed first; where that is all there is, nothing is said of the rest."""
    if followed and edition.messages:
        edition = replace(edition, messages=edition.messages - 1)
    return (*followed, *lay_out(edition, cards)) if cards or not followed else followed


def _reach(audience: Audience, now: datetime) -> timedelta:
    """How far back to look so that nothing since the last post that went out is left out."""
    gap = now - audience.covered_until if audience.covered_until else timedelta(0)
    return next((reach for reach in REACHES if reach >= gap), REACHES[-1])


def _is_fresh(pool: Pool, audience: Audience, context: _Context) -> bool:
    """Whether any paper came since the last post: one seen since then, or one that a source told of late."""
    since = audience.covered_until
    if since is None or any(state.newest_at and state.newest_at > since for state in context.states):
        return True
    return any(paper.first_seen and paper.first_seen > since for paper in pool.papers)


def _only_topics(preferences: Preferences) -> bool:
    return bool(preferences.wanted) and preferences.scope is Scope.TOPICS_ONLY


def _about(preferences: Preferences, counts: Matched, picks: Sequence[Pick]) -> str:
    """`On robotics: 2 match, 41 new did not.`, and whether other papers come with them; empty without topics."""
    if not preferences.wanted:
        return ""
    beside = "" if all(pick.topic for pick in picks) else _BESIDE[preferences.scope]
    return f"On {_named(preferences)}: {counts.about} match, {counts.others} new did not.{beside}"


def _named(preferences: Preferences) -> str:
    """The topics in a few words."""
    return shorten(", ".join(topic.called for topic in preferences.wanted), _TOPICS)


def _unmatched(preferences: Preferences, counts: Matched) -> str:
    """Why none of the new papers is for a destination, by its own settings; empty where it has none."""
    reach = f"expected to reach {counted(int(preferences.minimum), 'upvote')}" if preferences.minimum else ""
    if _only_topics(preferences):
        none = f"None of {counted(counts.others, 'new paper')}" if counts.others else "No new paper"
        return f"{none}{reach and f' {reach}'} is about {_named(preferences)}."
    if reach:
        return f"No new paper is {reach}."
    return "The new papers are about what is blocked here." if preferences.topics else ""


def _preferences(destination: Destination, audience: Audience, fit: Scores) -> Preferences:
    hidden = audience.shown | {row for row, _, _ in audience.feedback}
    return Preferences(audience.topics, fit, len(audience.feedback), hidden, destination.minimum, destination.scope)
