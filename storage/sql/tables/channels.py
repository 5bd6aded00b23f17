"""What is set for a place, and what it was shown."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from storage.sql.columns import Moment, Names
from storage.sql.tables.metadata import metadata

topics = Table(
    "topics",
    metadata,
    Column("number", Integer, primary_key=True),
    # The key of a place, of a destination with a name, or `person:` and a number.
    Column("owner", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("wanted", Boolean, nullable=False),
    # Empty where nobody named it.
    Column("name", Text, nullable=False, server_default=""),
    UniqueConstraint("owner", "folded"),
)

posts = Table(
    "posts",
    metadata,
    Column("place", Text, primary_key=True),
    Column("message", Text, primary_key=True),
    Column("papers", Names, nullable=False),
    # The number that the first of them has on the message.
    Column("first", Integer, nullable=False, server_default="1"),
    Index(None, "message"),
)

shown = Table(
    "shown",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("row", ForeignKey("papers.row"), primary_key=True),
    Column("at", Moment, nullable=False),
)

# Papers that an owner was shown and that are not stored yet, by the ids they were shared with.
awaited = Table(
    "awaited",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("at", Moment, nullable=False),
)

# The messages that papers were in, by the ids they were shared with: of persons, or of the bot (`shared` is false).
sightings = Table(
    "sightings",
    metadata,
    Column("place", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("message", Text, primary_key=True),
    Column("shared", Boolean, nullable=False),
    # Who shared it; NULL where they asked to be forgotten.
    Column("person", ForeignKey("people.person")),
    Column("at", Moment, nullable=False),
    Index(None, "person"),
)

# When somebody (`person:` and a number), or everybody in a place, was last told that it knows a paper.
reminders = Table(
    "reminders",
    metadata,
    Column("place", Text, primary_key=True),
    Column("reader", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("at", Moment, nullable=False),
    Index(None, "reader"),
)

watched = Table(
    "watched",
    metadata,
    Column("place", Text, primary_key=True),
)

# Places in which links to papers unfurl as cards.
unfurled = Table(
    "unfurled",
    metadata,
    Column("place", Text, primary_key=True),
)

emoji = Table(
    "emoji",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("save", Text, nullable=False),
    Column("like", Text, nullable=False),
    Column("dislike", Text, nullable=False),
)

# Accounts that may change a workspace's posts although the platform does not call them admins.
delegates = Table(
    "deputies",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("platform", Text, primary_key=True),
    Column("id", Text, primary_key=True),
)

# The bot that the known servers of a platform belong to.
bots = Table(
    "bots",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("id", Text, nullable=False),
)

# Command lines too long for the button that runs them, with who asked for them and where.
saved_commands = Table(
    "kept_lines",
    metadata,
    Column("key", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("person", Integer, primary_key=True),
    Column("line", Text, nullable=False),
    Column("expires", Moment, nullable=False),
    Index(None, "expires"),
    Index(None, "person"),
)
