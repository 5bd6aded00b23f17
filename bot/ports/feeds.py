"""Feeds that have an address."""

from datetime import datetime
from typing import Protocol

from bot.domain.feeds import Feed, OpenFeed
from bot.domain.paper_ids import PaperId


class FeedStore(Protocol):
    """Feeds that have an address, by the fingerprint of its token. All moments are UTC with time zone."""

    async def open_feed(self, feed: Feed, fingerprint: str, *, at: datetime) -> bool:
        """Give a feed an address in place of the one it had; returns whether it had one."""

    async def opened_feed(self, fingerprint: str) -> OpenFeed | None:
        """The feed with an address; None for one that nobody has, or has any more."""

    async def count_feeds(self, *, person: int | None = None, place: str | None = None) -> int:
        """How many feeds have an address, of a person or of a place."""

    async def close_feed(self, person: int, fingerprint: str) -> bool:
        """Take the address of a person's feed away; `fingerprint` may be its beginning. False when there is none."""

    async def close_feeds(self, place: str) -> int:
        """Take the addresses of all feeds of a place away, whose ever they are; returns how many there were."""

    async def posted_lately(self, place: str, *, limit: int) -> list[tuple[PaperId, datetime]]:
        """The papers that were last posted to a place, each once, and when, the newest first."""
