"""What is followed, and what matched."""

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text

from storage.sql.columns import Moment, Names
from storage.sql.tables.metadata import metadata

follows = Table(
    "follows",
    metadata,
    Column("number", Integer, primary_key=True),
    # The key of a place, or `person:` and a number.
    Column("owner", Text, nullable=False),
    # Where papers go that come at once.
    Column("place", ForeignKey("destinations.key", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("at_once", Boolean, nullable=False),
    Column("since", Date, nullable=False),
    # Papers after this row count; up to this revision they were looked at.
    Column("from_row", Integer, nullable=False),
    Column("scanned", BigInteger, nullable=False),
    # People with whom another author of the same name writes.
    Column("others", Names, nullable=False),
    Column("mention", Text, nullable=False),
    Index(None, "owner"),
    Index(None, "place"),
    # A number that was used again could get what was noted for another follow meanwhile.
    sqlite_autoincrement=True,
)

matches = Table(
    "matches",
    metadata,
    Column("follow", ForeignKey("follows.number", ondelete="CASCADE"), primary_key=True),
    Column("row", ForeignKey("papers.row"), primary_key=True),
    # Of a followed paper: the day of its new version.
    Column("version", Text, primary_key=True),
    # The post that is to show it, and when it was shown.
    Column("delivery", ForeignKey("deliveries.number", ondelete="SET NULL")),
    Column("shown_at", Moment),
    Index(None, "delivery"),
    Index(None, "shown_at"),
)

cited_papers = Table(
    "cited_papers",
    metadata,
    # A paper of which somebody follows who cites it.
    Column("row", ForeignKey("papers.row"), primary_key=True, autoincrement=False),
    # When its list was last begun, and when one was last read to its end: until then all in it are old.
    Column("asked_at", Moment, nullable=False),
    Column("read_at", Moment),
)

citing_papers = Table(
    "citing_papers",
    metadata,
    Column("cited", ForeignKey("cited_papers.row", ondelete="CASCADE"), primary_key=True),
    # An id that the service names, also of papers that are not here.
    Column("id", Text, primary_key=True),
)
