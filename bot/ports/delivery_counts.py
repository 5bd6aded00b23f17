"""How the queue of posts is doing."""

from datetime import datetime
from typing import Protocol

from bot.domain.deliveries import Counts


class DeliveryCountStore(Protocol):
    """How many posts are due, open, sent and failed."""

    async def count_deliveries(self, *, now: datetime, since: datetime) -> Counts:
        """How many deliveries are due, open, and claimed since a moment."""
