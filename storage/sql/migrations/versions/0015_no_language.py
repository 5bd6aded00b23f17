"""Posts are in English, dates and all: they have no language of their own."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    with op.batch_alter_table("destinations") as table:
        table.drop_column("language")
