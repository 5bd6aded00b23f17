"""Whether each paper of a daily post gets a thread."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    with op.batch_alter_table("destinations") as table:
        table.add_column(sa.Column("threads", sa.Boolean, nullable=False, server_default=sa.false()))
