"""One state per person and paper, and the numbers under which a message shows its papers."""

from itertools import groupby

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    with op.batch_alter_table("feedback") as table:
        table.add_column(sa.Column("counts", sa.Boolean, nullable=False, server_default=sa.false()))
    with op.batch_alter_table("posts") as table:
        table.add_column(sa.Column("first", sa.Integer, nullable=False, server_default="1"))
    _decide_what_counts(op.get_bind())


def _decide_what_counts(connection: sa.Connection) -> None:
    """Replay each person's acts on each paper: the last word counts, and a like says nothing new of a saved paper."""
    acts = sa.table("feedback", *map(sa.column, ("person", "row", "attitude", "origin", "present", "at", "counts")))
    stored = connection.execute(sa.select(acts).order_by(acts.c.person, acts.c.row, acts.c.at, acts.c.present.desc()))
    for (person, row), each in groupby(stored.all(), key=lambda act: (act.person, act.row)):
        standing: list[str] = []
        for act in each:
            is_saved = standing[-1:] == ["save"]
            standing = [kind for kind in standing if kind != act.attitude]
            if act.present and not (act.attitude == "like" and is_saved):
                standing.append(act.attitude)
        if standing:
            last = (acts.c.attitude == standing[-1]) & acts.c.present
            counted = (acts.c.person == person) & (acts.c.row == row) & last
            connection.execute(sa.update(acts).where(counted).values(counts=True))
