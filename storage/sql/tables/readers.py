"""People, their accounts, and what they say about papers."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, false

from storage.sql.columns import Moment
from storage.sql.tables.metadata import metadata

people = Table(
    "people",
    metadata,
    Column("person", Integer, primary_key=True),
    sqlite_autoincrement=True,
)

accounts = Table(
    "accounts",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("person", ForeignKey("people.person"), nullable=False),
    Column("name", Text, nullable=False),
    Index(None, "person"),
)

link_codes = Table(
    "link_codes",
    metadata,
    Column("person", ForeignKey("people.person"), primary_key=True),
    Column("code", Text, nullable=False),
    Column("expires", Moment, nullable=False),
    Index(None, "code", unique=True),
)

feedback = Table(
    "feedback",
    metadata,
    Column("person", ForeignKey("people.person"), primary_key=True),
    Column("row", ForeignKey("papers.row"), primary_key=True),
    Column("attitude", Text, primary_key=True),
    # Separates acts that count side by side; of one origin the latest act is kept, also one that takes back.
    Column("origin", Text, primary_key=True),
    Column("place", Text, nullable=False),
    Column("present", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    # Whether it is of the one kind that the person's acts on this paper come to.
    Column("counts", Boolean, nullable=False, server_default=false()),
    Index(None, "place"),
    Index(None, "row"),
)

# What people write about papers. An owner is the key of a place, or `person:` and a number.
notes = Table(
    "notes",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("person", ForeignKey("people.person"), primary_key=True),
    Column("row", ForeignKey("papers.row"), primary_key=True),
    Column("text", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "person"),
)

# Feeds that have an address. The token of an address is nowhere: this is its hash.
feeds = Table(
    "feeds",
    metadata,
    Column("fingerprint", Text, primary_key=True),
    Column("person", ForeignKey("people.person"), nullable=False),
    Column("collection", Text, nullable=False),
    # Empty for what is of no place.
    Column("place", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Index(None, "person"),
    Index(None, "place"),
)

tags = Table(
    "tags",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("row", ForeignKey("papers.row"), primary_key=True),
    Column("tag", Text, primary_key=True),
    Column("at", Moment, nullable=False),
)
