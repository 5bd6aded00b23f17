"""The reports of all sets in one table."""

import json
from datetime import UTC, datetime
from pathlib import Path

from bot.bootstrap import load_encoder
from bot.evaluation.report import EvaluationReport
from bot.evaluation.table import markdown, reports, rows
from tests.support.evaluation import ranked, write_corpus, write_judgements

JUDGED = {"one": {"a": 1.0}, "two": {"b": 1.0, "c": 1.0}}

OTHER = ranked(one="xa", two="bc", unjudged="z")

REPORT = EvaluationReport(ranked(one="ax", two="bx", unjudged="z"), {"other": OTHER}, JUDGED, ("recall@1", "recall@2"))


def test_the_table_has_a_row_for_every_metric() -> None:
    head, rule, first, second = markdown(rows("set", REPORT))
    assert head == "| set | metric | Paperboy | others (difference) |"
    assert rule == "| --- | --- | --- | --- |"
    assert first == "| set (2 queries) | recall@1 | 0.750 [0.500, 1.000] | other 0.250 (+0.500 [+0.000, +1.000]) |"
    assert "recall@2" in second


def test_each_set_of_a_folder_is_reported_by_the_kind_that_its_name_tells(tmp_path: Path) -> None:
    for name, query in (("search-robots", {"text": "grasping objects"}), ("similar-robots", {"paper_id": "d0"})):
        (tmp_path / name).mkdir()
        write_corpus(tmp_path / name)
        write_judgements(tmp_path / name, "q", range(30))
        (tmp_path / name / "queries.jsonl").write_text(json.dumps({"_id": "q", **query}) + "\n")
    (tmp_path / "notes").mkdir()
    found = dict(reports(tmp_path, load_encoder(), datetime(2026, 1, 23, tzinfo=UTC)))
    assert list(found) == ["search-robots", "similar-robots"]
    assert found["search-robots"].values()["ndcg@10"] == [1.0]
    assert "bm25" in found["similar-robots"].baselines
