"""Feeds in the database, and what was posted lately."""

from datetime import datetime

from sqlalchemy import delete, func, select

from bot.domain.feeds import Collection, Feed, OpenFeed
from bot.domain.paper_ids import PaperId
from storage.sql.database import Database, insert_into
from storage.sql.tables.channels import posts
from storage.sql.tables.readers import feeds
from storage.sql.tables.schedule import deliveries, destinations
from storage.sql.text import storable_text

_POSTS_READ = 60
"""Deliveries of a place that are looked at for what was posted there lately."""


class Feeds(Database):
    """The part of the store that keeps which feeds have an address."""

    async def open_feed(self, feed: Feed, fingerprint: str, *, at: datetime) -> bool:
        """Give a feed an address in place of the one it had; returns whether it had one."""
        values = {
            "person": feed.person,
            "collection": feed.collection.value,
            "place": storable_text(feed.place),
            "query": storable_text(feed.query),
        }
        same = [feeds.c[name] == value for name, value in values.items()]
        async with self.writing() as connection:
            before = await connection.execute(delete(feeds).where(*same))
            kept = {**values, "title": storable_text(feed.title), "fingerprint": fingerprint, "since": at}
            await connection.execute(insert_into(connection, feeds).values(**kept))
            return before.rowcount > 0

    async def opened_feed(self, fingerprint: str) -> OpenFeed | None:
        """The feed with an address; None for one that nobody has, or has any more."""
        async with self.reading() as connection:
            found = (await connection.execute(select(feeds).where(feeds.c.fingerprint == fingerprint))).first()
        if found is None:
            return None
        feed = Feed(found.person, Collection(found.collection), found.place, found.query, found.title)
        return OpenFeed(feed, found.fingerprint, found.since)

    async def count_feeds(self, *, person: int | None = None, place: str | None = None) -> int:
        """How many feeds have an address, of a person or of a place."""
        counted = select(func.count()).select_from(feeds)
        if person is not None:
            counted = counted.where(feeds.c.person == person)
        if place is not None:
            counted = counted.where(feeds.c.place == storable_text(place))
        async with self.reading() as connection:
            return int(await connection.scalar(counted) or 0)

    async def close_feed(self, person: int, fingerprint: str) -> bool:
        """Take the address of a person's feed away; `fingerprint` may be its beginning. False when there is none."""
        begins = feeds.c.fingerprint.startswith(storable_text(fingerprint), autoescape=True)
        async with self.writing() as connection:
            return (await connection.execute(delete(feeds).where(feeds.c.person == person, begins))).rowcount > 0

    async def close_feeds(self, place: str) -> int:
        """Take the addresses of all feeds of a place away, whose ever they are; returns how many there were."""
        async with self.writing() as connection:
            return (await connection.execute(delete(feeds).where(feeds.c.place == storable_text(place)))).rowcount

    async def posted_lately(self, place: str, *, limit: int) -> list[tuple[PaperId, datetime]]:
        """The papers that were last posted to a place, each once, and when, the newest first."""
        sent = (
            select(deliveries.c.sent, deliveries.c.ended_at)
            .join(destinations, destinations.c.key == deliveries.c.destination)
            .where(destinations.c.place == storable_text(place), deliveries.c.ended_at.is_not(None))
            .order_by(deliveries.c.ended_at.desc(), deliveries.c.number.desc())
            .limit(_POSTS_READ)
        )
        async with self.reading() as connection:
            ended = [(message, row.ended_at) for row in await connection.execute(sent) for message in row.sent]
            shown = select(posts.c.message, posts.c.papers).where(
                posts.c.place == storable_text(place), posts.c.message.in_([message for message, _ in ended])
            )
            papers = {row.message: row.papers for row in await connection.execute(shown)}
        found: dict[PaperId, datetime] = {}
        for message, at in ended:
            for paper_id in papers.get(message, ()):
                found.setdefault(PaperId(paper_id), at)
        return list(found.items())[:limit]
