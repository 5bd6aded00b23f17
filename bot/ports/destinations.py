"""Where daily posts go."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.deliveries import Upcoming
from bot.domain.destinations import Destination


class DestinationStore(Protocol):
    """How daily posts are set up, and which are due. All moments are UTC with time zone."""

    async def destination(self, place: str) -> Destination | None:
        """How the daily post of a place is set up; None when it never was."""

    async def save_destination(self, destination: Destination, *, now: datetime) -> None:
        """Save how a place gets its daily post, and when the next one is due."""

    async def claim_due(self, *, now: datetime, limit: int) -> int:
        """Make a delivery of every post that is due, for up to `limit` destinations, and set when the next is due.

        No local day of a destination is claimed twice. Returns how many destinations were looked at.
        """

    async def upcoming(self, places: Sequence[str] | None = None, *, deliveries: int = 3) -> list[Upcoming]:
        """Every destination, or those of some places, with its newest deliveries; payloads are left out."""
