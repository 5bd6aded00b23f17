"""What is followed, and the papers that match; posts that come several times a day."""

import sqlalchemy as sa
from alembic import op

from storage.sql.columns import Moment, Names

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    with op.batch_alter_table("deliveries") as table:
        table.add_column(sa.Column("turn", sa.Integer, nullable=False, server_default="0"))
        table.drop_constraint("uq_deliveries_destination", type_="unique")
        table.create_unique_constraint("uq_deliveries_destination", ["destination", "kind", "day", "turn"])
    op.create_table(
        "follows",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("at_once", sa.Boolean, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("from_row", sa.Integer, nullable=False),
        sa.Column("scanned", sa.BigInteger, nullable=False),
        sa.Column("others", Names, nullable=False),
        sa.Column("mention", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_follows"),
        sa.ForeignKeyConstraint(
            ["place"], ["destinations.key"], name="fk_follows_place_destinations", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_follows_owner", "follows", ["owner"])
    op.create_index("ix_follows_place", "follows", ["place"])
    op.create_table(
        "matches",
        sa.Column("follow", sa.Integer, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("delivery", sa.Integer),
        sa.Column("shown_at", Moment),
        sa.PrimaryKeyConstraint("follow", "row", "version", name="pk_matches"),
        sa.ForeignKeyConstraint(["follow"], ["follows.number"], name="fk_matches_follow_follows", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["row"], ["papers.row"], name="fk_matches_row_papers"),
        sa.ForeignKeyConstraint(
            ["delivery"], ["deliveries.number"], name="fk_matches_delivery_deliveries", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_matches_delivery", "matches", ["delivery"])
    op.create_index("ix_matches_shown_at", "matches", ["shown_at"])
