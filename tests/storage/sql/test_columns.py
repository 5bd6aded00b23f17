"""What the columns of our own types give back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, create_engine, insert, make_url, select
from sqlalchemy.exc import StatementError

from storage.sql.columns import Moment, Names

ROWS = Table("rows", MetaData(), Column("n", Integer, primary_key=True), Column("at", Moment), Column("names", Names))
SUMMER = timezone(timedelta(hours=2))


class Databases(Protocol):
    def empty(self) -> str: ...


@pytest.fixture
def connection(databases: Databases) -> Iterator[Connection]:
    url = make_url(databases.empty())
    engine = create_engine(url if url.drivername == "sqlite" else url.set(drivername="postgresql+psycopg"))
    with engine.begin() as opened:
        ROWS.metadata.create_all(opened)
        yield opened
    engine.dispose()


def kept(connection: Connection, **values: object) -> tuple[object, object]:
    connection.execute(insert(ROWS).values(**values))
    [row] = connection.execute(select(ROWS.c.at, ROWS.c.names))
    return row[0], row[1]


def test_a_moment_comes_back_in_utc(connection: Connection) -> None:
    at, names = kept(connection, at=datetime(2026, 6, 1, 1, 30, tzinfo=SUMMER))
    assert isinstance(at, datetime)
    assert (at, at.tzinfo) == (datetime(2026, 5, 31, 23, 30, tzinfo=UTC), UTC)
    assert names == ()


def test_names_come_back_in_order_with_every_character(connection: Connection) -> None:
    names = ("Léa Dupont", "", "half \ud83d a pair", "NUL \0", "模型")
    assert kept(connection, names=names) == (None, names)


def test_a_moment_without_a_time_zone_is_refused(connection: Connection) -> None:
    with pytest.raises(StatementError, match="no time zone"):
        kept(connection, at=datetime(2026, 6, 1))
