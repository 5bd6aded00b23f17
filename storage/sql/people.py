"""People in the database: their accounts, and the codes that join them."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Select, delete, insert, literal, select, tuple_, update

from bot.domain.mailboxes import PLATFORM as MAIL
from bot.domain.mailboxes import mailbox_place
from bot.domain.people import Account, person_key, private_talk
from storage.sql.clubs import move_club_acts, nobodys
from storage.sql.database import Database, insert_into
from storage.sql.feedback import hold_people, move_feedback
from storage.sql.notes import move_notes
from storage.sql.sightings import forget_sightings, join_sightings
from storage.sql.tables.every import (
    PLACE_COLUMNS,
    accounts,
    awaited,
    delegates,
    destinations,
    feedback,
    feeds,
    follows,
    link_codes,
    mail_asks,
    notes,
    people,
    saved_commands,
    shown,
    tags,
    topics,
    zotero_libraries,
)
from storage.sql.text import storable_text
from storage.sql.zotero import join_zotero

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

_OWNED = {
    topics: ("folded", "text", "wanted", "name"),
    shown: ("row", "at"),
    awaited: ("id", "at"),
    tags: ("row", "tag", "at"),
}
"""Tables with a column `owner`, and their other columns."""


class People(Database):
    """The part of the store that keeps people and their accounts."""

    async def person(self, account: Account) -> int:
        """The person with an account; a new person the first time. A new name is stored."""
        async with self.reading() as connection:
            known = (await connection.execute(_found(account))).one_or_none()
        if known and storable_text(account.name) in {"", known.name}:
            return int(known.person)
        async with self.writing() as connection:
            return await _note(connection, account)

    async def is_known(self, account: Account) -> bool:
        """Whether somebody has ever used the bot with this account."""
        async with self.reading() as connection:
            return (await connection.execute(_found(account))).first() is not None

    async def accounts(self, person: int) -> list[Account]:
        """Every account of a person, by platform and id."""
        async with self.reading() as connection:
            return await _accounts(connection, person)

    async def offer_link(self, person: int, code: str, *, expires: datetime) -> None:
        """Keep a one-time code by which another account joins this person; it replaces an earlier code."""
        async with self.writing() as connection:
            await connection.execute(delete(link_codes).where(link_codes.c.person == person))
            await connection.execute(insert(link_codes).values(person=person, code=code, expires=expires))

    async def take_link(self, code: str, *, taker: int, now: datetime) -> int | None:
        """The person with this code, if it is valid; it can be used once. None when `taker` is that person."""
        taken = delete(link_codes).where(link_codes.c.code == storable_text(code), link_codes.c.person != taker)
        async with self.writing() as connection:
            row = (await connection.execute(taken.returning(link_codes.c.person, link_codes.c.expires))).one_or_none()
        return int(row.person) if row and row.expires > now else None

    async def join_people(self, kept: int, joined: int) -> None:
        """Make two people one: accounts, feedback, notes, topics and follows of `joined` become those of `kept`."""
        async with self.writing() as connection:
            await hold_people(connection, kept, joined)
            await connection.execute(update(accounts).where(accounts.c.person == joined).values(person=kept))
            await move_feedback(connection, joined, kept)
            await move_notes(connection, joined, kept)
            await join_sightings(connection, joined, kept)
            await move_club_acts(connection, joined, kept)
            await join_zotero(connection, joined, kept)
            for table, columns in _OWNED.items():
                owned = select(literal(person_key(kept)), *(table.c[name] for name in columns))
                moved = insert_into(connection, table).from_select(
                    ["owner", *columns], owned.where(table.c.owner == person_key(joined))
                )
                await connection.execute(moved.on_conflict_do_nothing())
            for table in (destinations, mail_asks, feeds):
                await connection.execute(update(table).where(table.c.person == joined).values(person=kept))
            theirs = update(follows).where(follows.c.owner == person_key(joined))
            await connection.execute(theirs.values(owner=person_key(kept)))
            await forget(connection, joined)

    async def forget_person(self, person: int) -> None:
        """Delete a person and everything stored about them."""
        async with self.writing() as connection:
            await forget(connection, person)
        await self.purge()


async def forget(connection: "AsyncConnection", person: int) -> None:
    """Delete every row of a person, of their private talks and mailboxes, and of mails they or others asked for."""
    await hold_people(connection, person)
    known = await _accounts(connection, person)
    addresses = [account.id for account in known if account.platform == MAIL]
    own = await connection.scalars(select(destinations.c.key).where(destinations.c.person == person))
    places = {*own, *(private_talk(account).key for account in known)}
    places |= {mailbox_place(address).key for address in addresses}
    places |= set(await connection.scalars(select(destinations.c.key).where(destinations.c.place.in_(places))))
    for column in PLACE_COLUMNS:
        await connection.execute(delete(column.table).where(column.in_(places)))
    await forget_sightings(connection, person)
    requesters = [f"{account.platform}:{account.id}" for account in known]
    asked = mail_asks.c.address.in_(addresses) | mail_asks.c.requester.in_(requesters)
    await connection.execute(delete(mail_asks).where(asked))
    theirs = select(accounts.c.platform, accounts.c.id).where(accounts.c.person == person)
    await connection.execute(delete(delegates).where(tuple_(delegates.c.platform, delegates.c.id).in_(theirs)))
    await nobodys(connection, person)
    given = (feedback, feeds, notes, link_codes, accounts, destinations, mail_asks, saved_commands, zotero_libraries)
    for table in given:
        await connection.execute(delete(table).where(table.c.person == person))
    for table in (*_OWNED, follows):
        await connection.execute(delete(table).where(table.c.owner == person_key(person)))
    await connection.execute(delete(people).where(people.c.person == person))


async def _accounts(connection: "AsyncConnection", person: int) -> list[Account]:
    query = select(accounts).where(accounts.c.person == person).order_by(accounts.c.platform, accounts.c.id)
    return [Account(row.platform, row.id, row.name) for row in await connection.execute(query)]


def _found(account: Account) -> Select[int, str]:
    named = select(accounts.c.person, accounts.c.name)
    return named.where(
        accounts.c.platform == storable_text(account.platform), accounts.c.id == storable_text(account.id)
    )


async def _note(connection: "AsyncConnection", account: Account) -> int:
    """The person with an account, created if there is none; the account's name is updated."""
    name = storable_text(account.name)
    if known := (await connection.execute(_found(account))).one_or_none():
        renamed = update(accounts).where(
            accounts.c.platform == storable_text(account.platform), accounts.c.id == storable_text(account.id)
        )
        await connection.execute(renamed.values(name=name))
        return int(known.person)
    person = int((await connection.execute(insert(people).returning(people.c.person))).scalar_one())
    values = {"platform": storable_text(account.platform), "id": storable_text(account.id)}
    added = insert_into(connection, accounts).values(**values, person=person, name=name)
    await connection.execute(added.on_conflict_do_nothing())
    return int((await connection.execute(_found(account))).one().person)
