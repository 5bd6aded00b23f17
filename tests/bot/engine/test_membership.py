"""Whether papers without categories are of a field."""

import numpy as np
import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.engine.membership import Membership
from bot.engine.records import AuthorRecords
from bot.ports import Vectors
from tests.support.points import Points, around


def learned(points: Points, *authors: str) -> Membership:
    """The field of some points; each of all papers, the members first, is by the next of these authors, if any."""
    records = AuthorRecords((row, (author,), 0) for row, author in zip(points.rows.tolist(), authors, strict=False))
    return Membership(points.index, points.rows[: len(points.members)], points.rows, points.known, records)


def placed(field: Membership, vectors: Vectors, author: str = "Nobody") -> float:
    """The share of some papers, all by one author, that are said to be of a field."""
    paper = Paper(id=PaperId("test:1"), title="Study", authors=(author,))
    return float((field.odds([paper] * len(vectors), vectors) > 0).mean())


def test_a_field_of_two_subjects_does_not_take_in_what_lies_between_them() -> None:
    members = np.concatenate([around(0, count=60), around(1, count=60)])
    others = np.concatenate([around(0, 1, count=60), around(2, 3, 4, 5, count=900, spread=0.5)])
    field = learned(Points("cs.RO", members, others))
    assert placed(field, around(0, count=30, spread=0.1)) > 0.9
    assert placed(field, around(0, 1, count=30, spread=0.1)) < 0.1


@pytest.mark.parametrize("share", [0.25, 0.5, 0.8])
def test_the_odds_say_which_share_of_such_papers_is_in_a_field(share: float) -> None:
    both, elsewhere = around(0, count=400), around(2, 3, 4, 5, count=600, spread=0.5)
    members = int(400 * share)
    field = learned(Points("cs.RO", both[:members], np.concatenate([both[members:], elsewhere])))
    odds = field.odds([Paper(id=PaperId("test:1"), title="Study")] * 40, around(0, count=40))
    assert float(np.mean(1 / (1 + np.exp(-odds)))) == pytest.approx(share, abs=0.1)


def test_what_a_paper_does_not_say_its_authors_other_papers_do() -> None:
    """A fifth of the papers of one subject are in a field: those by its authors."""
    both, elsewhere = around(0, count=250), around(2, 3, 4, 5, count=750, spread=0.5)
    members = [f"Robot {n % 10}" for n in range(50)]
    others = [f"Other {n % 40}" for n in range(200)] + [f"Far {n}" for n in range(750)]
    field = learned(Points("cs.RO", both[:50], np.concatenate([both[50:], elsewhere])), *members, *others)
    new = around(0, count=40)
    assert placed(field, new, "Robot 3") > 0.9
    assert placed(field, new, "Other 3") < 0.1
