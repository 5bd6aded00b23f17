"""A paper may have a small picture."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("papers", sa.Column("thumbnail", sa.Text, nullable=False, server_default=""))
