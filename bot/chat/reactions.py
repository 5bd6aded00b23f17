"""Reactions -> what people think of papers: idempotent, and whatever order they arrive in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.emoji import KEYCAPS, EmojiSet
from bot.domain.messages import Message, code, text
from bot.domain.papers import PaperId
from bot.domain.people import Account, FeedbackAct, FeedbackKind, Place
from bot.ports import Store

_ANY = PaperId("any")


@dataclass(frozen=True, slots=True)
class Reaction:
    """An emoji put on a message (`present`) or taken off it, at a moment the platform tells (UTC).

    `emoji` is in the platform's own form: the character, `:name:`, or `<:name:12>` for a custom one.
    """

    account: Account
    place: Place
    message: str
    emoji: str
    present: bool
    at: datetime


class Reactions:
    """Turns reactions into feedback; which emoji count is a matter of each workspace."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def wants_links(self, place: Place, emoji: str) -> bool:
        """Whether it matters which papers a person's message links to: ask before you read the message."""
        known = meaning(emoji, {1: _ANY}, await self._chosen(place)) or emoji in KEYCAPS
        return bool(known) and await self._store.is_watched(place.key)

    async def take(self, reaction: Reaction, *, linked: Sequence[PaperId] = ()) -> Message | None:
        """Note a reaction; `linked` are the papers of a person's message, which count where links are watched.

        Returns a private word for somebody's very first save, and nothing otherwise: reactions are answered quietly.
        """
        person, origin = await self._store.person(reaction.account), _origin(reaction)
        meant = None if reaction.present else await self._store.reacted(person, origin)
        meant = meant or await self._meaning(reaction, linked)
        if meant is None:
            return None
        paper_id, kind = meant
        act = FeedbackAct(
            person=person,
            paper_id=paper_id,
            kind=kind,
            present=reaction.present,
            at=reaction.at,
            place=reaction.place.key,
            origin=origin,
        )
        changed = await self._store.give_feedback(act)
        if not (changed and reaction.present and kind is FeedbackKind.SAVE):
            return None
        saves = [entry for entry in await self._store.feedback_of(person) if entry.kind is FeedbackKind.SAVE]
        return _first_save() if len(saves) == 1 else None

    async def _meaning(self, reaction: Reaction, linked: Sequence[PaperId]) -> tuple[PaperId, FeedbackKind] | None:
        """The paper and the feedback that a reaction means by what its message shows now."""
        papers = await self._store.numbered(reaction.place.key, reaction.message)
        if not papers and linked and await self._store.is_watched(reaction.place.key):
            papers = dict(enumerate(dict.fromkeys(linked), start=1))
        return meaning(reaction.emoji, papers, await self._chosen(reaction.place)) if papers else None

    async def _chosen(self, place: Place) -> EmojiSet:
        return (await self._store.emoji([place.workspace_key]))[place.workspace_key]


def meaning(
    emoji: str, papers: Mapping[int, PaperId], chosen: EmojiSet = EmojiSet()
) -> tuple[PaperId, FeedbackKind] | None:
    """The paper and the feedback that an emoji means on a message with these papers, by number; None for none.

    On a message with one paper the emoji for feedback count. On one with several a keycap saves the paper with that
    number.
    """
    number = KEYCAPS.get(emoji)
    if number and len(papers) > 1:
        return (papers[number], FeedbackKind.SAVE) if number in papers else None
    kind = chosen.meaning(emoji)
    return (next(iter(papers.values())), kind) if kind and len(papers) == 1 else None


def _origin(reaction: Reaction) -> str:
    """What tells a reaction from any other act of the same person."""
    return f"{reaction.place.platform}:{reaction.message}:{reaction.emoji}"


def _first_save() -> Message:
    return Message(
        body=(
            text(
                "Saved to your list. ",
                code("/papers saved"),
                " shows it, ",
                code("/papers foryou"),
                " learns from it, and removing the reaction removes the paper. You will see this only once.",
            ),
        ),
        private=True,
    )
