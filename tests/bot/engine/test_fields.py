"""Papers beside the others of their field."""

import numpy as np
import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.engine.fields import field_of, standardised, standings, unvoted_fields, with_records
from bot.engine.records import Records

NAMES = {"q-bio": "Quantitative Biology", "cs": "Computer Science"}


def test_a_paper_is_of_the_archive_of_its_first_category() -> None:
    assert field_of(Paper(id=PaperId("a:1"), title="A", categories=("q-bio.NC", "cs.LG"))) == "q-bio"
    assert field_of(Paper(id=PaperId("a:1"), title="A")) == ""


def test_the_first_of_a_field_that_few_vote_on_is_level_with_the_first_of_another() -> None:
    cs, biology = np.linspace(10, 100, 500), np.linspace(1, 10, 500)
    fields = ["cs"] * 500 + ["q-bio"] * 500
    level = standardised(np.concatenate([cs, biology]), fields)
    assert level[999] == pytest.approx(level[499], rel=0.1)
    assert (np.diff(level[:500]) >= 0).all()
    assert (np.diff(level[500:]) >= 0).all()


def test_one_field_alone_stays_as_it_is() -> None:
    expected = np.array([1.0, 7.0, 40.0])
    assert standardised(expected, ["cs"] * 3) == pytest.approx(expected)


def test_a_single_paper_of_a_field_is_near_what_was_expected() -> None:
    expected = np.array([8.0] * 50 + [4.0])
    assert 4 < standardised(expected, ["cs"] * 50 + ["math"])[-1] < 8.0


def test_papers_alike_in_everything_are_no_error() -> None:
    assert standardised(np.full(4, 5.0), ["a", "a", "b", "b"]) == pytest.approx(5.0)
    assert len(standardised(np.empty(0), [])) == 0


def test_the_first_tenth_of_a_field_is_told_so() -> None:
    said = standings(np.arange(40.0), ["q-bio"] * 30 + ["cs"] * 10, NAMES)
    assert [place for place, each in enumerate(said) if each] == [27, 28, 29]
    assert said[29] == "in the first tenth of 30 new papers of Quantitative Biology"


def test_where_the_same_is_expected_of_all_none_is_among_the_first() -> None:
    names = {"q-bio": "Biology"}
    assert standings(np.full(40, 3.0), ["q-bio"] * 40, names) == [""] * 40
    two_ahead = np.array([5.0, 5.0, *[3.0] * 38])
    assert [bool(said) for said in standings(two_ahead, ["q-bio"] * 40, names)] == [True] * 2 + [False] * 38


def test_a_field_of_which_hardly_any_paper_has_votes_is_not_voted_on() -> None:
    fields = ["cs"] * 100 + ["math"] * 100 + ["stat"]
    voted = [number % 50 == 0 for number in range(100)] + [number == 0 for number in range(100)] + [False]
    assert unvoted_fields(fields, voted) == {"math", "stat"}
    assert unvoted_fields([], []) == frozenset()


def test_records_raise_papers_of_fields_that_are_not_voted_on_and_of_no_others() -> None:
    expected = np.array([9.0, 9.0, 8.0, 5.0, 5.5, 6.0])
    papers = np.array([0.0, 3.0, 0.0, 0.0, 3.0, 0.0])
    weighed = with_records(expected, Records(papers, np.zeros(6)), ["cs"] * 3 + ["math"] * 3, {"math"})
    assert weighed[:3] == pytest.approx(expected[:3])
    assert weighed[4] > weighed[5] > weighed[3]
    assert np.log1p(weighed[3:]).std() == pytest.approx(np.log1p(expected[3:]).std())


def test_where_votes_say_nothing_records_alone_decide() -> None:
    citations = np.array([0.0, 4.0, 1.0])
    weighed = with_records(np.full(3, 5.0), Records(np.zeros(3), citations), ["math"] * 3, {"math"})
    assert np.argsort(-weighed).tolist() == [1, 2, 0]
    unknown = Records(np.zeros(3), np.zeros(3))
    assert with_records(np.full(3, 5.0), unknown, ["math"] * 3, {"math"}) == pytest.approx(5.0)
