"""Feeds: which have an address."""

import sqlalchemy as sa
from alembic import op

from storage.sql.columns import Moment

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "feeds",
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("person", sa.Integer, nullable=False),
        sa.Column("collection", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_feeds"),
        sa.ForeignKeyConstraint(["person"], ["people.person"], name="fk_feeds_person_people"),
    )
    op.create_index("ix_feeds_person", "feeds", ["person"])
    op.create_index("ix_feeds_place", "feeds", ["place"])
