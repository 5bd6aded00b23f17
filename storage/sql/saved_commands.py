"""Command lines too long for the button that runs them, in the database."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select

from storage.sql.database import Database, insert_into
from storage.sql.tables.channels import saved_commands
from storage.sql.text import storable_text


class SavedCommands(Database):
    """The part of the store that keeps long command lines."""

    async def save_commands(
        self, lines: Mapping[str, str], *, place: str, person: int, now: datetime, until: datetime
    ) -> None:
        """Keep lines by key until a moment, with who asked for them and where; expired ones are deleted."""
        owned = {"place": storable_text(place), "person": person, "expires": until}
        async with self.writing() as connection:
            await connection.execute(delete(saved_commands).where(saved_commands.c.expires <= now))
            for key, line in lines.items():
                values = {"key": key, "line": storable_text(line), **owned}
                insertion = insert_into(connection, saved_commands).values(**values)
                await connection.execute(
                    insertion.on_conflict_do_update(index_elements=["key", "place", "person"], set_=values)
                )

    async def saved_command(self, key: str, *, now: datetime) -> str | None:
        """The line with a key; None when it has expired or was never kept."""
        query = select(saved_commands.c.line).where(
            saved_commands.c.key == storable_text(key), saved_commands.c.expires > now
        )
        async with self.reading() as connection:
            return await connection.scalar(query.limit(1))
