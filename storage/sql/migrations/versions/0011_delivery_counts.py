"""Deliveries are counted by when they were claimed."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_index("ix_deliveries_claimed_at", "deliveries", ["claimed_at"])
