"""Libraries of Zotero, and their items that stand for papers."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text

from storage.sql.columns import Moment, Names
from storage.sql.tables.metadata import metadata

zotero_libraries = Table(
    "zotero_libraries",
    metadata,
    Column("number", Integer, primary_key=True),
    # The key of a place, or `person:` and a number.
    Column("owner", Text, nullable=False),
    # Who gave the API key, which is encrypted.
    Column("person", ForeignKey("people.person"), nullable=False),
    Column("secret", Text, nullable=False),
    # `users/1` or `groups/2`, and what it is called.
    Column("path", Text, nullable=False),
    Column("name", Text, nullable=False),
    # The collection for what is saved here; all of the library is read, or that collection alone.
    Column("collection", Text, nullable=False),
    Column("whole", Boolean, nullable=False),
    # The version up to which it was read.
    Column("version", Integer, nullable=False),
    Column("synced_at", Moment),
    # Until then it is left alone; NULL where somebody has to do something first.
    Column("next_at", Moment),
    # Until then somebody works on it.
    Column("busy_until", Moment),
    Column("error", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Index(None, "owner", unique=True),
    Index(None, "person"),
    Index(None, "next_at"),
    sqlite_autoincrement=True,
)

zotero_items = Table(
    "zotero_items",
    metadata,
    Column("library", ForeignKey("zotero_libraries.number", ondelete="CASCADE"), primary_key=True),
    Column("item", Text, primary_key=True),
    Column("row", ForeignKey("papers.row"), nullable=False),
    # As both sides were when they were last in step.
    Column("saved", Boolean, nullable=False),
    Column("there", Boolean, nullable=False),
    # Whether Paperboy made it and nobody has changed it since.
    Column("made", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("collections", Names, nullable=False),
    Column("tags", Names, nullable=False),
    # What Paperboy called the paper there; empty where it did not.
    Column("citation_key", Text, nullable=False, server_default=""),
)
