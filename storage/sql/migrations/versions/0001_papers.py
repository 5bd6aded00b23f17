"""Papers, the ids they had before, their signals, and how the sources are doing."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "papers",
        sa.Column("row", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("title_id", sa.Text),
        sa.Column("seen_at", moment),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("abstract", sa.Text, nullable=False),
        sa.Column("authors", sa.Text, nullable=False),
        sa.Column("categories", sa.Text, nullable=False),
        sa.Column("published", sa.Date),
        sa.Column("updated", sa.Date),
        sa.Column("first_seen", moment),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("keywords", sa.Text, nullable=False),
        sa.Column("organization", sa.Text, nullable=False),
        sa.Column("submitted_by", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("project", sa.Text, nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_papers"),
    )
    op.create_index("ix_papers_id", "papers", ["id"], unique=True)
    op.create_index("ix_papers_revision", "papers", ["revision"], unique=True)
    op.create_index("ix_papers_title_id", "papers", ["title_id"])
    op.create_index("ix_papers_seen_at", "papers", ["seen_at"])
    op.create_table(
        "aliases",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_aliases"),
        sa.ForeignKeyConstraint(["row"], ["papers.row"], name="fk_aliases_row_papers"),
    )
    op.create_table(
        "signals",
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("row", "kind", "at", name="pk_signals"),
        sa.ForeignKeyConstraint(["row"], ["papers.row"], name="fk_signals_row_papers"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sources",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("cursor", sa.Text, nullable=False),
        sa.Column("attempted_at", moment),
        sa.Column("succeeded_at", moment),
        sa.Column("newest_at", moment),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_sources"),
    )
