"""Notes and tags: what people write about papers."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.notes import Shelf
from bot.domain.paper_ids import PaperId


class NoteStore(Protocol):
    """Notes and tags of people and of places. An `owner` is `person:1` or the key of a place. Moments are UTC."""

    async def write_note(self, owner: str, person: int, paper_id: PaperId, text: str, *, at: datetime) -> str:
        """Keep what a person notes about a paper there, in place of what they noted before, which is returned.

        An empty text deletes it. Unknown papers change nothing.
        """

    async def add_tags(self, owner: str, paper_id: PaperId, names: Sequence[str], *, at: datetime) -> list[str]:
        """Put tags on a paper; returns those that are new there. Unknown papers change nothing."""

    async def tag_all(self, owner: str, tagged: Sequence[tuple[PaperId, str]], *, at: datetime) -> None:
        """Put many tags on papers, each on one. Unknown papers change nothing."""

    async def remove_tags(self, owner: str, paper_id: PaperId, names: Collection[str]) -> list[str]:
        """Take tags off a paper; returns those that were there, by name."""

    async def shelf(self, owner: str) -> Shelf:
        """The notes and tags of an owner."""
