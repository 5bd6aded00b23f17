"""A whole database in one file, and back from it.

The file is a tar archive: `backup.json` says what it is, and a copy of the database follows, as SQLite's backup API or
pg_dump makes it. Secrets are never in it: they are in the settings, not in the database, where tokens are encrypted.

All functions block: they are for threads, never for the event loop.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, BinaryIO

from sqlalchemy import URL, inspect
from sqlalchemy.pool import NullPool

from bot.errors import StoreError
from storage.sql.database import blocking_engine, driver_url, is_sqlite, place
from storage.sql.schema import known_versions, needs_migration, require_sound, schema_version

_FACTS = "backup.json"
_FACTS_LIMIT = 1 << 20
_CHUNK = 1 << 20
_TOLD = 60
"""Words of what a program says that are passed on."""

_SQLITE, _POSTGRESQL = "sqlite", "postgresql"
_COPIES = {_SQLITE: "paperboy.db", _POSTGRESQL: "paperboy.pgdump"}


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup says of itself.

    `database` is `sqlite` or `postgresql`, `schema` the version of its tables, `sha256` the checksum of the copy and
    `settings` the names of the settings that were set, without their values.
    """

    made_at: str
    paperboy: str
    database: str
    schema: str
    sha256: str
    settings: tuple[str, ...] = ()


def back_up(url: str, file: Path, *, now: datetime, paperboy: str, settings: tuple[str, ...]) -> Backup:
    """Write a backup of a database to a file, which appears once it is whole; the bot may run meanwhile.

    Raises StoreError when the database cannot be read, has no tables or is of a newer version, or the file is there
    already. One of an older version is backed up as it is: that is the way back from an upgrade.
    """
    needs_migration(url)  # refuses a newer one
    if file.exists():
        raise StoreError(f"{file} is there already; name another file.")
    version = schema_version(url)
    if version is None:
        raise StoreError(f"The database {place(driver_url(url))} has no tables yet, so there is nothing to back up.")
    parsed = driver_url(url)
    database = _SQLITE if is_sqlite(parsed) else _POSTGRESQL
    with _unfinished(file) as packed, _unfinished(file, "copy") as copy:
        _COPY[database](parsed, copy)
        made = Backup(now.isoformat(timespec="seconds"), paperboy, database, version, _sum_of(copy), settings)
        _pack(made, copy, packed)
        packed.replace(file)
    return made


def unpack(file: Path, url: str) -> tuple[Backup, str]:
    """Read a backup, verified by its checksum, for an empty database; returns what it says of itself, and a URL.

    The URL is of a database with all that was backed up, its tables of the backup's version. For SQLite that is another
    file beside the place it is meant for, until `move_in_place`: an end in the middle leaves the place empty.

    Raises StoreError when the file is no backup or damaged, is of another kind of database or of a newer Paperboy, or
    when the database is not empty.
    """
    parsed = driver_url(url)
    with _opened(file) as archive:
        made = _facts_of(file, archive)
        _require_fitting(made, parsed)
        _require_empty(parsed)
        if is_sqlite(parsed):
            return made, _unpack_sqlite(archive, file, made, _waiting(parsed))
        with _unfinished(file) as copy:
            _unpack(archive, file, made, copy)
            _restore_postgresql(parsed, copy)
    return made, url


def move_in_place(url: str) -> None:
    """Put what was unpacked where it is meant to be; for PostgreSQL it is there already."""
    parsed = driver_url(url)
    if is_sqlite(parsed):
        _waiting(parsed).replace(Path(parsed.database or ""))


@contextmanager
def _unfinished(file: Path, kind: str = "part") -> Iterator[Path]:
    """A file beside another that is gone afterwards, unless it was moved; one left by a sudden end is replaced."""
    part = file.with_name(f".{file.name}.{kind}")
    part.unlink(missing_ok=True)
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _sum_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


# --- the copy


def _copy_sqlite(url: URL, copy: Path) -> None:
    engine = blocking_engine(url, poolclass=NullPool)
    with engine.connect() as connection, closing(sqlite3.connect(copy)) as target:
        source = connection.connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        # All pages at once: in steps, it would begin anew whenever the bot writes.
        source.backup(target, pages=-1)
        target.execute("PRAGMA journal_mode = DELETE")


def _copy_postgresql(url: URL, copy: Path) -> None:
    _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={copy}")


def _restore_postgresql(url: URL, copy: Path) -> None:
    options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
    _run("pg_restore", url, *options, str(copy))


_COPY = {_SQLITE: _copy_sqlite, _POSTGRESQL: _copy_postgresql}


