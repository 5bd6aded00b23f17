"""Settings of a channel or a workspace apart from its daily post, in the database."""

from collections.abc import Sequence

from sqlalchemy import Table, delete, select

from bot.domain.emoji import EmojiSet
from bot.domain.people import Account
from storage.sql.database import Database, insert_into
from storage.sql.tables.channels import delegates, emoji, unfurled, watched
from storage.sql.tables.readers import accounts
from storage.sql.text import storable_text


class WorkspaceSettings(Database):
    """The part of the store that keeps where links are watched, which emoji count, and who may change posts."""

    async def watch(self, place: str, *, on: bool) -> None:
        """Switch on or off whether links that people share in a place are watched."""
        await self._switch(watched, place, on=on)

    async def is_watched(self, place: str) -> bool:
        """Whether links that people share in a place are watched."""
        return await self._is_on(watched, place)

    async def unfurl(self, place: str, *, on: bool) -> None:
        """Switch on or off whether links to papers in a place unfurl as cards."""
        await self._switch(unfurled, place, on=on)

    async def unfurls(self, place: str) -> bool:
        """Whether links to papers in a place unfurl as cards."""
        return await self._is_on(unfurled, place)

    async def _switch(self, table: Table, place: str, *, on: bool) -> None:
        key = storable_text(place)
        async with self.writing() as connection:
            if on:
                await connection.execute(insert_into(connection, table).values(place=key).on_conflict_do_nothing())
            else:
                await connection.execute(delete(table).where(table.c.place == key))

    async def _is_on(self, table: Table, place: str) -> bool:
        query = select(table.c.place).where(table.c.place == storable_text(place))
        async with self.reading() as connection:
            return (await connection.execute(query)).first() is not None

    async def emoji(self, workspaces: Sequence[str]) -> dict[str, EmojiSet]:
        """The emoji that count in each workspace; every one asked has a set."""
        keys = {storable_text(workspace): workspace for workspace in workspaces}
        async with self.reading() as connection:
            rows = await connection.execute(select(emoji).where(emoji.c.workspace.in_(keys)))
            chosen = {keys[row.workspace]: EmojiSet(row.save, row.like, row.dislike) for row in rows}
        return {workspace: chosen.get(workspace, EmojiSet()) for workspace in workspaces}

    async def set_emoji(self, workspace: str, chosen: EmojiSet) -> None:
        """Let these emoji count in a workspace."""
        names = {"save": chosen.save, "like": chosen.like, "dislike": chosen.dislike}
        values = {"workspace": storable_text(workspace), **{name: storable_text(each) for name, each in names.items()}}
        async with self.writing() as connection:
            insertion = insert_into(connection, emoji).values(**values)
            await connection.execute(insertion.on_conflict_do_update(index_elements=["workspace"], set_=values))

    async def add_delegate(self, workspace: str, account: Account) -> bool:
        """Let somebody change the posts of a workspace as its admins do; returns whether that is new."""
        async with self.writing() as connection:
            insertion = insert_into(connection, delegates).values(**_delegate(workspace, account))
            added = insertion.on_conflict_do_nothing().returning(delegates.c.id)
            return (await connection.execute(added)).first() is not None

    async def remove_delegate(self, workspace: str, account: Account) -> bool:
        """Undo `add_delegate`; returns whether there was something to undo."""
        same = [delegates.c[name] == value for name, value in _delegate(workspace, account).items()]
        async with self.writing() as connection:
            return (await connection.execute(delete(delegates).where(*same))).rowcount > 0

    async def delegates(self, workspace: str) -> list[Account]:
        """Who may change the posts of a workspace besides its admins, by id; with a name where one is known."""
        same = (accounts.c.platform == delegates.c.platform) & (accounts.c.id == delegates.c.id)
        query = select(delegates.c.platform, delegates.c.id, accounts.c.name).outerjoin_from(delegates, accounts, same)
        query = query.where(delegates.c.workspace == storable_text(workspace)).order_by(delegates.c.id)
        async with self.reading() as connection:
            return [Account(row.platform, row.id, row.name or "") for row in await connection.execute(query)]


def _delegate(workspace: str, account: Account) -> dict[str, str]:
    return {
        "workspace": storable_text(workspace),
        "platform": storable_text(account.platform),
        "id": storable_text(account.id),
    }
