"""The version of a database's tables, and migrating them to the version this code knows.

All functions block: they are for threads, never for the event loop.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote

from sqlalchemy import URL, Connection, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from bot.errors import StoreError
from storage.sql.database import blocking_engine, damaged, driver_url, is_sqlite, migrating, place

MIGRATIONS = Path(__file__).parent / "migrations"

_LOCK = 0x50_42_00_01


def known_versions() -> list[str]:
    """The versions of the tables, oldest first: the four digits by which each migration's file name begins."""
    return sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def schema_version(url: str) -> str | None:
    """The version of a database's tables, or None when it has none yet.

    Raises StoreError when the database cannot be opened.
    """
    with _looking(driver_url(url)) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return version


def require_sound(url: str) -> None:
    """Raises StoreError when an SQLite file is damaged; reads all of it. PostgreSQL looks after its own files."""
    parsed = driver_url(url)
    if is_sqlite(parsed):
        with _looking(parsed) as connection:
            found = connection.scalar(text("PRAGMA quick_check(1)"))
            if found != "ok":
                raise damaged(parsed, str(found))


def needs_migration(url: str) -> bool:
    """Whether the tables are missing or older than this code; raises StoreError when they are newer."""
    version, newest = schema_version(url), known_versions()[-1]
    if version is not None and version > newest:
        raise StoreError(
            f"The database {place(driver_url(url))} was made by a newer Paperboy (its tables are version {version}, "
            f"this one knows {newest}). Update Paperboy, or restore a backup that this version made."
        )
    return version != newest


def require_current(url: str) -> None:
    """Raises StoreError, which says what to do, unless the tables have the version this code knows."""
    if needs_migration(url):
        database = driver_url(url)
        raise StoreError(
            f"The database {place(database)} is not up to date; run `{_migrate_command(database)}`. "
            "A backup made before is the way back to an older Paperboy."
        )


def migrate(url: str) -> None:
    """Migrate the tables to the version this code knows; nothing happens if they have it already.

    All of it happens in one transaction, and several processes may try at once. Raises StoreError when the database
    is of a newer version or cannot be opened.
    """
    if needs_migration(url):
        with migrating(driver_url(url)) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            _upgrade(connection)


@contextmanager
def _looking(url: URL) -> Iterator[Connection]:
    try:
        with blocking_engine(url, poolclass=NullPool).connect() as connection:
            yield connection
    except DBAPIError as error:
        hint = " SQLite writes beside the file also to read it." if "readonly" in str(error.orig) else ""
        raise StoreError(f"The database {place(url)} cannot be opened: {error.orig}.{hint}") from error


def _migrate_command(url: URL) -> str:
    folder = Path(place(url)).parent
    elsewhere = is_sqlite(url) and folder != Path("data")
    return f"paperboy --data-dir {quote(str(folder))} migrate" if elsewhere else "paperboy migrate"


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")
