"""Lists whose papers are unlike each other."""

import numpy as np

from bot.engine.diversity import distinct, diversify, repetitions_last
from bot.engine.search import Ranking

NEWS = np.array([[1, 0], [0.99, 0.141], [0, 1], [0.141, 0.99]], np.float32)


def test_near_duplicates_go_behind_the_others_in_their_order() -> None:
    assert repetitions_last(NEWS) == [0, 2, 1, 3]
    assert repetitions_last(NEWS[:0]) == []


def test_as_many_distinct_papers_as_wanted() -> None:
    assert distinct(NEWS, 1) == [0]
    assert distinct(NEWS, 9) == [0, 2]


def test_a_less_relevant_paper_that_says_something_new_comes_before_a_repetition() -> None:
    scores = np.array([1.0, 0.95, 0.9, 0.1], np.float32)
    ranking = Ranking(np.arange(4), scores, scores, scores)
    assert diversify(ranking, NEWS, 3).rows.tolist() == [0, 2, 1]
    assert len(diversify(ranking.take(np.arange(0)), NEWS[:0], 3)) == 0
