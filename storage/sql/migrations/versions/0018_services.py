"""The services that are asked about papers, and which lookups are under way or found nothing."""

import sqlalchemy as sa
from alembic import op

from storage.sql.columns import Moment

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "services",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("next_at", Moment),
        sa.Column("asked_at", Moment),
        sa.Column("answered_at", Moment),
        sa.Column("error", sa.Text, nullable=False),
    )
    op.create_table(
        "lookups",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("until", Moment, nullable=False),
        sa.Column("missing", sa.Boolean, nullable=False),
    )
    op.create_index("ix_lookups_until", "lookups", ["until"])
