"""Whether papers without categories are of a field."""

import numpy as np

from bot.engine.membership import Membership
from bot.ports import Vectors
from tests.support.points import Points, around


def learned(points: Points) -> Membership:
    return Membership(points.index, points.rows[: len(points.members)], points.rows, points.known)


def placed(field: Membership, vectors: Vectors) -> float:
    """The share of some papers that are said to be of a field."""
    return float((field.odds(vectors) > 0).mean())


def test_a_field_of_two_subjects_does_not_take_in_what_lies_between_them() -> None:
    members = np.concatenate([around(0, count=60), around(1, count=60)])
    others = np.concatenate([around(0, 1, count=60), around(2, 3, 4, 5, count=900, spread=0.5)])
    field = learned(Points("cs.RO", members, others))
    assert placed(field, around(0, count=30, spread=0.1)) > 0.9
    assert placed(field, around(0, 1, count=30, spread=0.1)) < 0.1
