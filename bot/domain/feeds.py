"""Feeds: addresses at which a reader finds somebody's papers, a channel's, or those of a search."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Collection(StrEnum):
    """Where the papers of a file or a feed come from."""

    ME = "me"
    """What a person saved."""
    CHANNEL = "channel"
    """What was saved in a channel."""
    POSTS = "posts"
    """What was posted there."""
    CLUB = "club"
    """What its reading group has read."""
    SEARCH = "search"
    """What a search finds, the newest first."""

    @property
    def is_of_place(self) -> bool:
        """Whether its papers are those of a channel or a private talk."""
        return self in {Collection.CHANNEL, Collection.POSTS, Collection.CLUB}


MOST_FEEDS = 30
"""Feeds of one person."""


@dataclass(frozen=True, slots=True)
class Feed:
    """The papers of a collection for somebody, perhaps of a `place`, by its key, and of those what a `query` asks for.

    `title` is what readers are told it is.
    """

    person: int
    collection: Collection
    place: str = ""
    query: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class OpenFeed:
    """A feed that has an address: the fingerprint of the address's token, and since when (UTC)."""

    feed: Feed
    fingerprint: str
    since: datetime
