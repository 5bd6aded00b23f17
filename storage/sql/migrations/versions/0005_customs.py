"""What a channel or a workspace has set apart from its post: watching links, emoji, who may change posts."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "watched",
        sa.Column("place", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_watched"),
    )
    op.create_table(
        "awaited",
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", "id", name="pk_awaited"),
    )
    op.create_table(
        "emoji",
        sa.Column("workspace", sa.Text, nullable=False),
        sa.Column("save", sa.Text, nullable=False),
        sa.Column("like", sa.Text, nullable=False),
        sa.Column("dislike", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("workspace", name="pk_emoji"),
    )
    op.create_table(
        "deputies",
        sa.Column("workspace", sa.Text, nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "platform", "id", name="pk_deputies"),
    )
