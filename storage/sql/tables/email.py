"""E-mail: its recipients, what they asked for, and who gets none."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from storage.sql.columns import Moment
from storage.sql.tables.metadata import metadata

mailboxes = Table(
    "mailboxes",
    metadata,
    Column("key", ForeignKey("destinations.key", ondelete="CASCADE"), primary_key=True),
    # Its name in links and return paths.
    Column("tag", Text, nullable=False),
    # Soft bounces in a row, without a long time between two.
    Column("bounces", Integer, nullable=False),
    Column("bounced_at", Moment),
    Index(None, "tag", unique=True),
)

mail_asks = Table(
    "mail_asks",
    metadata,
    # Numbers are part of links, so none is used again.
    Column("number", Integer, primary_key=True),
    Column("address", Text, nullable=False),
    Column("requester", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("person", Integer),
    # How the mails are to come, as in `destinations`.
    Column("at", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("days", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("asked_at", Moment, nullable=False),
    # When its confirmation mail is to be sent; NULL once sending has begun.
    Column("next_attempt_at", Moment),
    Column("attempts", Integer, nullable=False),
    Index(None, "address"),
    Index(None, "requester"),
    Index(None, "next_attempt_at"),
    sqlite_autoincrement=True,
)

mail_suppressions = Table(
    "mail_suppressions",
    metadata,
    # A hash: an address stays suppressed even if its person asks to be forgotten.
    Column("address", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
