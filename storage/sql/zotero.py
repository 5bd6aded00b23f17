"""Libraries of Zotero in the database, and their items that stand for papers."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, delete, insert, or_, select, update

from bot.domain.paper_ids import PaperId
from bot.domain.people import FeedbackAct, person_key
from bot.domain.zotero import LinkedItem, ZoteroLibrary
from bot.errors import StoreError
from bot.ports.zotero import ZoteroCounts
from storage.sql.cipher import Cipher
from storage.sql.database import Database, insert_into
from storage.sql.feedback import erase_act, hold_people, note_act
from storage.sql.papers import rows_of
from storage.sql.tables.catalog import papers
from storage.sql.tables.zotero import zotero_items, zotero_libraries
from storage.sql.text import storable_text

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

_ERRORS_NAMED = 3


class ZoteroLibraries(Database):
    """The part of the store that keeps which libraries of Zotero are kept in step, with their keys encrypted."""

    def __init__(self, url: str, keys: Sequence[str] = ()) -> None:
        super().__init__(url)
        self._cipher = Cipher(keys)

    async def connect_zotero(self, library: ZoteroLibrary) -> None:
        """Keep a library in step with what its owner saved, in place of the one before; its key is kept encrypted.

        What is known of its items stays where it is the same collection of the same library. Raises StoreError
        without a key to encrypt with.
        """
        owner = storable_text(library.owner)
        values = {
            "person": library.person,
            "secret": self._cipher.encrypt(library.key),
            "path": library.path,
            "name": storable_text(library.name),
            "collection": library.collection,
            "whole": library.whole,
            **_state(library),
        }
        theirs = zotero_libraries.c.owner == owner
        async with self.writing() as connection:
            # Read from its version on, or what happened since it was disconnected would be missed.
            kept = {name: value for name, value in values.items() if name != "version"}
            if (await connection.execute(update(zotero_libraries).where(*_same(library)).values(**kept))).rowcount:
                return
            await connection.execute(delete(zotero_libraries).where(theirs))
            await connection.execute(insert(zotero_libraries).values(owner=owner, **values))

    async def zotero_library(self, owner: str) -> ZoteroLibrary | None:
        """The library of an owner. Raises StoreError when its key cannot be read any more."""
        query = select(zotero_libraries).where(zotero_libraries.c.owner == storable_text(owner))
        async with self.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return self._library(row) if row else None

    def _library(self, row: Row[Any]) -> ZoteroLibrary:
        return ZoteroLibrary(
            owner=row.owner,
            person=row.person,
            key=self._cipher.decrypt(row.secret, f"the Zotero library of {row.owner}"),
            path=row.path,
            name=row.name,
            collection=row.collection,
            whole=row.whole,
            version=row.version,
            synced_at=row.synced_at,
            next_at=row.next_at,
            error=row.error,
            attempts=row.attempts,
        )

    async def disconnect_zotero(self, owner: str) -> bool:
        """Forget the library of an owner, with its key; what was saved from it stays. False where there was none."""
        gone = delete(zotero_libraries).where(zotero_libraries.c.owner == storable_text(owner))
        async with self.writing() as connection:
            found = (await connection.execute(gone)).rowcount > 0
        await self.purge()
        return found

    async def claim_zotero(self, *, now: datetime, until: datetime, limit: int = 1, owner: str = "") -> list[str]:
        """The owners of libraries whose turn it is, the longest waiting first: nobody else has them before `until`.

        With an `owner`, theirs, whether it is its turn or not; none where somebody works on it.
        """
        table = zotero_libraries.c
        wanted = table.owner == storable_text(owner) if owner else table.next_at <= now
        due = select(table.number).where(wanted, or_(table.busy_until.is_(None), table.busy_until <= now))
        due = due.order_by(zotero_libraries.c.next_at).limit(limit).with_for_update(skip_locked=True)
        async with self.writing() as connection:
            numbers = list(await connection.scalars(due))
            taken = update(zotero_libraries).where(table.number.in_(numbers)).values(busy_until=until)
            owners = await connection.execute(taken.returning(table.number, table.owner))
            by_number = {row.number: row.owner for row in owners}
        return [by_number[number] for number in numbers]

    async def hold_zotero(self, library: ZoteroLibrary, *, until: datetime) -> bool:
        """Keep a library that was claimed for longer; False when it is not connected any more."""
        held = update(zotero_libraries).where(*_same(library)).values(busy_until=until)
        async with self.writing() as connection:
            return (await connection.execute(held)).rowcount > 0

    async def end_zotero(self, library: ZoteroLibrary, ended: ZoteroLibrary) -> None:
        """Give a library back, as it was when its turn began, with how that ended: version, moments, error, attempts.

        One that was connected again meanwhile has its next turn: what the old key came to says nothing of the new one.
        """
        ours = update(zotero_libraries).where(*_same(library))
        untouched = zotero_libraries.c.next_at.is_not_distinct_from(library.next_at)
        async with self.writing() as connection:
            await connection.execute(ours.where(untouched).values(**_state(ended)))
            await connection.execute(ours.values(busy_until=None))

    async def linked_items(self, owner: str) -> list[LinkedItem]:
        """The items of an owner's library that stand for papers, by their keys."""
        query = (
            select(zotero_items, papers.c.id)
            .join(zotero_libraries, zotero_libraries.c.number == zotero_items.c.library)
            .join(papers, papers.c.row == zotero_items.c.row)
            .where(zotero_libraries.c.owner == storable_text(owner))
            .order_by(zotero_items.c.item)
        )
        async with self.reading() as connection:
            return [
                LinkedItem(
                    each.item,
                    PaperId(each.id),
                    each.saved,
                    each.there,
                    each.made,
                    each.version,
                    each.collections,
                    each.tags,
                    each.citation_key,
                )
                for each in await connection.execute(query)
            ]

    async def link_items(
        self, library: ZoteroLibrary, items: Sequence[LinkedItem], acts: Sequence[FeedbackAct] = ()
    ) -> bool:
        """Keep what is known of items, and the saves of those that came, both or neither.

        The save of one that went, which is not `present`, is as if it had never been: what was said here stands.
        False, and nothing is kept, when the library is not connected any more. Unknown papers change nothing.
        """
        async with self.writing() as connection:
            await hold_people(connection, *{act.person for act in acts})
            number = await _number(connection, library)
            if number is None:
                return False
            rows = await rows_of(connection, {each.paper_id for each in items})
            for each in items:
                if each.paper_id in rows:
                    await _keep(connection, number, rows[each.paper_id], each)
            for act in acts:
                await (note_act if act.present else erase_act)(connection, act)
        return True

    async def unlink_items(self, library: ZoteroLibrary, keys: Collection[str]) -> None:
        """Forget items of a library."""
        async with self.writing() as connection:
            theirs = zotero_items.c.library == await _number(connection, library)
            await connection.execute(delete(zotero_items).where(theirs, zotero_items.c.item.in_(keys)))

    async def count_zotero(self) -> ZoteroCounts:
        """How many libraries there are, and how they are doing."""
        async with self.reading() as connection:
            errors = list(await connection.scalars(select(zotero_libraries.c.error)))
        told = [error for error in errors if error]
        return ZoteroCounts(len(errors), len(told), tuple(sorted(set(told))[:_ERRORS_NAMED]))

    async def encrypt_zotero_anew(self) -> None:
        """Encrypt every key of a library with the newest key; those that cannot be read any more stay as they are."""
        async with self.writing() as connection:
            for row in (await connection.execute(select(zotero_libraries))).all():
                with suppress(StoreError):
                    secret = self._cipher.encrypt(self._library(row).key)
                    same = zotero_libraries.c.number == row.number
                    await connection.execute(update(zotero_libraries).where(same).values(secret=secret))


