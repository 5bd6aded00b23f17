"""Places in the database: what they follow, and what was posted and shown there."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, Text, cast, delete, func, insert, select

from bot.domain.follows import FollowKind
from bot.domain.paper_ids import PaperId
from bot.domain.people import Topic
from bot.domain.zotero import PLATFORM as ZOTERO
from storage.sql.database import Database, insert_into
from storage.sql.papers import read_rows, rows_of
from storage.sql.people import forget
from storage.sql.tables.every import (
    PLACE_COLUMNS,
    accounts,
    awaited,
    bots,
    delegates,
    emoji,
    follows,
    mail_asks,
    posts,
    shown,
    topics,
)
from storage.sql.text import is_storable, storable_text

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


class Places(Database):
    """The part of the store that keeps channels and workspaces; people have topics and shown papers, too."""

    async def topics(self, owner: str) -> list[Topic]:
        """What a place (its key), a post with a name or a person (`person:1`) follows, in the order it was added."""
        query = select(topics).where(topics.c.owner == storable_text(owner)).order_by(topics.c.number)
        async with self.reading() as connection:
            return [topic_in(row) for row in await connection.execute(query)]

    async def followed(self) -> list[str]:
        """The topics and queries with fields (`cat:cs.LG`) that anybody follows, each once: topics first, by age."""
        fielded = topics.c.wanted & topics.c.text.contains(":", autoescape=True)
        topical = select(topics.c.text).where(fielded).order_by(topics.c.number)
        queries = (follows.c.kind == FollowKind.QUERY.value) & follows.c.value.contains(":", autoescape=True)
        queried = select(follows.c.value).where(queries).order_by(follows.c.number)
        found = await self.read(lambda connection: [*connection.scalars(topical), *connection.scalars(queried)])
        return list(dict.fromkeys(found))

    async def follow(self, owner: str, topic: Topic) -> bool:
        """Add a topic in place of those of the same text or name; returns whether anything changed.

        One without a name keeps the name that its text had.
        """
        owner, added = storable_text(owner), replace(topic, text=storable_text(topic.text))
        async with self.writing() as connection:
            known = await _topics_of(connection, owner)
            same = [number for number, each in known.items() if _is_same(each, added)]
            before = [known[number] for number in same]
            added = replace(added, name=added.name or "".join(each.name for each in before))
            if [_folded(each) for each in before] == [_folded(added)]:
                return False
            await connection.execute(delete(topics).where(topics.c.number.in_(same)))
            values = {"owner": owner, "folded": added.text.casefold(), "text": added.text, "wanted": added.wanted}
            await connection.execute(insert(topics).values(**values, name=added.name))
        return True

    async def unfollow(self, owner: str, text: str) -> bool:
        """Remove a topic by its text or its name, ignoring case; returns whether it was there."""
        called = storable_text(text)
        async with self.writing() as connection:
            known = await _topics_of(connection, storable_text(owner))
            same = [number for number, each in known.items() if each.is_called(called)]
            await connection.execute(delete(topics).where(topics.c.number.in_(same)))
        return bool(same)

    async def record_post(self, place: str, message: str, ids: Sequence[PaperId], *, first: int = 1) -> None:
        """Keep which papers a message in a place shows, in order, numbered from `first`."""
        async with self.writing() as connection:
            await note_post(connection, place, message, ids, first)

    async def posted(self, place: str, message: str) -> list[PaperId]:
        """The papers a message shows, in order; empty for a message that is not the bot's."""
        return list((await self.numbered(place, message)).values())

    async def numbered(self, place: str, message: str) -> dict[int, PaperId]:
        """The papers a message shows, by the numbers they have on it; empty for a message that is not the bot's."""
        here = (posts.c.place == storable_text(place)) & (posts.c.message == storable_text(message))
        async with self.reading() as connection:
            post = (await connection.execute(select(posts.c.papers, posts.c.first).where(here))).first()
        return {number: PaperId(paper_id) for number, paper_id in enumerate(post.papers, post.first)} if post else {}

    async def find_channel(self, platform: str, channel: str) -> str | None:
        """The key of the place under which messages of a channel were recorded; None where there are none."""
        async with self.reading() as connection:
            place: str | None = await connection.scalar(_places_of(platform, channel).limit(1))
            return place

    async def find_post(self, platform: str, channel: str, messages: Sequence[str]) -> str | None:
        """The key of the place where one of these messages was recorded, in whichever workspace its channel is seen.

        None for messages that are not the bot's.
        """
        named = posts.c.message.in_([storable_text(message) for message in messages])
        query = _places_of(platform, channel).where(named)
        async with self.reading() as connection:
            place: str | None = await connection.scalar(query)
            return place

    async def mark_shown(self, owner: str, ids: Sequence[PaperId], *, at: datetime) -> None:
        """Keep that a place or a person was shown papers, also papers not known yet: they are not posted again."""
        async with self.writing() as connection:
            await note_shown(connection, owner, ids, at)

    async def shown(self, owner: str) -> frozenset[int]:
        """Rows of the papers a place or a person was shown."""
        async with self.reading() as connection:
            return frozenset((await shown_to(connection, [storable_text(owner)]))[storable_text(owner)])

    async def forget_workspace(self, platform: str, workspace: str) -> None:
        """Delete everything of a workspace: its places, their topics and posts, and the feedback given there."""
        prefix = f"{platform}:{workspace}:"
        async with self.writing() as connection:
            for column in PLACE_COLUMNS:
                await connection.execute(delete(column.table).where(column.startswith(prefix, autoescape=True)))
            for table in (emoji, delegates):
                await connection.execute(delete(table).where(table.c.workspace == prefix.removesuffix(":")))
            theirs = f"{platform}:{workspace}/"
            await connection.execute(delete(mail_asks).where(mail_asks.c.requester.startswith(theirs, autoescape=True)))
            for person in [
                *await _members(connection, platform, f"{workspace}/"),
                *await _members(connection, ZOTERO, prefix),
            ]:
                await forget(connection, person)
        await self.purge()

    async def workspaces(self, platform: str) -> frozenset[str]:
        """The workspaces of a platform about which `forget_workspace` would delete something."""
        prefix, found = f"{platform}:", set[str]()
        async with self.reading() as connection:
            for column in (*PLACE_COLUMNS, emoji.c.workspace, delegates.c.workspace):
                places = select(column).where(column.startswith(prefix, autoescape=True)).distinct()
                found |= {place.removeprefix(prefix).split(":")[0] for place in await connection.scalars(places)}
        return frozenset(found - {""})

    async def is_kept_for(self, platform: str, bot: str) -> bool:
        """Whether the workspaces of a platform belong to this bot (by its id): the first bot that asks owns them."""
        async with self.writing() as connection:
            first = insert_into(connection, bots).values(platform=platform, id=bot)
            await connection.execute(first.on_conflict_do_nothing())
            return await connection.scalar(select(bots.c.id).where(bots.c.platform == platform)) == bot


