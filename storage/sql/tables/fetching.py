"""Where papers are fetched from, and when."""

from sqlalchemy import Boolean, Column, Index, Table, Text

from storage.sql.columns import Moment
from storage.sql.tables.metadata import metadata

sources = Table(
    "sources",
    metadata,
    Column("name", Text, primary_key=True),
    Column("cursor", Text, nullable=False, default=""),
    # When the last sync began; later than `attempted_at` while one is under way.
    Column("started_at", Moment),
    Column("attempted_at", Moment),
    Column("succeeded_at", Moment),
    Column("newest_at", Moment),
    Column("error", Text, nullable=False, default=""),
    Column("note", Text, nullable=False, default=""),
)

services = Table(
    "services",
    metadata,
    Column("name", Text, primary_key=True),
    # When the next request to it may begin.
    Column("next_at", Moment),
    Column("asked_at", Moment),
    Column("answered_at", Moment),
    Column("error", Text, nullable=False),
)

lookups = Table(
    "lookups",
    metadata,
    Column("id", Text, primary_key=True),
    # Until then somebody looks it up, or it is known that there is none (`missing`).
    Column("until", Moment, nullable=False),
    Column("missing", Boolean, nullable=False),
    Index(None, "until"),
)
