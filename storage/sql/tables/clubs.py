"""Reading groups: when they meet, what is nominated, and how people vote."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, false

from storage.sql.columns import Moment, Names
from storage.sql.tables.metadata import metadata

# Channels that read a paper together.
clubs = Table(
    "clubs",
    metadata,
    Column("place", ForeignKey("destinations.key", ondelete="CASCADE"), primary_key=True),
    Column("enabled", Boolean, nullable=False),
    # 0 is Monday; local wall time, HH:MM.
    Column("weekday", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    # Meetings are every so many weeks, counted from the day of the first.
    Column("every", Integer, nullable=False),
    Column("first", Date, nullable=False),
    # Days before a meeting on which its vote opens and closes.
    Column("opens", Integer, nullable=False),
    Column("closes", Integer, nullable=False),
    # When the next vote is to be opened; NULL for a club that is off.
    Column("next_at", Moment),
    Index(None, "next_at"),
)

club_meetings = Table(
    "club_meetings",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("place", ForeignKey("clubs.place", ondelete="CASCADE"), nullable=False),
    Column("day", Date, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("opens_at", Moment, nullable=False),
    Column("closes_at", Moment, nullable=False),
    Column("reminds_at", Moment, nullable=False),
    Column("meets_at", Moment, nullable=False),
    Column("state", Text, nullable=False),
    # When its vote is to be counted, then when its reminder is due; NULL once there is nothing more to do.
    Column("next_at", Moment),
    # The ids of papers: those voted on, in order, and the one that is read; empty for none.
    Column("candidates", Names, nullable=False),
    Column("winner", Text, nullable=False),
    # The votes for it, of how many.
    Column("votes", Integer, nullable=False),
    Column("cast", Integer, nullable=False),
    # Whether another paper had as many.
    Column("tied", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("place", "day"),
    Index(None, "next_at"),
    sqlite_autoincrement=True,
)

# Proposals and votes of somebody who was forgotten are nobody's.
club_nominations = Table(
    "club_nominations",
    metadata,
    Column("place", ForeignKey("clubs.place", ondelete="CASCADE"), primary_key=True),
    Column("row", ForeignKey("papers.row"), primary_key=True),
    Column("person", ForeignKey("people.person")),
    Column("at", Moment, nullable=False),
    Index(None, "person"),
)

club_votes = Table(
    "club_votes",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("meeting", ForeignKey("club_meetings.number", ondelete="CASCADE"), nullable=False),
    Column("person", ForeignKey("people.person")),
    # The place among the candidates, from 1.
    Column("choice", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("meeting", "person"),
    Index(None, "person"),
)
