"""People, what they think of papers and follow, what was posted and shown, and how daily posts are set."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _people()
    _feedback()
    _places()


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("person", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_people"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "accounts",
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("person", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("platform", "id", name="pk_accounts"),
        sa.ForeignKeyConstraint(["person"], ["people.person"], name="fk_accounts_person_people"),
    )
    op.create_index("ix_accounts_person", "accounts", ["person"])
    op.create_table(
        "link_codes",
        sa.Column("person", sa.Integer, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_link_codes"),
        sa.ForeignKeyConstraint(["person"], ["people.person"], name="fk_link_codes_person_people"),
    )
    op.create_index("ix_link_codes_code", "link_codes", ["code"], unique=True)


def _feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("person", sa.Integer, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("attitude", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("present", sa.Boolean, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person", "row", "attitude", "origin", name="pk_feedback"),
        sa.ForeignKeyConstraint(["person"], ["people.person"], name="fk_feedback_person_people"),
        sa.ForeignKeyConstraint(["row"], ["papers.row"], name="fk_feedback_row_papers"),
    )
    op.create_index("ix_feedback_place", "feedback", ["place"])
    op.create_index("ix_feedback_row", "feedback", ["row"])
    op.create_table(
        "shown",
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", "row", name="pk_shown"),
        sa.ForeignKeyConstraint(["row"], ["papers.row"], name="fk_shown_row_papers"),
    )


def _places() -> None:
    op.create_table(
        "topics",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("wanted", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_topics"),
        sa.UniqueConstraint("owner", "folded", name="uq_topics_owner"),
    )
    op.create_table(
        "posts",
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("papers", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("place", "message", name="pk_posts"),
    )
    op.create_table(
        "destinations",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("workspace", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("private", sa.Boolean, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("timezone", sa.Text, nullable=False),
        sa.Column("days", sa.Text, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("layout", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_destinations"),
    )
