"""Watching links: papers that people share in a channel count as shown there, where an admin has switched that on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.messages import Message, Text, strong, text
from bot.domain.paper_ids import PaperId
from bot.domain.people import Account, Place
from bot.library.reminders import Permalink, no_permalink, reminder
from bot.ports import Store

_REMINDERS = 3
"""Papers of one message of which people are reminded."""


@dataclass(frozen=True, slots=True)
class SharedMessage:
    """A message by its id, as somebody wrote it in a place at a moment (UTC)."""

    message: str
    account: Account
    place: Place
    at: datetime


class LinkWatch:
    """Takes note of the papers that people share.

    Nothing is cached: several processes serve a place, and a message without a paper costs no question to the store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def watches(self, place: Place) -> bool:
        """Whether papers shared in a place count: one read by a primary key."""
        return await self._store.is_watched(place.key)

    async def shared(self, shared: SharedMessage, ids: Sequence[PaperId]) -> None:
        """A person shared papers: the daily post does not bring them there any more, also those nobody knows yet."""
        if ids and await self.watches(shared.place):
            person = await self._store.person(shared.account)
            await self._store.note_share(shared.place.key, shared.message, ids, person, at=shared.at)
            await self._store.mark_shown(shared.place.key, ids, at=shared.at)

    async def known(
        self, shared: SharedMessage, ids: Sequence[PaperId], permalink: Permalink = no_permalink
    ) -> Message | None:
        """What is to be said under a message: when its papers came up there before; None where nothing is."""
        lines = [await self._known(shared, paper_id, permalink, several=len(ids) > 1) for paper_id in ids[:_REMINDERS]]
        body = tuple(filter(None, lines))
        return Message(body=body) if body else None

    async def _known(self, shared: SharedMessage, paper_id: PaperId, permalink: Permalink, *, several: bool) -> Text:
        line = await reminder(
            self._store, shared.place, paper_id, now=shared.at, without=shared.message, permalink=permalink
        )
        stored = await self._store.paper(paper_id) if line and several else None
        return text(strong(stored.paper.name), ": ", *line) if stored else line

    async def deleted(self, place: Place, message: str) -> None:
        """A message was deleted: nobody is led to it any more."""
        await self._store.forget_message(place.key, message)
