"""Which papers the messages of a channel show or link to, whatever workspace the channel is seen from.

A channel that workspaces share (Slack Connect, or several workspaces of an organisation) has one id in all of them, and
an event names only one of them: not always the one in which a message was recorded.
"""

from collections.abc import Sequence
from dataclasses import replace

from adapters.slack import PLATFORM
from bot.domain.paper_ids import PaperId
from bot.domain.people import Place
from bot.ports import Store

_LINKED = "link:"
"""What the name of a person's message begins with: reading messages back is not needed, and Slack hardly allows it."""


class Posts:
    """Finds messages by channel and timestamp."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def place(self, seen: Place, message: str) -> Place | None:
        """The place where a message was recorded, seen from any workspace; None for one that was not."""
        if seen.private:
            return seen
        key = await self._store.find_post(seen.platform, seen.channel, [message, f"{_LINKED}{message}"])
        return replace(seen, workspace=key.split(":")[1]) if key else None

    async def workspace(self, channel: str, message: str) -> str:
        """The workspace for which a message was posted, or another one of its channel; empty where there is none.

        Answers that one person sees are not recorded, but come in channels that have posts.
        """
        key = await self._store.find_post(PLATFORM, channel, [message]) if message else None
        key = key or await self._store.find_channel(PLATFORM, channel)
        return key.split(":")[1] if key else ""

    async def shown(self, seen: Place, message: str) -> list[PaperId]:
        """The papers that a message of Paperboy's shows, in order."""
        where = await self.place(seen, message)
        return await self._store.posted(where.key, message) if where else []

    async def linked(self, place: Place, message: str) -> list[PaperId]:
        """The papers that a person's message linked to when it was posted."""
        return await self._store.posted(place.key, f"{_LINKED}{message}")

    async def record_links(self, place: Place, message: str, ids: Sequence[PaperId]) -> None:
        """Remember which papers a person's message links to, so that reactions to it count."""
        await self._store.record_post(place.key, f"{_LINKED}{message}", ids)
