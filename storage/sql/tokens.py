"""Installations with their encrypted tokens, one-time secrets for installing, and events already handled."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from bot.ports import Installation
from storage.sql.cipher import Cipher
from storage.sql.database import Database, insert_into
from storage.sql.tables.workspaces import installations, oauth_states, seen_events
from storage.sql.text import storable_text

EVENTS_KEPT = timedelta(days=3)
"""How long an event is remembered; platforms retry for hours."""


class Tokens(Database):
    """The Installations and SeenEvents of `bot.ports`.

    Secrets are encrypted with the first of `keys` (Fernet keys) and read with any of them, so put a new key
    first, and remove the old one after `encrypt_anew` has run. Without keys nothing can be installed.
    """

    def __init__(self, url: str, keys: Sequence[str]) -> None:
        super().__init__(url)
        self._cipher = Cipher(keys)

    async def save_installation(self, installation: Installation) -> None:
        """Keep the installation in a workspace; it replaces an earlier one."""
        kept = {"secrets": self._cipher.encrypt(installation.secrets), "parent": installation.parent}
        key = {"platform": installation.platform, "workspace": storable_text(installation.workspace)}
        async with self.writing() as connection:
            insertion = insert_into(connection, installations).values(**key, **kept)
            await connection.execute(
                insertion.on_conflict_do_update(index_elements=["platform", "workspace"], set_=kept)
            )

    async def installation(self, platform: str, workspace: str) -> Installation | None:
        """The installation in a workspace, or its organisation's where it uses that; None without."""
        found = await self._installation(platform, workspace)
        if found and not found.secrets and found.parent:
            return await self._installation(platform, found.parent)
        return found

    async def remove_installation(self, platform: str, workspace: str) -> list[str]:
        """Delete the installation in a workspace or organisation; returns every workspace that lost its permission."""
        name = storable_text(workspace)
        lost = delete(installations).where(
            installations.c.platform == platform,
            or_(installations.c.workspace == name, installations.c.parent == name),
        )
        async with self.writing() as connection:
            return sorted(await connection.scalars(lost.returning(installations.c.workspace)))

    async def encrypt_anew(self) -> None:
        """Encrypt every secret with the first key, so that the other keys can be removed."""
        query = select(installations).where(installations.c.secrets != "")
        async with self.writing() as connection:
            for row in (await connection.execute(query)).all():
                same = (installations.c.platform == row.platform) & (installations.c.workspace == row.workspace)
                secrets = self._cipher.encrypt(self._cipher.decrypt(row.secrets, row.workspace))
                await connection.execute(update(installations).where(same).values(secrets=secrets))

    async def issue_state(self, state: str, *, now: datetime, expires: datetime) -> None:
        """Remember a one-time secret that an installation in a browser must bring back; expired ones are deleted."""
        async with self.writing() as connection:
            await connection.execute(delete(oauth_states).where(oauth_states.c.expires <= now))
            await connection.execute(insert_into(connection, oauth_states).values(state=state, expires=expires))

    async def consume_state(self, state: str, *, now: datetime) -> bool:
        """Whether this secret was issued, has not expired and was not used before; it is used up by this call."""
        taken = delete(oauth_states).where(oauth_states.c.state == storable_text(state))
        async with self.writing() as connection:
            expires = (await connection.execute(taken.returning(oauth_states.c.expires))).scalar_one_or_none()
            await connection.execute(delete(oauth_states).where(oauth_states.c.expires <= now))
        return expires is not None and expires > now

    async def first_sight(self, platform: str, event: str, *, now: datetime) -> bool:
        """Whether this event is seen for the first time in days; this call marks it as seen."""
        async with self.writing() as connection:
            await connection.execute(delete(seen_events).where(seen_events.c.at < now - EVENTS_KEPT))
            seen = insert_into(connection, seen_events).values(platform=platform, event=storable_text(event), at=now)
            new = seen.on_conflict_do_nothing().returning(seen_events.c.event)
            return (await connection.execute(new)).first() is not None

    async def _installation(self, platform: str, workspace: str) -> Installation | None:
        query = select(installations).where(
            installations.c.platform == platform, installations.c.workspace == storable_text(workspace)
        )
        async with self.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None
        return Installation(row.platform, row.workspace, self._cipher.decrypt(row.secrets, row.workspace), row.parent)
