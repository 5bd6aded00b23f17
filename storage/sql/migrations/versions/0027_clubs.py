"""Reading groups: when they meet, what is nominated, and how people vote."""

import sqlalchemy as sa
from alembic import op

from storage.sql.columns import Moment, Names

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.create_table(
        "clubs",
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("weekday", sa.Integer, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("timezone", sa.Text, nullable=False),
        sa.Column("every", sa.Integer, nullable=False),
        sa.Column("first", sa.Date, nullable=False),
        sa.Column("opens", sa.Integer, nullable=False),
        sa.Column("closes", sa.Integer, nullable=False),
        sa.Column("next_at", Moment),
        sa.PrimaryKeyConstraint("place", name="pk_clubs"),
        sa.ForeignKeyConstraint(
            ["place"], ["destinations.key"], name="fk_clubs_place_destinations", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_clubs_next_at", "clubs", ["next_at"])
    op.create_table(
        "club_meetings",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("timezone", sa.Text, nullable=False),
        sa.Column("opens_at", Moment, nullable=False),
        sa.Column("closes_at", Moment, nullable=False),
        sa.Column("reminds_at", Moment, nullable=False),
        sa.Column("meets_at", Moment, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("next_at", Moment),
        sa.Column("candidates", Names, nullable=False),
        sa.Column("winner", sa.Text, nullable=False),
        sa.Column("votes", sa.Integer, nullable=False),
        sa.Column("cast", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_club_meetings"),
        sa.ForeignKeyConstraint(["place"], ["clubs.place"], name="fk_club_meetings_place_clubs", ondelete="CASCADE"),
        sa.UniqueConstraint("place", "day", name="uq_club_meetings_place"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_club_meetings_next_at", "club_meetings", ["next_at"])
    op.create_table(
        "club_nominations",
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("person", sa.Integer),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("place", "row", name="pk_club_nominations"),
        sa.ForeignKeyConstraint(["place"], ["clubs.place"], name="fk_club_nominations_place_clubs", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["row"], ["papers.row"], name="fk_club_nominations_row_papers"),
        sa.ForeignKeyConstraint(["person"], ["people.person"], name="fk_club_nominations_person_people"),
    )
    op.create_index("ix_club_nominations_person", "club_nominations", ["person"])
    op.create_table(
        "club_votes",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("meeting", sa.Integer, nullable=False),
        sa.Column("person", sa.Integer),
        sa.Column("choice", sa.Integer, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_club_votes"),
        sa.ForeignKeyConstraint(
            ["meeting"], ["club_meetings.number"], name="fk_club_votes_meeting_club_meetings", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person"], ["people.person"], name="fk_club_votes_person_people"),
        sa.UniqueConstraint("meeting", "person", name="uq_club_votes_meeting"),
    )
    op.create_index("ix_club_votes_person", "club_votes", ["person"])