def _run(program: str, url: URL, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the password is in its environment, where no list of processes shows it."""
    command = shutil.which(program)
    if command is None:
        raise StoreError(f"This needs {program}: install PostgreSQL's client programs, no older than the server.")
    address = url.set(drivername=_POSTGRESQL, password=None).render_as_string(hide_password=False)
    secret = {"PGPASSWORD": url.password} if url.password else {}
    done = subprocess.run(  # noqa: S603 - its arguments are ours
        [command, f"--dbname={address}", *arguments],
        env={**os.environ, **secret},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        told = " ".join(done.stderr.split()[:_TOLD]) or f"exit status {done.returncode}"
        raise StoreError(f"The database {place(url)} could not be read or filled: {told}")


# --- the archive


def _pack(made: Backup, copy: Path, packed: Path) -> None:
    with tarfile.open(packed, "w:gz", compresslevel=1) as archive:
        facts = packed.with_name(f"{packed.name}.json")
        facts.write_text(json.dumps(asdict(made), indent=2))
        try:
            archive.add(facts, _FACTS)
        finally:
            facts.unlink()
        archive.add(copy, _COPIES[made.database])
    with packed.open("rb") as written:
        os.fsync(written.fileno())


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    """A backup's archive. Raises StoreError for what is none, and where it turns out to be cut off."""
    try:
        with tarfile.open(file, "r|gz") as archive:
            yield archive
    except (tarfile.TarError, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise StoreError(f"{file} is no backup of Paperboy, or it is damaged: {error}.") from error


def _facts_of(file: Path, archive: tarfile.TarFile) -> Backup:
    """What a backup says of itself, which is the first thing in it."""
    member = archive.next()
    opened = archive.extractfile(member) if member and member.name == _FACTS else None
    if opened is None:
        raise StoreError(f"{file} is no backup of Paperboy.")
    try:
        facts: Mapping[str, Any] = json.loads(opened.read(_FACTS_LIMIT))
        return Backup(**{**facts, "settings": tuple(facts["settings"])})
    except (ValueError, TypeError, KeyError) as error:
        raise StoreError(f"{file} is no backup of Paperboy that this version can read.") from error


def _unpack(archive: tarfile.TarFile, file: Path, made: Backup, copy: Path) -> None:
    member = archive.next()
    packed = archive.extractfile(member) if member and member.name == _COPIES[made.database] else None
    if packed is None:
        raise StoreError(f"{file} is damaged: the database is not in it.")
    with packed, copy.open("wb") as target:
        if _copied(packed, target) != made.sha256:
            raise StoreError(f"{file} is damaged: its checksum is another than when it was made.")


def _copied(source: IO[bytes], target: BinaryIO) -> str:
    """Copy all of a file and put it on the disk; returns its SHA-256."""
    digest = hashlib.sha256()
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        target.write(chunk)
    target.flush()
    os.fsync(target.fileno())
    return digest.hexdigest()


# --- where it goes


def _require_fitting(made: Backup, url: URL) -> None:
    """Raises StoreError when a backup is of another kind of database, or of a newer Paperboy."""
    here = _SQLITE if is_sqlite(url) else _POSTGRESQL
    if made.database not in _COPIES or made.database != here:
        raise StoreError(
            f"This backup is of {made.database}, and the database here is {here}; set PAPERBOY_DATABASE_URL to match."
        )
    newest = known_versions()[-1]
    if made.schema > newest:
        raise StoreError(
            f"This backup was made by Paperboy {made.paperboy} (its tables are version {made.schema}, this one knows "
            f"{newest}). Update Paperboy."
        )


def _require_empty(url: URL) -> None:
    if is_sqlite(url):
        filled = Path(url.database or "").exists()
    else:
        engine = blocking_engine(url, poolclass=NullPool)
        with engine.connect() as connection:
            filled = bool(inspect(connection).get_table_names())
    if filled:
        raise StoreError(f"There is a database in {place(url)} already; restore into an empty one.")


def _waiting(url: URL) -> Path:
    """Where an SQLite file is until all of it is there."""
    place = Path(url.database or "")
    return place.with_name(f".{place.name}.restored")


def _unpack_sqlite(archive: tarfile.TarFile, file: Path, made: Backup, copy: Path) -> str:
    """The URL of the database that is unpacked there; nothing is left of one that is damaged."""
    unpacked = f"sqlite:///{copy}"
    try:
        _unpack(archive, file, made, copy)
        require_sound(unpacked)
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    return unpacked
