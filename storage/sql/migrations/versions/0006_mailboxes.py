"""Mailboxes: what was asked for, what each is called in links, and which addresses are never written to."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "mailboxes",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("tag", sa.Text, nullable=False),
        sa.Column("bounces", sa.Integer, nullable=False),
        sa.Column("bounced_at", moment),
        sa.PrimaryKeyConstraint("key", name="pk_mailboxes"),
        sa.ForeignKeyConstraint(
            ["key"], ["destinations.key"], name="fk_mailboxes_key_destinations", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_mailboxes_tag", "mailboxes", ["tag"], unique=True)
    op.create_table(
        "mail_asks",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("requester", sa.Text, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("person", sa.Integer),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("timezone", sa.Text, nullable=False),
        sa.Column("days", sa.Text, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("next_attempt_at", moment),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_mail_asks"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_mail_asks_address", "mail_asks", ["address"])
    op.create_index("ix_mail_asks_requester", "mail_asks", ["requester"])
    op.create_index("ix_mail_asks_next_attempt_at", "mail_asks", ["next_attempt_at"])
    op.create_table(
        "mail_suppressions",
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("address", name="pk_mail_suppressions"),
    )
