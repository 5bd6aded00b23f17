"""Libraries of Zotero, and their items that stand for papers."""

import sqlalchemy as sa
from alembic import op

from storage.sql.columns import Moment, Names

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "zotero_libraries",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("person", sa.Integer, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("collection", sa.Text, nullable=False),
        sa.Column("whole", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("synced_at", Moment),
        sa.Column("next_at", Moment),
        sa.Column("busy_until", Moment),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_zotero_libraries"),
        sa.ForeignKeyConstraint(["person"], ["people.person"], name="fk_zotero_libraries_person_people"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_zotero_libraries_owner", "zotero_libraries", ["owner"], unique=True)
    op.create_index("ix_zotero_libraries_person", "zotero_libraries", ["person"])
    op.create_index("ix_zotero_libraries_next_at", "zotero_libraries", ["next_at"])
    op.create_table(
        "zotero_items",
        sa.Column("library", sa.Integer, nullable=False),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("saved", sa.Boolean, nullable=False),
        sa.Column("there", sa.Boolean, nullable=False),
        sa.Column("made", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("collections", Names, nullable=False),
        sa.Column("tags", Names, nullable=False),
        sa.PrimaryKeyConstraint("library", "item", name="pk_zotero_items"),
        sa.ForeignKeyConstraint(
            ["library"],
            ["zotero_libraries.number"],
            name="fk_zotero_items_library_zotero_libraries",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["row"], ["papers.row"], name="fk_zotero_items_row_papers"),
    )
