"""The engine and its baselines, judged and compared."""

import pytest

from bot.evaluation.report import EvaluationReport, answered
from tests.support.evaluation import ranked

JUDGED = {"one": {"a": 1.0}, "two": {"b": 1.0, "c": 1.0}}

OTHER = ranked(one="xa", two="bc", unjudged="z")

REPORT = EvaluationReport(ranked(one="ax", two="bx", unjudged="z"), {"other": OTHER}, JUDGED, ("recall@1", "recall@2"))


def test_metrics_stand_at_the_top_with_their_intervals_beside() -> None:
    told = REPORT.summary()
    assert (told["recall@1"], told["recall@2"], told["queries"]) == (0.75, 0.75, 2)
    assert told["intervals"]["recall@1"] == [0.5, 1.0]


def test_baselines_are_compared_query_by_query() -> None:
    other = REPORT.summary()["baselines"]["other"]
    assert (other["recall@1"], other["recall@2"]) == (0.25, 1.0)
    assert other["difference"]["recall@1"] == {"mean": 0.5, "interval": [0.0, 1.0], "better": 1, "worse": 0}
    assert other["difference"]["recall@2"]["mean"] == -0.25
    assert other["difference"]["recall@2"]["worse"] == 1


def test_each_query_tells_its_differences() -> None:
    one, two = REPORT.each()
    assert one == {
        "_id": "one",
        "recall@1": 1.0,
        "recall@1 less": {"other": 1.0},
        "recall@2": 1.0,
        "recall@2 less": {"other": 0.0},
    }
    assert two["recall@2 less"] == {"other": -0.5}


def test_every_query_is_asked_and_the_time_is_taken() -> None:
    answers = answered({"one": 1, "two": 2}, lambda query: [(str(query), 1.0)])
    assert answers.rankings == {"one": [("1", 1.0)], "two": [("2", 1.0)]}
    assert answers.seconds == pytest.approx(0, abs=10)
    assert answers.seconds > 0
