"""How many deliveries there are, counted in the database."""

from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from bot.domain.deliveries import Counts, Status
from storage.sql.database import Database
from storage.sql.tables.schedule import deliveries, destinations

_EVER = datetime(1970, 1, 2, tzinfo=UTC)
"""Before any delivery. SQLite uses an index for `later than`, but not for `is not NULL`."""


class DeliveryCounts(Database):
    """The part of the store that counts deliveries; each count is looked up by an index."""

    async def count_deliveries(self, *, now: datetime, since: datetime) -> Counts:
        """How many deliveries are due, open, and claimed since a moment."""
        platform, status, many = destinations.c.platform, deliveries.c.status, func.count()
        due = select(platform, many).where(destinations.c.enabled, destinations.c.next_run_at <= now)
        claimed = select(platform, many).select_from(deliveries).join(destinations)
        waiting = claimed.where(deliveries.c.next_attempt_at > _EVER)
        recent = claimed.add_columns(status).where(deliveries.c.claimed_at > since)

        def counted(connection: Connection) -> Counts:
            became = connection.execute(recent.group_by(platform, status))
            return Counts(
                due=dict(iter(connection.execute(due.group_by(platform)))),
                open=dict(iter(connection.execute(waiting.group_by(platform)))),
                recent={(name, Status(value)): count for name, count, value in became},
            )

        return await self.read(counted)
