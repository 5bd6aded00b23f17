"""Command lines too long for the button that runs them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "kept_lines",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("person", sa.Integer, nullable=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", "place", "person", name="pk_kept_lines"),
    )
    op.create_index("ix_kept_lines_expires", "kept_lines", ["expires"])
    op.create_index("ix_kept_lines_person", "kept_lines", ["person"])
