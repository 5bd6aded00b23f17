"""When daily posts are due, and every post from its claim to its end."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    with op.batch_alter_table("destinations") as table:
        table.add_column(sa.Column("minimum", sa.Integer, nullable=False, server_default="0"))
        table.add_column(sa.Column("quiet", sa.Text, nullable=False, server_default="say"))
        table.add_column(sa.Column("weekly", sa.Integer))
        table.add_column(sa.Column("language", sa.Text, nullable=False, server_default="en"))
        table.add_column(sa.Column("person", sa.Integer))
        table.add_column(sa.Column("next_run_at", moment))
        table.add_column(sa.Column("since", moment))
        table.add_column(sa.Column("reckoned_at", moment))
        table.add_column(sa.Column("covered_until", moment))
        table.add_column(sa.Column("refusals", sa.Integer, nullable=False, server_default="0"))
        table.add_column(sa.Column("warned", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("ix_destinations_next_run_at", "destinations", ["next_run_at"])
    op.create_index("ix_destinations_person", "destinations", ["person"])
    op.create_table(
        "deliveries",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("destination", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("claimed_at", moment, nullable=False),
        sa.Column("asked_at", moment),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("sent", sa.Text, nullable=False),
        sa.Column("started_at", moment),
        sa.Column("as_of", moment),
        sa.Column("ended_at", moment),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("next_attempt_at", moment),
        sa.Column("worker", sa.Text, nullable=False),
        sa.Column("lease_until", moment),
        sa.PrimaryKeyConstraint("number", name="pk_deliveries"),
        sa.UniqueConstraint("destination", "kind", "day", name="uq_deliveries_destination"),
        sa.ForeignKeyConstraint(
            ["destination"], ["destinations.key"], name="fk_deliveries_destination_destinations", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_deliveries_next_attempt_at", "deliveries", ["next_attempt_at"])
    with op.batch_alter_table("sources") as table:
        table.add_column(sa.Column("started_at", moment))
