"""What a daily post holds where topics are followed."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    with op.batch_alter_table("destinations") as table:
        table.add_column(sa.Column("scope", sa.Text, nullable=False, server_default="topics-only"))
