"""Sightings: which papers were in which messages of a place, and of which of them people were reminded."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.paper_ids import PaperId
from bot.domain.people import PaperHistory


class SightingStore(Protocol):
    """Papers in messages of places (their keys). Moments are UTC."""

    async def note_share(self, place: str, message: str, ids: Sequence[PaperId], person: int, *, at: datetime) -> None:
        """Keep that a person's message shared papers, also papers not known yet; the first time it is told counts."""

    async def forget_message(self, place: str, message: str) -> None:
        """Delete which papers a message had."""

    async def paper_history(self, place: str, paper_id: PaperId) -> PaperHistory:
        """What a place knows of a paper, under whichever of its ids."""

    async def claim_reminder(
        self, place: str, reader: str, paper_id: PaperId, *, now: datetime, since: datetime
    ) -> bool:
        """Note that a `reader` is reminded of a paper in a place now; False where that was so after `since` already.

        A reader is a person (`person:1`), or empty for everybody there.
        """
