"""Places in which links to papers unfurl as cards."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "unfurled",
        sa.Column("place", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_unfurled"),
    )
