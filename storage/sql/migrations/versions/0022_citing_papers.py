"""Which papers cite those of which somebody follows that."""

import sqlalchemy as sa
from alembic import op

from storage.sql.columns import Moment

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "cited_papers",
        sa.Column("row", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("read_at", Moment),
        sa.PrimaryKeyConstraint("row", name="pk_cited_papers"),
        sa.ForeignKeyConstraint(["row"], ["papers.row"], name="fk_cited_papers_row_papers"),
    )
    op.create_table(
        "citing_papers",
        sa.Column("cited", sa.Integer, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("cited", "id", name="pk_citing_papers"),
        sa.ForeignKeyConstraint(
            ["cited"], ["cited_papers.row"], name="fk_citing_papers_cited_cited_papers", ondelete="CASCADE"
        ),
    )
