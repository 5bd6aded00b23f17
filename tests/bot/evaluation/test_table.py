"""The reports of all sets in one table."""

from bot.evaluation.report import EvaluationReport
from bot.evaluation.table import markdown, rows
from tests.support.evaluation import ranked

JUDGED = {"one": {"a": 1.0}, "two": {"b": 1.0, "c": 1.0}}

OTHER = ranked(one="xa", two="bc", unjudged="z")

REPORT = EvaluationReport(ranked(one="ax", two="bx", unjudged="z"), {"other": OTHER}, JUDGED, ("recall@1", "recall@2"))


def test_the_table_has_a_row_for_every_metric() -> None:
    head, rule, first, second = markdown(rows("set", REPORT))
    assert head == "| set | metric | Paperboy | others (difference) |"
    assert rule == "| --- | --- | --- | --- |"
    assert first == "| set (2 queries) | recall@1 | 0.750 [0.500, 1.000] | other 0.250 (+0.500 [+0.000, +1.000]) |"
    assert "recall@2" in second
