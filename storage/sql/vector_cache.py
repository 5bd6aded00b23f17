"""Vectors of papers that are slow to compute, in the database."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy import Connection, func, select

from bot.ports import CachedVector
from storage.sql.database import Database, insert_into
from storage.sql.tables.catalog import vectors
from storage.sql.text import storable_text

_AT_ONCE = 500


class VectorCache(Database):
    """The part of the store that keeps vectors, one for each encoder and paper."""

    async def cached_vectors(self, encoder: str, rows: Sequence[int]) -> list[CachedVector]:
        """The vectors of some papers that are kept, in any order."""
        return await self.read(partial(_kept, encoder=encoder, rows=rows))

    def read_vectors(self, encoder: str, rows: Sequence[int]) -> list[CachedVector]:
        """`cached_vectors` for use in a thread; blocks while it reads the database."""
        with self.reading_in_thread() as connection:
            return _kept(connection, encoder, rows)

    async def count_vectors(self, encoder: str) -> int:
        """Of how many papers vectors are kept for an encoder."""
        query = select(func.count()).where(vectors.c.encoder == storable_text(encoder))
        async with self.reading() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def cache_vectors(self, encoder: str, kept: Sequence[CachedVector]) -> None:
        """Keep vectors; they replace those of the same papers."""
        values = [{"encoder": storable_text(encoder), **each._asdict()} for each in kept]
        if not values:
            return
        async with self.writing() as connection:
            insertion = insert_into(connection, vectors)
            new = {"text": insertion.excluded.text, "vector": insertion.excluded.vector}
            await connection.execute(
                insertion.on_conflict_do_update(index_elements=["encoder", "row"], set_=new), values
            )


def _kept(connection: Connection, encoder: str, rows: Sequence[int]) -> list[CachedVector]:
    found: list[CachedVector] = []
    for start in range(0, len(rows), _AT_ONCE):
        wanted = vectors.c.row.in_(rows[start : start + _AT_ONCE])
        query = select(vectors.c.row, vectors.c.text, vectors.c.vector)
        query = query.where(vectors.c.encoder == storable_text(encoder), wanted)
        found += [CachedVector(*row) for row in connection.execute(query)]
    return found
