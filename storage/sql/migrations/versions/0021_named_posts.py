"""Several posts of one place, and topics with names."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    with op.batch_alter_table("topics") as table:
        table.add_column(sa.Column("name", sa.Text, nullable=False, server_default=""))
    with op.batch_alter_table("destinations") as table:
        table.add_column(sa.Column("place", sa.Text))
        table.add_column(sa.Column("post", sa.Text, nullable=False, server_default=""))
    op.execute("UPDATE destinations SET place = key")
    with op.batch_alter_table("destinations") as table:
        table.alter_column("place", existing_type=sa.Text, nullable=False)
        table.create_index("ix_destinations_place", ["place"])
