"""Command lines too long for the button that runs them, in the database."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select

from storage.sql.database import Database, insert_into
from storage.sql.merging import storable_text
from storage.sql.tables import kept_lines


class Lines(Database):
    """The LineStore of `bot.ports`."""

    async def keep_lines(
        self, lines: Mapping[str, str], *, place: str, person: int, now: datetime, until: datetime
    ) -> None:
        """Keep lines by their keys until a moment, for what a person asked in a place; what has expired is deleted."""
        owned = {"place": storable_text(place), "person": person, "expires": until}
        async with self.writing() as connection:
            await connection.execute(delete(kept_lines).where(kept_lines.c.expires <= now))
            for key, line in lines.items():
                values = {"key": key, "line": storable_text(line), **owned}
                insertion = insert_into(connection, kept_lines).values(**values)
                await connection.execute(
                    insertion.on_conflict_do_update(index_elements=["key", "place", "person"], set_=values)
                )

    async def kept_line(self, key: str, *, now: datetime) -> str | None:
        """The line with a key; None when it has expired or was never kept."""
        query = select(kept_lines.c.line).where(kept_lines.c.key == storable_text(key), kept_lines.c.expires > now)
        async with self.reading() as connection:
            return await connection.scalar(query.limit(1))
