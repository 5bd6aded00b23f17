"""Posts are found by their message, whatever workspace their channel is seen from."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_index("ix_posts_message", "posts", ["message"])
