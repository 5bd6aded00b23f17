"""Watching links: papers that people share in a channel count as shown there, where an admin has switched that on."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.paper_ids import PaperId
from bot.domain.people import Place
from bot.domain.references import find_paper_ids
from bot.ports import Store


class LinkWatch:
    """Takes note of the papers that people share.

    Nothing is cached: several processes serve a place, and a message without a paper costs no question to the store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def watches(self, place: Place) -> bool:
        """Whether papers shared in a place count: one read by a primary key."""
        return await self._store.is_watched(place.key)

    async def shared(self, place: Place, named: str | Sequence[PaperId], at: datetime) -> None:
        """A person shared papers at a moment (UTC): the message's text, or the ids it holds.

        The daily post does not bring them there any more, also those that nobody knows yet.
        """
        ids = find_paper_ids(named) if isinstance(named, str) else list(named)
        if ids and await self.watches(place):
            await self._store.mark_shown(place.key, ids, at=at)
