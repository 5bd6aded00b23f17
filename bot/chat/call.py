"""What a command is given: who asks, where, and the app to answer with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.emoji import EmojiSet
from bot.domain.messages import Attachment
from bot.domain.paper_ids import PaperId
from bot.domain.people import Account, FeedbackKind, Place, person_key
from bot.library.app import App
from bot.library.library import Library
from bot.library.reminders import Permalink, no_permalink
from bot.ports import Store

PAGE = 5
"""Papers on a page of an answer."""


@dataclass(frozen=True, slots=True)
class Call:
    """One use of a command: by whom, where, and with what to answer it.

    `ephemeral` says that this person alone sees the answer; `line` is the command as typed, without its page, and
    `page` counts from 1. `permalink` tells the addresses of messages of the place; `file` is what came with it, and
    `filled` what was filled into a form that nobody else saw.
    """

    app: App
    account: Account
    place: Place
    person: int
    admin: bool
    ephemeral: bool
    line: str
    page: int = 1
    permalink: Permalink = no_permalink
    file: Attachment | None = None
    filled: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def library(self) -> Library:
        """What finds and recommends papers."""
        return self.app.library

    @property
    def store(self) -> Store:
        """Everything that is kept."""
        return self.app.store

    def now(self) -> datetime:
        """The current moment (UTC)."""
        return self.app.clock.now()

    @property
    def owner(self) -> str:
        """The name under which the store keeps what this person follows and has seen."""
        return person_key(self.person)

    async def saved(self) -> frozenset[PaperId]:
        """The papers this person has saved, where the answer may go by it: what others see as well does not."""
        if not self.ephemeral:
            return frozenset()
        feedback = await self.store.feedback_of(self.person)
        return frozenset(entry.paper_id for entry in feedback if entry.kind is FeedbackKind.SAVE)

    async def emoji(self) -> EmojiSet:
        """The emoji that count here."""
        return (await self.store.emoji([self.place.workspace_key]))[self.place.workspace_key]

    @property
    def offset(self) -> int:
        """How many results earlier pages showed."""
        return (self.page - 1) * PAGE
