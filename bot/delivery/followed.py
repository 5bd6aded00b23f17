"""The papers of a post that match what is followed: one message under its own heading, the first of its post.

It is one message and the first so that a post which is broken off has shown all of them or none (see `take_matches` of
`bot.ports.follows`), and so short that every platform shows all of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.delivery.post import how_to_react
from bot.domain.counts import counted
from bot.domain.dates import full_date, long_date
from bot.domain.deliveries import Delivery, Status
from bot.domain.destinations import Destination, Kind
from bot.domain.emoji import EmojiSet
from bot.domain.follows import Follow, FollowKind, Found
from bot.domain.messages import Card, Choice, Message, Select, text
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.engine.summary import shorten
from bot.engine.trending import Reading
from bot.library.app import App
from bot.library.cards import card

MOST = 10
"""Papers of one message."""

_REST = "Also today"
"""What stands above the rest of a post, whose title stands above all of it."""

_NAMES, _CITED, _SELECTS, _CHOICE = 60, 25, 2, 90
"""Characters of what is followed in a title, and of a cited paper there; lists to choose another author from, and
characters of a choice."""


@dataclass(frozen=True, slots=True)
class Section:
    """What a post says of papers that are followed, and their rows."""

    message: Message
    rows: frozenset[int]


async def followed_papers(app: App, deliveries: Sequence[Delivery], now: datetime) -> dict[int, Section]:
    """What each delivery (by its number) shows of what is followed; those that show nothing are left out."""
    taken = await app.store.take_matches(deliveries, most=MOST, now=now)
    if not any(taken.values()):
        return {}
    known = await _Known.of(app, [found for each in taken.values() for found in each], now)
    emoji = await app.store.emoji(sorted({each.destination.place.workspace_key for each in deliveries}))
    sections = {}
    for delivery in deliveries:
        if found := taken.get(delivery.number):
            here = emoji[delivery.destination.place.workspace_key]
            waiting = await app.store.waiting(delivery.destination.owner, delivery.destination.place.key)
            message = _message(delivery, known, found, waiting.papers - len(found), here)
            sections[delivery.number] = Section(message, frozenset(each.row for each in found))
    return sections


async def awaited_papers(app: App, destination: Destination, most: int) -> Section | None:
    """What a destination's next post would show of what is followed, so many at most; None where nothing waits."""
    now, workspace = app.clock.now(), destination.place.workspace_key
    found = await app.store.waiting_matches(destination.owner, destination.place.key)
    if not found:
        return None
    shown, day = found[:most], destination.local_day(now)
    post = Delivery(number=0, destination=destination, kind=Kind.DAILY, day=day, status=Status.CLAIMED, claimed_at=now)
    known, emoji = await _Known.of(app, shown, now), await app.store.emoji([workspace])
    message = _message(post, known, shown, 0, emoji[workspace])
    more = len(found) - len(shown)
    body = (text(f"{counted(more, 'more followed paper')} {'waits' if more == 1 else 'wait'}."),) if more else ()
    return Section(replace(message, body=body), frozenset(each.row for each in found))


def together(followed: Message, post: Message) -> Message:
    """What is followed and the rest of a post in one message, each under its own heading and numbered on."""
    parts = [(followed.title.rpartition(" · ")[0], followed.cards), (_REST, post.cards)]
    cards = [replace(card, heading="" if n else heading) for heading, of in parts for n, card in enumerate(of)]
    return replace(
        post,
        body=(*post.body, *followed.body),
        cards=tuple(replace(card, rank=rank) for rank, card in enumerate(cards, start=1)),
        selects=followed.selects,
        dense=True,
        mentions=followed.mentions,
    )


def _message(delivery: Delivery, known: "_Known", found: Sequence[Found], left: int, emoji: EmojiSet) -> Message:
    """The papers under a title that no other message to the place has, as a forum needs it."""
    cards = known.cards(found)
    follows = {each.number: each for one in found for each in one.follows}.values()
    turn = f" ({delivery.turn})" if delivery.turn > 1 else ""
    names = shorten(", ".join(map(known.name, follows)), _NAMES)
    come = "comes" if left == 1 else "come"
    how = "at once" if delivery.kind is Kind.FOLLOWED else "with the next post"
    return Message(
        title=f"Followed: {names} · {full_date(delivery.day)}{turn}",
        body=(text(f"{counted(left, 'more followed paper')} {come} {how}."),) if left > 0 else (),
        cards=tuple(cards),
        selects=_another(found, cards, "" if delivery.destination.person is not None else "channel "),
        footer=how_to_react(emoji, cards),
        dense=True,
        mentions=tuple(sorted({each.mention for each in follows if each.mention})),
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """What cards are made of: papers by their rows, their readings, and what cited papers are called, by their ids."""

    papers: Mapping[int, Paper]
    readings: Mapping[PaperId, Reading]
    titles: Mapping[str, str]

    @classmethod
    async def of(cls, app: App, found: Sequence[Found], now: datetime) -> "_Known":
        """What is known of papers that were found."""
        rows = sorted({each.row for each in found})
        papers = {stored.row: stored.paper for stored in await app.store.papers_by_row(rows)}
        readings = await app.library.readings([paper.id for paper in papers.values()], now)
        follows = [follow for each in found for follow in each.follows if follow.kind is FollowKind.CITED_BY]
        cited = {value: await app.store.paper(PaperId(value)) for value in sorted({each.value for each in follows})}
        return cls(papers, readings, {value: stored.paper.name for value, stored in cited.items() if stored})

    def name(self, follow: Follow) -> str:
        """What is followed, as it is typed; a cited paper by what it is called."""
        if follow.kind is FollowKind.CITED_BY and follow.value in self.titles:
            return f"who cites “{shorten(self.titles[follow.value], _CITED)}”"
        return follow.name

    def cards(self, found: Sequence[Found]) -> list[Card]:
        """A card for each paper, with which follows it matches."""
        shown = [(self.papers[each.row], each.follows) for each in found]
        return [
            card(
                paper,
                why=[_why(each, paper, self.titles) for each in follows],
                reading=self.readings[paper.id],
                rank=rank,
            )
            for rank, (paper, follows) in enumerate(shown, start=1)
        ]


def _why(follow: Follow, paper: Paper, titles: Mapping[str, str]) -> str:
    if follow.kind is FollowKind.CITED_BY and follow.value in titles:
        return f"cites “{shorten(titles[follow.value], _NAMES)}”, as followed"
    if follow.kind is FollowKind.VERSION:
        return f"new version of {long_date(paper.updated)}" if paper.updated else "new version"
    return f"followed: {follow.name}"


def _another(found: Sequence[Found], cards: Sequence[Card], whose: str) -> tuple[Select, ...]:
    """For each author that is followed a list of the papers, to say that another of the name wrote one."""
    choices: dict[Follow, list[Choice]] = {}
    for one, shown in zip(found, cards, strict=True):
        for follow in one.follows:
            if follow.kind is FollowKind.AUTHOR:
                choices.setdefault(follow, []).append(Choice(shorten(shown.title, _CHOICE), shown.paper_id))
    return tuple(
        Select(
            f"Another {shorten(follow.value, _NAMES)} wrote …", f"unfollow {whose}{follow.name} {{value}}", tuple(of)
        )
        for follow, of in list(choices.items())[:_SELECTS]
    )
