"""Reactions -> what people think of papers: idempotent, and whatever order they arrive in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.chat.paper_choice import which_paper
from bot.domain.emoji import KEYCAPS, EmojiSet
from bot.domain.messages import Message, code, text
from bot.domain.paper_ids import PaperId
from bot.domain.people import Account, FeedbackAct, FeedbackKind, Place
from bot.library.lookup import Lookup
from bot.ports import Store
from bot.runtime.limits import NO_LIMITS, Limits

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

    def __init__(self, store: Store, lookup: Lookup | None = None, limits: Limits = NO_LIMITS) -> None:
        self._store = store
        self._limits = limits
        self._lookup = lookup
        """What asks for papers that people link to and that are not here; without it their reactions change nothing."""

    async def wants_links(self, place: Place, emoji: str) -> bool:
        """Whether it matters which papers a person's message links to: ask before you read the message."""
        known = meaning(emoji, {1: _ANY}, await self._chosen(place)) or emoji in KEYCAPS
        return bool(known) and await self._store.is_watched(place.key)

    async def take(self, reaction: Reaction, *, linked: Sequence[PaperId] = ()) -> Message | None:
        """Note a reaction; `linked` are the papers of a person's message, which count where links are watched.

        Returns a private word for somebody's very first save, and a private question where several papers may be meant;
        nothing otherwise: reactions are answered quietly.
        """
        with self._limits.counted_for(reaction.account, reaction.place):
            return await self._taken(reaction, linked)

    async def _taken(self, reaction: Reaction, linked: Sequence[PaperId]) -> Message | None:
        person, origin = await self._store.person(reaction.account), _origin(reaction)
        meant = None if reaction.present else await self._store.reacted(person, origin)
        papers = {} if meant else await self._papers(reaction, linked)
        chosen = await self._chosen(reaction.place)
        meant = meant or meaning(reaction.emoji, papers, chosen)
        if meant is None:
            bookmarked = reaction.present and chosen.meaning(reaction.emoji) is FeedbackKind.SAVE
            return await self._which(reaction, papers) if bookmarked and papers else None
        paper_id, kind = meant
        # Taking a reaction off waits, too: otherwise putting it on could be stored after it, and count.
        if self._lookup and not await self._store.paper(paper_id):
            await self._lookup.settle(paper_id)
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

    async def _papers(self, reaction: Reaction, linked: Sequence[PaperId]) -> Mapping[int, PaperId]:
        """The papers that a message shows now, by their numbers."""
        papers = await self._store.numbered(reaction.place.key, reaction.message)
        if not papers and linked and await self._store.is_watched(reaction.place.key):
            return dict(enumerate(dict.fromkeys(linked), start=1))
        return papers

    async def _which(self, reaction: Reaction, papers: Mapping[int, PaperId]) -> Message:
        """The question which paper of a list to save."""
        ids = list(papers.values())
        where = reaction.place.name or "this conversation"
        question = f"Which paper of the list in {where} do you want to save?"
        if keycap := next((emoji for emoji, number in KEYCAPS.items() if number in papers), None):
            question += f" Reacting with {keycap} saves the one with that number at once."
        return which_paper(text(question), "save", ids, await self._store.papers(ids))

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
