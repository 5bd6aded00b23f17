"""TODO."""

from dataclasses import dataclass

from bot.domain.emoji import EmojiSet
from bot.domain.papers import PaperId
from bot.domain.people import Account, FeedbackKind, Place
from bot.library.library import Library

PAGE = 5
"""Papers on a page of an answer."""


@dataclass(frozen=True, slots=True)
class Call:
    """One use of a command: by whom, where, and with what to answer it.

    `alone` says that the answer is for this person alone; `line` is the command as typed, without its page, and `page`
    counts from 1.
    """

    library: Library
    account: Account
    place: Place
    person: int
    admin: bool
    ephemeral: bool
    line: str
    page: int = 1

    @property
    def owner(self) -> str:
        """The name under which the store keeps what this person follows and has seen."""
        return f"person:{self.person}"

    async def saved(self) -> frozenset[PaperId]:
        """The papers this person has saved, where the answer may go by it: what others see as well does not."""
        if not self.ephemeral:
            return frozenset()
        judged = await self.library.store.feedback_of(self.person)
        return frozenset(entry.paper_id for entry in judged if entry.attitude is FeedbackKind.SAVE)

    async def emoji(self) -> EmojiSet:
        """The emoji that count here."""
        return (await self.library.store.emoji([self.place.workspace_key]))[self.place.workspace_key]

    @property
    def offset(self) -> int:
        """How many results earlier pages showed."""
        return (self.page - 1) * PAGE
