"""What is known of papers."""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, LargeBinary, Table, Text

from storage.sql.columns import Moment, Names
from storage.sql.tables.metadata import metadata

papers = Table(
    "papers",
    metadata,
    # Numbered 1, 2, 3 ... by the store without a gap: the index uses it as a position in its arrays.
    Column("row", Integer, primary_key=True, autoincrement=False),
    Column("revision", BigInteger, nullable=False),
    Column("id", Text, nullable=False),
    # The id the paper would have if only its title were known; NULL where the title is too short to identify it.
    Column("title_id", Text),
    # `first_seen`, else midnight of `published`.
    Column("seen_at", Moment),
    Column("title", Text, nullable=False),
    Column("abstract", Text, nullable=False),
    Column("authors", Names, nullable=False),
    Column("categories", Names, nullable=False),
    Column("published", Date),
    Column("updated", Date),
    Column("first_seen", Moment),
    Column("summary", Text, nullable=False),
    Column("keywords", Names, nullable=False),
    Column("organization", Text, nullable=False),
    Column("submitted_by", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("project", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("source", Text, nullable=False),
    # The title as TeX, where that says more.
    Column("title_tex", Text, nullable=False, server_default=""),
    # `article`, `conference` or `preprint`, and where it was published.
    Column("kind", Text, nullable=False, server_default=""),
    Column("venue", Text, nullable=False, server_default=""),
    Column("volume", Text, nullable=False, server_default=""),
    Column("issue", Text, nullable=False, server_default=""),
    Column("pages", Text, nullable=False, server_default=""),
    Column("doi", Text, nullable=False, server_default=""),
    # The address of a small picture of it.
    Column("thumbnail", Text, nullable=False, server_default=""),
    Index(None, "id", unique=True),
    Index(None, "revision", unique=True),
    Index(None, "title_id"),
    Index(None, "seen_at"),
)

aliases = Table(
    "aliases",
    metadata,
    # Another id of a paper: one it had before, or one it has elsewhere; never also the main id of a paper.
    Column("id", Text, primary_key=True),
    Column("row", ForeignKey("papers.row"), nullable=False),
)

signals = Table(
    "signals",
    metadata,
    Column("row", ForeignKey("papers.row"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("at", Moment, primary_key=True),
    Column("value", BigInteger, nullable=False),
    # One B-tree in the order of the key: the series of a paper are stored together.
    sqlite_with_rowid=False,
)

vectors = Table(
    "vectors",
    metadata,
    Column("encoder", Text, primary_key=True),
    Column("row", ForeignKey("papers.row"), primary_key=True),
    # A hash of the title and abstract that it is the vector of.
    Column("text", Text, nullable=False),
    # 16-bit numbers, little-endian.
    Column("vector", LargeBinary, nullable=False),
)
