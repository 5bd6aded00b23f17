"""Whether a vote of a reading group ended in a tie."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.add_column("club_meetings", sa.Column("tied", sa.Boolean, nullable=False, server_default=sa.false()))
