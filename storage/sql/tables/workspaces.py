"""What a platform's connection needs."""

from sqlalchemy import Column, Index, Table, Text

from storage.sql.columns import Moment
from storage.sql.tables.metadata import metadata

installations = Table(
    "installations",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("workspace", Text, primary_key=True),
    # Encrypted; empty for a workspace that uses the permission of its organisation.
    Column("secrets", Text, nullable=False),
    Column("parent", Text, nullable=False),
)

oauth_states = Table(
    "oauth_states",
    metadata,
    Column("state", Text, primary_key=True),
    Column("expires", Moment, nullable=False),
)

seen_events = Table(
    "seen_events",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("event", Text, primary_key=True),
    Column("at", Moment, nullable=False),
    Index(None, "at"),
)
