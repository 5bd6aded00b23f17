"""Feeds and their addresses: an address is a secret that reads, so only a fingerprint of it is kept."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from bot.domain.feeds import MOST_FEEDS, Feed, OpenFeed
from bot.errors import QueryError, UserError
from bot.library.app import App
from bot.library.collected import papers_of
from bot.library.shelves import Kept

PATH = "/feeds"

MOST_ENTRIES = 100
"""Papers of a feed: the newest."""

_KEY = 16
"""Characters of a fingerprint by which its owner names it."""


@dataclass(frozen=True, slots=True)
class Address:
    """A new address; `key` is what takes it away again, `replaced` whether there was one before."""

    url: str
    key: str
    replaced: bool


async def give_address(app: App, feed: Feed) -> Address:
    """Give a feed an address in place of the one it had. Raises UserError where none can be had."""
    if not app.public_url:
        raise UserError("There are no feeds here: whoever runs this Paperboy has set no PAPERBOY_PUBLIC_URL for them.")
    await papers_of(app, feed)  # a search that nobody understands gets no address
    token = secrets.token_urlsafe(24)
    kept = fingerprint(token)
    replaced = await app.store.open_feed(feed, kept, at=app.clock.now())
    if await app.store.count_feeds(person=feed.person) > MOST_FEEDS:
        await app.store.close_feed(feed.person, kept)
        raise UserError(f"You have {MOST_FEEDS} feeds, which is as many as one can have. Revoke one first.")
    return Address(f"{app.public_url}{PATH}/{token}.atom", kept[:_KEY], replaced)


def fingerprint(token: str) -> str:
    """What is kept of the token of an address."""
    return sha256(token.encode(errors="replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class FeedPage:
    """What a feed holds now, the newest first, and when that last changed (UTC)."""

    opened: OpenFeed
    papers: Sequence[Kept]
    updated: datetime


async def read_feed(app: App, opened: OpenFeed) -> FeedPage:
    """What a feed holds now."""
    try:
        found = await papers_of(app, opened.feed)
    except QueryError:
        found = []
    newest = sorted(found, key=lambda each: each.at, reverse=True)[:MOST_ENTRIES]
    return FeedPage(opened, newest, max([opened.since, *(each.at for each in newest)]))
