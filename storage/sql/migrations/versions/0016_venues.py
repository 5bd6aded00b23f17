"""Papers know where they were published."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    for name in ("kind", "venue", "volume", "issue", "pages", "doi"):
        op.add_column("papers", sa.Column(name, sa.Text, nullable=False, server_default=""))
