"""The papers of a post that match what is followed: one message under its own heading, the first of its post.

It is one message and the first so that a post which is broken off has shown all of them or none (see `take_matches` of
`bot.ports.follows`), and so short that every platform shows all of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.delivery.post import how_to_react
from bot.domain.counts import counted
from bot.domain.dates import full_date, long_date
from bot.domain.deliveries import Delivery
from bot.domain.destinations import Kind
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

_NAMES, _SELECTS, _CHOICE = 45, 2, 90
"""Characters of what is followed in a title, lists to choose another author from, characters of a choice."""


@dataclass(frozen=True, slots=True)
class Section:
    """What a post says of papers that are followed, and their rows."""

    message: Message
    rows: frozenset[int]


async def followed_papers(app: App, deliveries: Sequence[Delivery], now: datetime) -> dict[int, Section]:
    """What each delivery (by its number) shows of what is followed; those that show nothing are left out."""
    taken = await app.store.take_matches(deliveries, most=MOST, now=now)
    rows = sorted({found.row for each in taken.values() for found in each})
    papers = {stored.row: stored.paper for stored in await app.store.papers_by_row(rows)}
    readings = await app.library.readings([paper.id for paper in papers.values()], now)
    emoji = await app.store.emoji(sorted({each.destination.place.workspace_key for each in deliveries}))
    titles = await _titles(app, {follow for each in taken.values() for found in each for follow in found.follows})
    sections = {}
    for delivery in deliveries:
        if found := taken.get(delivery.number):
            here = emoji[delivery.destination.place.workspace_key]
            waiting = await app.store.waiting(delivery.destination.owner, delivery.destination.place.key)
            message = _message(
                delivery, _cards(found, papers, readings, titles), found, waiting.papers - len(found), here
            )
            sections[delivery.number] = Section(message, frozenset(each.row for each in found))
    return sections


def _message(delivery: Delivery, cards: Sequence[Card], found: Sequence[Found], left: int, emoji: EmojiSet) -> Message:
    """The papers under a title that no other message to the place has, as a forum needs it."""
    follows = {each.number: each for one in found for each in one.follows}.values()
    turn = f" ({delivery.turn})" if delivery.turn > 1 else ""
    names = shorten(", ".join(each.name for each in follows), _NAMES)
    how = "follow at once" if delivery.kind is Kind.FOLLOWED else "follow with the next post"
    return Message(
        title=f"Followed: {names} · {full_date(delivery.day)}{turn}",
        body=(text(f"{counted(left, 'more paper')} {how}."),) if left > 0 else (),
        cards=tuple(cards),
        selects=_another(found, cards, "" if delivery.destination.person is not None else "channel "),
        footer=how_to_react(emoji, cards),
        dense=True,
        mentions=tuple(sorted({each.mention for each in follows if each.mention})),
    )


async def _titles(app: App, follows: Collection[Follow]) -> dict[str, str]:
    """What the papers are called of which it is followed who cites them, by the ids under which they are."""
    cited = sorted({each.value for each in follows if each.kind is FollowKind.CITED_BY})
    found = {value: await app.store.paper(PaperId(value)) for value in cited}
    return {value: stored.paper.name for value, stored in found.items() if stored}


def _cards(
    found: Sequence[Found],
    papers: Mapping[int, Paper],
    readings: Mapping[PaperId, Reading],
    titles: Mapping[str, str],
) -> list[Card]:
    shown = [(papers[each.row], each.follows) for each in found]
    return [
        card(paper, why=[_why(each, paper, titles) for each in follows], reading=readings[paper.id], rank=rank)
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
