"""Where daily posts go."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.deliveries import Upcoming
from bot.domain.destinations import Destination


class DestinationStore(Protocol):
    """How daily posts are set up, and which are due. All moments are UTC with time zone."""

    async def destination(self, key: str) -> Destination | None:
        """How a daily post is set up, by its key, which for the first of a place is the place's; None for none."""

    async def posts_of(self, place: str) -> list[Destination]:
        """The daily posts of a place (its key) as they are set up, the first before those with names."""

    async def remove_destination(self, key: str) -> bool:
        """Delete a daily post, its topics and its deliveries; returns whether it was there."""

    async def save_destination(self, destination: Destination, *, now: datetime) -> None:
        """Save how a place gets a daily post, and when the next one is due."""

    async def claim_due(self, *, now: datetime, limit: int) -> int:
        """Make a delivery of every post that is due, for up to `limit` destinations, and set when the next is due.

        No local day of a destination is claimed twice. Returns how many destinations were looked at.
        """

    async def upcoming(self, places: Sequence[str] | None = None, *, deliveries: int = 3) -> list[Upcoming]:
        """Every destination, or those of some places, with its newest deliveries; payloads are left out."""
