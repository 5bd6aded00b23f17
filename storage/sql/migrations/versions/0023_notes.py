"""Notes and tags: what people write about papers."""

import sqlalchemy as sa
from alembic import op

from storage.sql.columns import Moment

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "notes",
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("person", sa.Integer, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("owner", "person", "row", name="pk_notes"),
        sa.ForeignKeyConstraint(["person"], ["people.person"], name="fk_notes_person_people"),
        sa.ForeignKeyConstraint(["row"], ["papers.row"], name="fk_notes_row_papers"),
    )
    op.create_index("ix_notes_person", "notes", ["person"])
    op.create_table(
        "tags",
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("tag", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("owner", "row", "tag", name="pk_tags"),
        sa.ForeignKeyConstraint(["row"], ["papers.row"], name="fk_tags_row_papers"),
    )