def topic_in(row: Any) -> Topic:
    """The topic in a row of its table."""
    return Topic(row.text, wanted=row.wanted, name=row.name)


async def _topics_of(connection: "AsyncConnection", owner: str) -> dict[int, Topic]:
    """The topics of an owner by their numbers."""
    rows = await connection.execute(select(topics).where(topics.c.owner == owner).order_by(topics.c.number))
    return {row.number: topic_in(row) for row in rows}


def _is_same(one: Topic, other: Topic) -> bool:
    named = bool(one.name) and one.name.casefold() == other.name.casefold()
    return named or one.text.casefold() == other.text.casefold()


def _folded(topic: Topic) -> Topic:
    return replace(topic, text=topic.text.casefold())


def _places_of(platform: str, channel: str) -> Select[tuple[str]]:
    """The places of recorded messages of a channel, whichever workspace it was seen from."""
    return select(posts.c.place).where(
        posts.c.place.startswith(f"{platform}:", autoescape=True),
        posts.c.place.endswith(f":{storable_text(channel)}", autoescape=True),
    )


async def note_post(
    connection: "AsyncConnection", place: str, message: str, ids: Sequence[PaperId], first: int = 1
) -> None:
    """Keep which papers a message in a place shows, in order, numbered from `first`."""
    shows = {"papers": tuple(ids), "first": first}
    insertion = insert_into(connection, posts).values(
        place=storable_text(place), message=storable_text(message), **shows
    )
    await connection.execute(insertion.on_conflict_do_update(index_elements=["place", "message"], set_=shows))


async def note_shown(connection: "AsyncConnection", owner: str, ids: Sequence[PaperId], at: datetime) -> None:
    """Keep that a place or a person was shown papers; of papers not known yet the ids are kept."""
    rows, key = await rows_of(connection, ids), storable_text(owner)
    if rows:
        values = [{"owner": key, "row": row, "at": at} for row in sorted(set(rows.values()))]
        await connection.execute(insert_into(connection, shown).on_conflict_do_nothing(), values)
    if unknown := sorted({paper_id for paper_id in ids if paper_id not in rows and is_storable(paper_id)}):
        later = [{"owner": key, "id": paper_id, "at": at} for paper_id in unknown]
        await connection.execute(insert_into(connection, awaited).on_conflict_do_nothing(), later)


async def shown_to(connection: "AsyncConnection", owners: Sequence[str]) -> defaultdict[str, set[int]]:
    """Rows of the papers each owner was shown, also where they became known only afterwards."""
    return await connection.run_sync(read_shown, owners)


def read_shown(connection: Connection, owners: Sequence[str]) -> defaultdict[str, set[int]]:
    """`shown_to` for a connection that blocks."""
    seen: defaultdict[str, set[int]] = defaultdict(set)
    # A hundred papers for every post are read in a quarter of the time as one text.
    listed = func.aggregate_strings(cast(shown.c.row, Text), ",")
    for owner, rows in connection.execute(
        select(shown.c.owner, listed).where(shown.c.owner.in_(owners)).group_by(shown.c.owner)
    ):
        seen[owner].update(map(int, rows.split(",")))
    kept = connection.execute(select(awaited.c.owner, awaited.c.id).where(awaited.c.owner.in_(owners))).all()
    known = read_rows(connection, {each.id for each in kept})
    for each in kept:
        if each.id in known:
            seen[each.owner].add(known[each.id])
    return seen


async def _members(connection: "AsyncConnection", platform: str, prefix: str) -> list[int]:
    """People known by accounts of a workspace (`T1/U1`) alone; accounts that other people have there are deleted."""
    within = (accounts.c.platform == platform) & accounts.c.id.startswith(prefix, autoescape=True)
    people = set(await connection.scalars(select(accounts.c.person).where(within)))
    await connection.execute(delete(accounts).where(within))
    elsewhere = set(await connection.scalars(select(accounts.c.person).where(accounts.c.person.in_(people))))
    return sorted(people - elsewhere)
