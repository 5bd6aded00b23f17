"""Who gets posts, and each post."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, false

from storage.sql.columns import Moment, Names
from storage.sql.tables.metadata import metadata

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
