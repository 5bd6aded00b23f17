"""Vectors of papers that take long to make."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "vectors",
        sa.Column("encoder", sa.Text, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["row"], ["papers.row"], name="fk_vectors_row_papers"),
        sa.PrimaryKeyConstraint("encoder", "row", name="pk_vectors"),
    )
