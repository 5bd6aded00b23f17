"""The tables, as SQLAlchemy sees them; `migrations` bring a database to this shape."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from storage.sql.columns import Moment, Names

metadata = MetaData(
    # SQLite can only alter constraints that have names.
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

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

tags = Table(
    "tags",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("row", ForeignKey("papers.row"), primary_key=True),
    Column("tag", Text, primary_key=True),
    Column("at", Moment, nullable=False),
)

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

watched = Table(
    "watched",
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

destinations = Table(
    "destinations",
    metadata,
    # The key of the place; for a post with a name, that and the name.
    Column("key", Text, primary_key=True),
    Column("place", Text, nullable=False),
    Column("post", Text, nullable=False, server_default=""),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("enabled", Boolean, nullable=False),
    # Local wall time, HH:MM.
    Column("at", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    # Digits of the weekdays, 0 is Monday.
    Column("days", Text, nullable=False),
    Column("count", Integer, nullable=False),
    # As somebody chose it; empty where nobody did.
    Column("layout", Text, nullable=False),
    Column("threads", Boolean, nullable=False, server_default=false()),
    Column("minimum", Integer, nullable=False, server_default="0"),
    Column("quiet", Text, nullable=False, server_default="say"),
    Column("scope", Text, nullable=False, server_default="topics-only"),
    Column("weekly", Integer),
    Column("person", Integer),
    # The Schedule; NULL where it was never computed.
    Column("next_run_at", Moment),
    Column("since", Moment),
    Column("reckoned_at", Moment),
    # The posts that were sent cover papers up to this moment.
    Column("covered_until", Moment),
    # Refusals by the platform since the last post that was sent, and whether the admins know of them.
    Column("refusals", Integer, nullable=False, server_default="0"),
    Column("warned", Boolean, nullable=False, server_default=false()),
    Index(None, "place"),
    Index(None, "next_run_at"),
    Index(None, "person"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("destination", ForeignKey("destinations.key", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("day", Date, nullable=False),
    # Counts those of a kind that may come several times a day.
    Column("turn", Integer, nullable=False, server_default="0"),
    Column("status", Text, nullable=False),
    Column("claimed_at", Moment, nullable=False),
    # When an admin last asked to send the rest of it again.
    Column("asked_at", Moment),
    Column("payload", Text, nullable=False),
    # Ids of the messages sent, in order; `started_at` is set while the next one is in flight.
    Column("sent", Names, nullable=False),
    Column("started_at", Moment),
    Column("as_of", Moment),
    Column("ended_at", Moment),
    Column("attempts", Integer, nullable=False),
    Column("error", Text, nullable=False),
    # When it is to be worked on next; NULL once it has ended.
    Column("next_attempt_at", Moment),
    # Who works on it, until when.
    Column("worker", Text, nullable=False),
    Column("lease_until", Moment),
    # The claim: a local day has one post of a kind, or one of a kind and turn.
    UniqueConstraint("destination", "kind", "day", "turn"),
    Index(None, "next_attempt_at"),
    Index(None, "claimed_at"),
)

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

PLACE_COLUMNS = (
    feedback.c.place,
    notes.c.owner,
    tags.c.owner,
    topics.c.owner,
    posts.c.place,
    shown.c.owner,
    awaited.c.owner,
    watched.c.place,
    saved_commands.c.place,
    follows.c.place,
    destinations.c.key,
)
"""The columns with the key of a place; an owner may be a person, too."""
