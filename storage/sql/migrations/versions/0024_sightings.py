"""Which papers were in which messages of a place, and of which of them people were reminded."""

import sqlalchemy as sa
from alembic import op

from storage.sql.columns import Moment

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "sightings",
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("shared", sa.Boolean, nullable=False),
        sa.Column("person", sa.Integer),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("place", "id", "message", name="pk_sightings"),
        sa.ForeignKeyConstraint(["person"], ["people.person"], name="fk_sightings_person_people"),
    )
    op.create_index("ix_sightings_person", "sightings", ["person"])
    op.create_table(
        "reminders",
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("reader", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("place", "reader", "id", name="pk_reminders"),
    )
    op.create_index("ix_reminders_reader", "reminders", ["reader"])
