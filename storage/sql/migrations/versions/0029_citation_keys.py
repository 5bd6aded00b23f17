"""What Paperboy called papers in libraries of Zotero."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.add_column("zotero_items", sa.Column("citation_key", sa.Text, nullable=False, server_default=""))