def _state(library: ZoteroLibrary) -> dict[str, Any]:
    return {
        "version": library.version,
        "synced_at": library.synced_at,
        "next_at": library.next_at,
        "error": storable_text(library.error),
        "attempts": library.attempts,
    }


def _same(library: ZoteroLibrary) -> list[ColumnElement[bool]]:
    """Whether an owner still has this library, and reads the same of it."""
    values = {"path": library.path, "collection": library.collection, "whole": library.whole}
    own = zotero_libraries.c.owner == storable_text(library.owner)
    return [own, *(zotero_libraries.c[name] == value for name, value in values.items())]


async def _number(connection: "AsyncConnection", library: ZoteroLibrary) -> int | None:
    """The number of a library, which nobody disconnects before the transaction ends; None where somebody did."""
    query = select(zotero_libraries.c.number).where(*_same(library))
    number: int | None = await connection.scalar(query.with_for_update())
    return number


async def _keep(connection: "AsyncConnection", number: int, row: int, item: LinkedItem) -> None:
    known = {
        "row": row,
        "saved": item.saved,
        "there": item.there,
        "made": item.made,
        "version": item.version,
        "collections": item.collections,
        "tags": item.tags,
        "citation_key": storable_text(item.citation_key),
    }
    kept = insert_into(connection, zotero_items).values(library=number, item=item.item, **known)
    await connection.execute(kept.on_conflict_do_update(index_elements=["library", "item"], set_=known))


async def join_zotero(connection: "AsyncConnection", joined: int, kept: int) -> None:
    """Make the library of one person that of another, unless they have one; keys they gave for places stay in use."""
    theirs, other = (zotero_libraries.c.owner == person_key(person) for person in (joined, kept))
    if await connection.scalar(select(zotero_libraries.c.number).where(other)):
        await connection.execute(delete(zotero_libraries).where(theirs))
    await connection.execute(update(zotero_libraries).where(theirs).values(owner=person_key(kept)))
    given = zotero_libraries.c.person == joined
    await connection.execute(update(zotero_libraries).where(given).values(person=kept))
